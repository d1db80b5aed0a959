import type { Author, CommentStatus } from '../../types';
import type { Columns, CommentRecord } from '../format';
import { htmlToText, maybeHtmlToText, type PlainText, plainText } from './markup';
import { asCount, asId, asRawDate, asText, authorOf, get, isObject } from './values';

/** The usual names of a row's fields, compared without case, `_`, `-`, `.` and spaces; earlier names win. */
export const usualNames: Record<keyof Columns, readonly string[]> = {
  text: 'text body comment content rawmessage message commenttext commentbody commentcontent textoriginal textdisplay commentmessage posttext fulltext tweet tweettext review reviewtext reply description selftext rawtext cleantext kommentar kommentartext commentaire comentario cooked markdown bodyhtml html'.split(
    ' ',
  ),
  id: 'idstr id commentid cid uuid guid objectid key postid messageid commenthex'.split(' '),
  author:
    'author authorname user username name member commentauthor nickname displayname screenname authordisplayname userdisplayname by poster commenter creator postedby login from account owner person reader participant writer userprofile ownerusername uniqueid profilename autor auteur verfasser benutzer benutzername nutzername nutzer'.split(
      ' ',
    ),
  parentId:
    'parentid parent inreplytostatusidstr inreplytostatusid inreplyto inreplytoid replyto replytoid replytomessageid commentparent commentparentid parentcommentidstr parentcommentid parentcomment replytocid replytocommentid repliestoid parenthex relationships antwortauf'.split(
      ' ',
    ),
  createdAt:
    'createdat created createdate isodatetime date datetime timeparsed time timestamp publishedat datecreated createddate creationdate commentdate commentdategmt createdutc commentcreatedutc createdtime createtimeiso createtime datepublished posteddate postedat published publishdate submitted writtenat posttime datum zeit fecha'.split(
      ' ',
    ),
  likes:
    'likes likecount upvotes score points ups upvotecount numlikes likescount reactions recommendations commentscore favoritecount favouritescount favorites votes numrecommends votecount diggcount totalvotes counts'.split(
      ' ',
    ),
  status: 'status commentapproved approved isapproved state moderationstatus commentstatus'.split(' '),
  threadId: [],
};

/** Discourse's posts answer a post by its number in the topic, not by its id. */
const numberedNames = { id: ['postnumber'], parentId: ['replytopostnumber'] };

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

/** Columns of yes or no, and which of them says that a comment is not shown; the worst wins. The other says nothing. */
const flagNames: readonly { names: readonly string[]; says: boolean; status: CommentStatus }[] = [
  { names: ['deleted', 'isdeleted'], says: true, status: 'deleted' },
  { names: ['isspam'], says: true, status: 'spam' },
  { names: ['removed', 'isremoved', 'hidden', 'ishidden', 'dead'], says: true, status: 'rejected' },
  { names: ['visible', 'isvisible'], says: false, status: 'rejected' },
  { names: ['ispublished'], says: false, status: 'pending' },
];

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
  fields: Record<
    keyof Columns | 'authorId' | 'path' | 'topic' | 'outcome' | 'source' | 'thread' | 'reason',
    readonly number[]
  >;
  /** Other columns of the text's name: forms and joins write some names twice and fill one of them. */
  twins: readonly number[];
  flags: readonly { at: number; says: boolean; status: CommentStatus }[];
  /** Ids are YouTube's, where `parent.reply` names the parent. */
  dotted: boolean;
}

/** Reads rows with a certain list of keys; the values stand in the keys' order. */
export type RowReader = (values: readonly unknown[]) => CommentRecord | undefined;

function planOf(keys: readonly string[], columns: Columns): Plan {
  const names = keys.map(normalizeName);
  const positions = new Map<string, number[]>();
  for (const [at, name] of names.entries()) {
    const same = positions.get(name);
    if (same === undefined) positions.set(name, [at]);
    else same.push(at);
  }
  const places = (candidates: readonly string[]): number[] =>
    candidates.flatMap((candidate) => positions.get(candidate) ?? []);
  const numbered =
    columns.id === undefined && columns.parentId === undefined && positions.has('replytopostnumber');
  const usual = numbered ? { ...usualNames, ...numberedNames } : usualNames;
  const field = (name: keyof Columns): number[] => {
    const chosen = columns[name];
    return places(chosen === undefined ? usual[name] : [normalizeName(chosen)]);
  };
  const id = field('id');
  const text = field('text');
  return {
    twins: names.flatMap((name, at) => (at !== text[0] && name === names[text[0] ?? -1] ? [at] : [])),
    // A caller who names the column of the status knows better.
    flags:
      columns.status !== undefined
        ? []
        : flagNames.flatMap(({ names, ...flag }) => places(names).map((at) => ({ at, ...flag }))),
    dotted: names[id[0] ?? -1] === 'cid',
    fields: {
      id,
      text,
      author: field('author'),
      parentId: field('parentId'),
      createdAt: field('createdAt'),
      likes: field('likes'),
      status: field('status'),
      threadId: field('threadId'),
      authorId: places(['authorid', 'userid', 'fromid', 'creatorid', 'profileid', 'ownerid']),
      path: places(['path']),
      topic: numbered ? places(['topicid']) : [],
      outcome: places(['status']),
      source: places(['source']),
      thread: places(['threadid']),
      reason: places(['reason']),
    },
  };
}

/** A reader for rows that all have these keys. */
export function rowReader(keys: readonly string[], columns: Columns): RowReader {
  const plan = planOf(keys, columns);
  return (values) => readRow(values, plan);
}

/** So many lists of keys are known at a time. */
const MAX_READERS = 100;

/** A reader for objects. Rows of one file share a few lists of keys, so where the fields are is worked out once for each. */
export function objectReader(columns: Columns): (row: object) => CommentRecord | undefined {
  const readers = new Map<string, RowReader>();
  let keys: readonly string[] = [];
  let read: RowReader = () => undefined;

  function readerOf(own: readonly string[]): RowReader {
    const name = JSON.stringify(own);
    const known = readers.get(name);
    if (known !== undefined) return known;
    if (readers.size >= MAX_READERS) readers.clear();
    const made = rowReader(own, columns);
    readers.set(name, made);
    return made;
  }

  function readOwn(row: object): CommentRecord | undefined {
    const own = Object.keys(row);
    if (own.length !== keys.length || own.some((key, index) => key !== keys[index])) {
      keys = own;
      read = readerOf(own);
    }
    // Own keys only, so that even `__proto__` is what the row says.
    return read(own.map((key) => (row as Record<string, unknown>)[key]));
  }

  return (row) => readOwn(unwrapped(row, readOwn));
}

/** Where rows keep their fields an object deeper, as Lemmy, JSON:API, Elasticsearch, CouchDB and Label Studio write them; Bluesky's are three deep. */
const wrapperNames = ['comment', 'attributes', '_source', 'doc', 'data', 'post', 'record'];
const MAX_WRAPPERS = 3;

/** A row with the fields of the object in it that holds the text, if the row has none of its own. */
export function unwrapped(
  row: object,
  read: (row: object) => CommentRecord | undefined,
  levels = MAX_WRAPPERS,
): object {
  if (levels === 0) return row;
  for (const name of wrapperNames) {
    const wrapped = get(row, name);
    if (!isObject(wrapped)) continue;
    const inner = unwrapped(wrapped, read, levels - 1);
    if (read(inner) === undefined) continue;
    const outer = { ...row, [name]: null };
    if (read(outer) === undefined) return { ...outer, ...inner };
  }
  return row;
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

function readRow(
  values: readonly unknown[],
  { fields, twins, flags, dotted }: Plan,
): CommentRecord | undefined {
  let written = first(values, fields.text, readText);
  if (written === undefined) return undefined;
  if (written === '' && twins.length > 0) written = first(values, twins, readFilled) ?? '';
  const outcome = first(values, fields.outcome, asText);
  const labelled = outcome === 'labelled' || outcome === 'skipped' || outcome === 'failed';
  // What `moderato label` has written is text, even where it speaks of HTML.
  const read = labelled ? plainText : maybeHtmlToText;
  const { text, quotes } = typeof written === 'string' ? read(written) : written;
  const withheld = outcome === 'skipped' && first(values, fields.reason, asText) === 'not-published';
  const topic = first(values, fields.topic, readId);
  const id = inTopic(first(values, fields.id, readId), topic);
  const parentId =
    inTopic(first(values, fields.parentId, readParent), topic) ??
    parentInPath(first(values, fields.path, asId), id);
  const flag = flags.length === 0 ? undefined : flags.find(({ at, says }) => asTruth(values[at]) === says);
  return {
    text,
    id,
    parentId: parentId === undefined ? (dotted ? parentInId(id) : null) : withoutKind(parentId, id),
    author: withId(first(values, fields.author, readAuthor), first(values, fields.authorId, readId)),
    createdAt: first(values, fields.createdAt, asRawDate),
    likes: first(values, fields.likes, readLikes),
    status: withheld ? 'rejected' : (flag?.status ?? first(values, fields.status, asStatus)),
    threadId: first(values, fields.threadId, asId) ?? (labelled ? pageOf(values, fields) : undefined),
    quotes: quotes.length === 0 ? undefined : quotes,
  };
}

/** Rows of `moderato label` name the input they came from, and the thread in it; ids are unique within that only. */
function pageOf(values: readonly unknown[], fields: Plan['fields']): string | undefined {
  const parts = [first(values, fields.source, asId), first(values, fields.thread, asId)];
  return parts.filter((part) => part !== undefined).join('#') || undefined;
}

function asTruth(value: unknown): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return typeof value === 'string' || typeof value === 'number'
    ? truths.get(String(value).trim().toLowerCase())
    : undefined;
}

const truths = new Map([
  ...['true', 't', 'yes', 'y', '1', '1.0'].map((word) => [word, true] as const),
  ...['false', 'f', 'no', 'n', '0', '0.0'].map((word) => [word, false] as const),
]);

/** Replies on YouTube are called by their parent's id, a dot and an id of their own. */
function parentInId(id: string | undefined): string | null {
  const dot = id?.indexOf('.') ?? -1;
  return id?.startsWith('Ug') && dot !== -1 ? id.slice(0, dot) : null;
}

/** A number is a post's in its topic alone: `13/2`, as links on Discourse have it. */
function inTopic(number: string | undefined, topic: string | undefined): string | undefined {
  return number === undefined || topic === undefined ? number : `${topic}/${number}`;
}

/** Lemmy calls a comment by the ids on the way to it, from 0 for the post: `0.12.57`. */
function parentInPath(path: string | undefined, id: string | undefined): string | undefined {
  const ids = path?.split('.') ?? [];
  const parent = ids.at(-2);
  return ids.at(-1) === id && parent !== '0' ? parent : undefined;
}

/** Reddit's tables write `t1_` for a comment and `t3_` for the post before parents, but not before ids. */
function withoutKind(parentId: string, id: string | undefined): string | null {
  if (!parentId.startsWith('t') || !/^t[13]_[0-9a-z]{1,13}$/.test(parentId)) return parentId;
  if (parentId.startsWith('t3_')) return null;
  return id?.startsWith('t1_') ? parentId : parentId.slice(3);
}

function withId(author: Author | undefined, id: string | undefined): Author | undefined {
  if (author === undefined) return id === undefined ? undefined : { name: id, id };
  return author.id === undefined && id !== undefined ? { name: author.name, id } : author;
}

/** Also one text of several, as `{ "raw": … }`, `{ "text": … }` or WordPress' `{ "rendered": "<p>…" }` hold it. */
function readText(value: unknown): string | PlainText | undefined {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return joinParts(value);
  if (!isObject(value)) return undefined;
  const inner = get(value, 'text') ?? get(value, 'raw') ?? get(value, 'plain');
  if (typeof inner === 'string') return inner;
  const html = get(value, 'rendered');
  return typeof html === 'string' ? htmlToText(html) : undefined;
}

function readFilled(value: unknown): string | PlainText | undefined {
  return value === '' ? undefined : readText(value);
}

/** A text in pieces, as Telegram writes it: strings and `{ "type": "link", "text": … }`. Lists of comments are none. */
function joinParts(parts: readonly unknown[]): string | undefined {
  if (!parts.some(isObject)) return undefined;
  const texts: string[] = [];
  for (const part of parts) {
    const styled = typeof get(part, 'type') === 'string' && get(part, 'id') === undefined;
    const text = typeof part === 'string' ? part : styled ? get(part, 'text') : undefined;
    if (typeof text !== 'string') return undefined;
    texts.push(text);
  }
  return texts.join('');
}

function readAuthor(given: unknown): Author | undefined {
  if (typeof given === 'string') return authorOf(given.trim(), undefined);
  // GraphQL may wrap it once more.
  const value = get(given, 'node') ?? given;
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
    'handle',
    'acct',
  ]) {
    const name = get(value, key);
    if (typeof name !== 'string' || name === '') continue;
    return authorOf(
      name,
      ['id', 'user_id', 'userId', 'did', 'username']
        .map((key) => asId(get(value, key)))
        .find((id) => id !== undefined),
    );
  }
  return undefined;
}

/** Tables written by hand have spaces after their delimiters. */
function readName(value: unknown): string | undefined {
  return asId(value)?.trim() || undefined;
}

/** Columns of ids with gaps come out of data frames as fractions: `59848.0`. */
function readId(value: unknown): string | undefined {
  const id = readName(value);
  return id?.endsWith('.0') && /^\d+\.0$/.test(id) ? id.slice(0, -2) : id;
}

/** Also the parent as an object, and JSON:API's `{ "parent": { "data": { "id": … } } }`. */
function readParent(value: unknown): string | undefined {
  for (const at of [value, get(value, 'parent'), get(get(value, 'parent'), 'data')]) {
    const id = readId(at) ?? readName(get(at, 'id'));
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Also Lemmy's `{ "score": … }` among other counts. */
function readLikes(value: unknown): number | undefined {
  return asCount(isObject(value) ? get(value, 'score') : value);
}
