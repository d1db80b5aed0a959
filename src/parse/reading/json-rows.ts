import type { CommentRecord } from '../format';
import { normalizeName } from './rows';
import { get, isObject, type JsonObject } from './values';

const listNames = [
  'comments',
  'data',
  'items',
  'rows',
  'results',
  'posts',
  'messages',
  'replies',
  'entries',
  'response',
  'hits',
];
const replyNames = new Set(['replies', 'children', 'comments', 'responses', 'answers', 'subcomments']);
const LEVELS = 3;

export type ToComment = (row: object) => CommentRecord | undefined;

/** A list of rows, and the object that holds it. */
export interface RowList {
  name: string;
  items: readonly unknown[];
  owner: JsonObject;
}

/** What an object is: one row, or what holds a list of rows; undefined if it is neither. */
export type Shape = { row: true } | { row: false; list: RowList } | undefined;

export function shapeOf(value: JsonObject, toComment: ToComment): Shape {
  const comment = toComment(value);
  const anonymous = comment?.id === undefined && comment?.author === undefined;
  // What an interface says instead of an answer has a text, too.
  const isError = anonymous && (get(value, 'error') ?? get(value, 'errors')) !== undefined;
  const named = namedList(value, toComment);
  if (comment !== undefined && !isError) {
    if (named === undefined) return { row: true };
    // Answers of a comment, if they are not the comments on an article, or a list with a message beside it.
    const isDocument = named.name === 'comments' && (isTitled(value) || anonymous);
    if (replyNames.has(named.name) && !isDocument) return { row: true };
  }
  const isCertain =
    named !== undefined &&
    (named.name === 'comments' || named.items.length === 0 || holdsRows(named.items, toComment));
  const list = isCertain ? named : (searchList(value, toComment) ?? named);
  return list === undefined ? undefined : { row: false, list };
}

/** Whether an object is an article with its comments. */
export function isThread(value: unknown): value is JsonObject {
  if (!isObject(value) || !isTitled(value)) return false;
  const comments = get(value, 'comments');
  return Array.isArray(comments) || directList(comments) !== undefined;
}

function isTitled(value: JsonObject): boolean {
  return (
    ['title', 'headline', 'url'].some((key) => typeof get(value, key) === 'string') ||
    isObject(get(value, 'article'))
  );
}

function holdsRows(items: readonly unknown[], toComment: ToComment): boolean {
  const first = items.find(isObject);
  return first !== undefined && (toComment(first) !== undefined || isThread(first));
}

function namedList(owner: JsonObject, toComment: ToComment): RowList | undefined {
  for (const name of listNames) {
    const value = get(owner, name);
    const items = Array.isArray(value) ? value : (directList(value) ?? keyedRows(value, toComment));
    if (items !== undefined) return { name, items, owner };
  }
  return undefined;
}

function directList(value: unknown): readonly unknown[] | undefined {
  for (const name of listNames) {
    const found = get(value, name);
    if (Array.isArray(found)) return found;
  }
  return undefined;
}

/** Rows under their ids, as databases of keys and values print them: `{ "c1": { "text": … } }`. */
function keyedRows(value: unknown, toComment: ToComment): readonly JsonObject[] | undefined {
  if (!isObject(value) || Object.hasOwn(value, 'error')) return undefined;
  const entries = Object.entries(value);
  if (!entries.every((entry): entry is [string, JsonObject] => isObject(entry[1]))) return undefined;
  const first = entries[0];
  if (first === undefined || toComment(first[1]) === undefined) return undefined;
  return entries.map(([id, row]) => (toComment(row)?.id === undefined ? { id, ...row } : row));
}

/** The first list, level by level, whose objects give a text. */
function searchList(value: JsonObject, toComment: ToComment): RowList | undefined {
  let level = [value];
  for (let depth = 0; depth < LEVELS; depth += 1) {
    const next: JsonObject[] = [];
    for (const owner of level) {
      const keyed = keyedRows(owner, toComment);
      if (keyed !== undefined) return { name: '', items: keyed, owner };
      for (const name of Object.keys(owner)) {
        const inner = get(owner, name);
        if (name === 'error' || name === 'errors') continue;
        if (isObject(inner)) next.push(inner);
        else if (Array.isArray(inner) && holdsRows(inner, toComment)) return { name, items: inner, owner };
      }
    }
    level = next;
  }
  return undefined;
}

/** The answers nested in a row. Lists of ids are no answers. */
export function repliesOf(row: JsonObject): readonly unknown[] {
  for (const name of Object.keys(row)) {
    if (!replyNames.has(normalizeName(name))) continue;
    const value = get(row, name);
    const list = Array.isArray(value) ? value : directList(value);
    if (list?.some(isObject)) return list;
  }
  return [];
}

interface TreeHandler {
  comment(record: CommentRecord): void;
  /** `record` is the row's number, answers counted. */
  lose(code: string, message: string, record: number): void;
  /** An id for a comment that has answers and none of its own. */
  name(): string;
}

/** Reads rows and the answers nested in them, each before its answers. Without recursion. */
export function readTree(rows: readonly unknown[], toComment: ToComment, handler: TreeHandler): void {
  const stack: { node: unknown; parentId: string | undefined }[] = [];
  const push = (nodes: readonly unknown[], parentId: string | undefined): void => {
    for (let index = nodes.length - 1; index >= 0; index -= 1) stack.push({ node: nodes[index], parentId });
  };
  push(rows, undefined);
  for (let record = 1; stack.length > 0; record += 1) {
    const { node, parentId } = stack.pop()!;
    if (!isObject(node)) {
      handler.lose('malformed-record', 'not an object', record);
      continue;
    }
    const replies = repliesOf(node);
    const comment = toComment(node);
    if (comment === undefined) {
      handler.lose('no-text', 'no field of the object holds a text', record);
      push(replies, parentId);
      continue;
    }
    // Nested answers need an id to point to.
    if (replies.length > 0) comment.id ??= handler.name();
    if (parentId !== undefined) comment.parentId = parentId;
    handler.comment(comment);
    push(replies, comment.id);
  }
}
