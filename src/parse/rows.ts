import type { CommentStatus } from '../types';
import type { Columns, CommentRecord } from './format';

/** The usual names of a row's fields, compared without case, `_`, `-` and spaces; earlier names win. */
export const usualNames: Record<keyof Columns, readonly string[]> = {
  text: [
    'text',
    'body',
    'comment',
    'content',
    'message',
    'commenttext',
    'commentbody',
    'commentcontent',
    'textoriginal',
  ],
  id: ['id', 'commentid', 'cid', 'uuid', 'guid'],
  author: [
    'author',
    'authorname',
    'user',
    'username',
    'name',
    'commentauthor',
    'nickname',
    'displayname',
    'screenname',
  ],
  parentId: ['parentid', 'parent', 'inreplyto', 'inreplytoid', 'replyto', 'commentparent', 'parentcommentid'],
  createdAt: [
    'createdat',
    'date',
    'created',
    'time',
    'timestamp',
    'publishedat',
    'datecreated',
    'createddate',
    'commentdate',
  ],
  likes: ['likes', 'likecount', 'upvotes', 'score', 'points', 'ups', 'upvotecount'],
  status: ['status', 'commentapproved', 'state', 'rating'],
  threadId: [],
};

const statuses = new Map<string, CommentStatus>([
  ['approved', 'approved'],
  ['pending', 'pending'],
  ['rejected', 'rejected'],
  ['spam', 'spam'],
  ['deleted', 'deleted'],
  ['pingback', 'pingback'],
]);

export function normalizeName(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}

/** A comment from a row, or undefined if no field of it is a text. */
export function rowToComment(row: Map<string, unknown>, columns: Columns): CommentRecord | undefined {
  const field = (name: keyof Columns): unknown => {
    const chosen = columns[name];
    if (chosen !== undefined) return row.get(normalizeName(chosen));
    for (const usual of usualNames[name]) {
      const value = row.get(usual);
      if (value !== undefined) return value;
    }
    return undefined;
  };
  const text = field('text');
  if (typeof text !== 'string') return undefined;
  const author = field('author');
  const name = typeof author === 'string' ? author : undefined;
  return {
    text,
    id: asId(field('id')),
    parentId: asId(field('parentId')) ?? null,
    author: name === undefined || name === '' ? undefined : { name },
    createdAt: asId(field('createdAt')),
    likes: asCount(field('likes')),
    status: statuses.get(String(field('status')).toLowerCase()),
    threadId: asId(field('threadId')),
  };
}

function asId(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function asCount(value: unknown): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return Number.isInteger(count) ? (count as number) : undefined;
}
