import type { CommentStatus } from '../types';
import type { Columns, CommentRecord } from './format';
import { markQuotes } from './quotes';
import { asCount, asId, asRawDate, get, isObject } from './values';

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
    'createdat created date datetime time timestamp publishedat datecreated createddate commentdate commentdategmt createdutc createtime datepublished posteddate postedat published publishdate submitted'.split(
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

/** The fields of a row by normalised name. */
export function rowOf(value: object): Map<string, unknown> {
  const row = new Map<string, unknown>();
  for (const key of Object.keys(value)) row.set(normalizeName(key), get(value, key));
  return row;
}

/** Finds the fields of rows. Made once for a file. */
export function rowMapper(columns: Columns): (row: Map<string, unknown>) => CommentRecord | undefined {
  const names = Object.fromEntries(
    Object.entries(usualNames).map(([field, usual]) => {
      const chosen = columns[field as keyof Columns];
      return [field, chosen === undefined ? usual : [normalizeName(chosen)]];
    }),
  ) as Record<keyof Columns, readonly string[]>;
  const find = <T>(
    row: Map<string, unknown>,
    field: keyof Columns,
    read: (value: unknown) => T | undefined,
  ) => {
    for (const name of names[field]) {
      const value = read(row.get(name));
      if (value !== undefined) return value;
    }
    return undefined;
  };
  return (row) => {
    const text = find(row, 'text', readText);
    if (text === undefined) return undefined;
    const quotes = markQuotes(text);
    const author = find(row, 'author', readAuthor);
    const authorId = asId(row.get('authorid') ?? row.get('userid'));
    return {
      text,
      id: find(row, 'id', asId),
      parentId: find(row, 'parentId', readParent) ?? null,
      author:
        author === undefined
          ? authorId === undefined
            ? undefined
            : { name: authorId, id: authorId }
          : author.id === undefined && authorId !== undefined
            ? { ...author, id: authorId }
            : author,
      createdAt: find(row, 'createdAt', asRawDate),
      likes: find(row, 'likes', asCount),
      status: find(row, 'status', asStatus) ?? skippedStatus(row),
      threadId: find(row, 'threadId', asId) ?? labelledSource(row),
      quotes: quotes.length === 0 ? undefined : quotes,
    };
  };
}

/** Also one text of several, as `{ "raw": …}` or `{ "text": … }` hold it. */
function readText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const inner = get(value, 'text') ?? get(value, 'raw') ?? get(value, 'plain');
  return typeof inner === 'string' ? inner : undefined;
}

function readAuthor(value: unknown): { name: string; id?: string } | undefined {
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

function readParent(value: unknown): string | undefined {
  return asId(value) ?? (isObject(value) ? asId(get(value, 'id')) : undefined);
}

const outcomes = new Set<unknown>(['labelled', 'skipped', 'failed']);

/** Rows of `moderato label` name the input they came from; ids are unique within it only. */
function labelledSource(row: Map<string, unknown>): string | undefined {
  return outcomes.has(row.get('status')) ? asId(row.get('source')) : undefined;
}

function skippedStatus(row: Map<string, unknown>): CommentStatus | undefined {
  return row.get('status') === 'skipped' && row.get('reason') === 'not-published' ? 'rejected' : undefined;
}
