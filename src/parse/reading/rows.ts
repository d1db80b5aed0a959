import type { Author, CommentStatus } from '../../types';
import type { Columns, CommentRecord } from '../format';
import { markQuotes } from './quotes';
import { asCount, asId, asRawDate, asText, get, isObject } from './values';

/** The usual names of a row's fields, compared without case, `_`, `-`, `.` and spaces; earlier names win. */
export const usualNames: Record<keyof Columns, readonly string[]> = {
  text: 'text body comment content message commenttext commentbody commentcontent textoriginal textdisplay commentmessage posttext fulltext tweet tweettext review reviewtext reply description selftext rawtext cleantext kommentar'.split(
    ' ',
  ),
  id: 'id commentid cid uuid guid objectid key postid messageid'.split(' '),
  author:
    'author authorname user username name commentauthor nickname displayname screenname authordisplayname userdisplayname by poster commenter postedby login'.split(
      ' ',
    ),
  parentId:
    'parentid parent inreplyto inreplytoid replyto replytoid commentparent parentcommentid parentcomment'.split(
      ' ',
    ),
  createdAt:
    'createdat created createdate date datetime time timestamp publishedat datecreated createddate commentdate commentdategmt createdutc createtime datepublished posteddate postedat published publishdate submitted'.split(
      ' ',
    ),
  likes:
    'likes likecount upvotes score points ups upvotecount numlikes likescount reactions recommendations'.split(
      ' ',
    ),
  status: 'status commentapproved approved state moderationstatus commentstatus'.split(' '),
  threadId: [],
};

const statuses = new Map<string, CommentStatus>(
  Object.entries({
    approved: 'approved',
    approve: 'approved',
    accepted: 'approved',
    published: 'approved',
    public: 'approved',
    visible: 'approved',
    '1': 'approved',
    true: 'approved',
    pending: 'pending',
    premod: 'pending',
    hold: 'pending',
    held: 'pending',
    heldforreview: 'pending',
    unapproved: 'pending',
    moderation: 'pending',
    systemwithheld: 'pending',
    awaitingmoderation: 'pending',
    '0': 'pending',
    false: 'pending',
    rejected: 'rejected',
    removed: 'rejected',
    hidden: 'rejected',
    blocked: 'rejected',
    spam: 'spam',
    likelyspam: 'spam',
    deleted: 'deleted',
    trash: 'deleted',
    posttrashed: 'deleted',
    pingback: 'pingback',
    trackback: 'pingback',
  } satisfies Record<string, CommentStatus>),
);

/** A status by any of the words that systems use for it; undefined for words that say nothing of publication. */
export function asStatus(value: unknown): CommentStatus | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  return statuses.get(normalizeName(String(value)));
}

const normalized = new Map<string, string>();

export function normalizeName(name: string): string {
  const known = normalized.get(name);
  if (known !== undefined) return known;
  const made = name.toLowerCase().replaceAll(/[\s_.-]/g, '');
  // Rows share their keys; a file of ever new keys must not fill the memory.
  if (normalized.size < 1000) normalized.set(name, made);
  return made;
}

/** Where the fields of rows with certain keys are, best first. */
interface Plan {
  keys: readonly string[];
  fields: Record<keyof Columns | 'authorId' | 'outcome' | 'source' | 'reason', readonly number[]>;
}

/** Reads rows with a certain list of keys; the values stand in the keys' order. */
export type RowReader = (values: readonly unknown[]) => CommentRecord | undefined;

function planOf(keys: readonly string[], columns: Columns): Plan {
  const names = keys.map(normalizeName);
  const places = (candidates: readonly string[]): number[] =>
    candidates.flatMap((candidate) => {
      const at = names.indexOf(candidate);
      return at === -1 ? [] : [at];
    });
  const field = (name: keyof Columns): number[] => {
    const chosen = columns[name];
    return places(chosen === undefined ? usualNames[name] : [normalizeName(chosen)]);
  };
  return {
    keys,
    fields: {
      id: field('id'),
      text: field('text'),
      author: field('author'),
      parentId: field('parentId'),
      createdAt: field('createdAt'),
      likes: field('likes'),
      status: field('status'),
      threadId: field('threadId'),
      authorId: places(['authorid', 'userid']),
      outcome: places(['status']),
      source: places(['source']),
      reason: places(['reason']),
    },
  };
}

/** A reader for rows that all have these keys. */
export function rowReader(keys: readonly string[], columns: Columns): RowReader {
  const { fields } = planOf(keys, columns);
  return (values) => readRow(values, fields);
}

/** A reader for objects. Rows of one file mostly share their keys, so where the fields are is worked out once. */
export function objectReader(columns: Columns): (row: object) => CommentRecord | undefined {
  let keys: readonly string[] = [];
  let read: RowReader = () => undefined;
  return (row) => {
    const own = Object.keys(row);
    if (own.length !== keys.length || own.some((key, index) => key !== keys[index])) {
      keys = own;
      read = rowReader(own, columns);
    }
    // Own keys only, so that even `__proto__` is what the row says.
    return read(own.map((key) => (row as Record<string, unknown>)[key]));
  };
}

function first<T>(
  values: readonly unknown[],
  places: readonly number[],
  read: (value: unknown) => T | undefined,
): T | undefined {
  for (const place of places) {
    const value = read(values[place]);
    if (value !== undefined) return value;
  }
  return undefined;
}

function readRow(values: readonly unknown[], fields: Plan['fields']): CommentRecord | undefined {
  const text = first(values, fields.text, readText);
  if (text === undefined) return undefined;
  const quotes = markQuotes(text);
  // Rows of `moderato label` name the input they came from; ids are unique within it only.
  const outcome = first(values, fields.outcome, asText);
  const labelled = outcome === 'labelled' || outcome === 'skipped' || outcome === 'failed';
  const withheld = outcome === 'skipped' && first(values, fields.reason, asText) === 'not-published';
  return {
    text,
    id: first(values, fields.id, readId),
    parentId: first(values, fields.parentId, readParent) ?? null,
    author: authorOf(first(values, fields.author, readAuthor), first(values, fields.authorId, asId)),
    createdAt: first(values, fields.createdAt, asRawDate),
    likes: first(values, fields.likes, asCount),
    status: withheld ? 'rejected' : first(values, fields.status, asStatus),
    threadId:
      first(values, fields.threadId, asId) ?? (labelled ? first(values, fields.source, asId) : undefined),
    quotes: quotes.length === 0 ? undefined : quotes,
  };
}

function authorOf(author: Author | undefined, id: string | undefined): Author | undefined {
  if (author === undefined) return id === undefined ? undefined : { name: id, id };
  return author.id === undefined && id !== undefined ? { name: author.name, id } : author;
}

/** Also one text of several, as `{ "raw": …}` or `{ "text": … }` hold it. */
function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const inner = get(value, 'text') ?? get(value, 'raw') ?? get(value, 'plain');
  return typeof inner === 'string' ? inner : undefined;
}

function readAuthor(value: unknown): Author | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : { name: value };
  if (!isObject(value)) return undefined;
  for (const key of [
    'name',
    'displayName',
    'display_name',
    'username',
    'userName',
    'nickname',
    'login',
    'screen_name',
  ]) {
    const name = get(value, key);
    if (typeof name !== 'string' || name === '') continue;
    const id = asId(get(value, 'id')) ?? asId(get(value, 'username'));
    return id === undefined ? { name } : { name, id };
  }
  return undefined;
}

/** Columns of ids with gaps come out of data frames as fractions: `59848.0`. */
function readId(value: unknown): string | undefined {
  const id = asId(value);
  return id?.endsWith('.0') && /^\d+\.0$/.test(id) ? id.slice(0, -2) : id;
}

function readParent(value: unknown): string | undefined {
  return readId(value) ?? (isObject(value) ? asId(get(value, 'id')) : undefined);
}
