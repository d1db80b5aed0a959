import type { CommentRecord } from '../format';
import { normalizeName, unwrapped } from './rows';
import { get, isObject, type JsonObject, nodesOf } from './values';

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
const replyNames = new Set(
  'replies children comments responses answers kids subcomments childcomments nestedcomments subreplies childreplies nestedreplies threadedreplies replycomment replycomments commentreplies'.split(
    ' ',
  ),
);
const titleNames = ['title', 'headline', 'subject', 'url', 'webpage_url', 'permalink_url', 'link'];
const LEVELS = 3;

export type ToComment = (row: object) => CommentRecord | undefined;

/** A list of rows, and the object that holds it. */
export interface RowList {
  name: string;
  items: readonly unknown[];
  owner: JsonObject;
  /** What the items stand in: an array, a connection of GraphQL or rows by id. */
  source: object;
}

/** What an object is: one row, or what holds a list of rows; undefined if it is neither. */
export type Content =
  | { row: true }
  | { row: false; list: RowList; article: JsonObject | undefined }
  | undefined;

/** `lone`: whether it is all there is, not one of several. */
export function contentOf(value: JsonObject, toComment: ToComment, lone: boolean): Content {
  const comment = toComment(value);
  const anonymous = comment?.id === undefined && comment?.author === undefined;
  // What an interface says instead of an answer has a text, too.
  const isError = anonymous && (get(value, 'error') ?? get(value, 'errors')) !== undefined;
  const named = namedList(value, toComment);
  if (comment !== undefined && !isError) {
    if (named === undefined) return { row: true };
    // What stands alone, answers nothing and holds comments is what they are on; posts have no title.
    if (named.name === 'comments' && lone && comment.parentId == null && holdsRows(named.items, toComment))
      return { row: false, list: named, article: anonymous && !isTitled(value) ? undefined : value };
    // Answers of a comment, if they are not the comments on an article, or a list with a message beside it.
    const isDocument = named.name === 'comments' && (isTitled(value) || anonymous);
    if (replyNames.has(named.name) && !isDocument) return { row: true };
  }
  const isCertain =
    named !== undefined &&
    (named.name === 'comments' || named.items.length === 0 || holdsRows(named.items, toComment));
  const list = isCertain ? named : (searchList(value, toComment) ?? named);
  return list === undefined ? undefined : { row: false, list, article: [value, list.owner].find(isThread) };
}

/** Whether an object is an article with its comments. */
export function isThread(value: unknown): value is JsonObject {
  if (!isObject(value) || !isTitled(value)) return false;
  const comments = get(value, 'comments');
  return listIn(comments) !== undefined;
}

function isTitled(value: JsonObject): boolean {
  return titleNames.some((key) => typeof get(value, key) === 'string') || isObject(get(value, 'article'));
}

function holdsRows(items: readonly unknown[], toComment: ToComment): boolean {
  const first = items.find(isObject);
  return first !== undefined && (toComment(first) !== undefined || isThread(first));
}

function namedList(owner: JsonObject, toComment: ToComment): RowList | undefined {
  for (const name of listNames) {
    const value = get(owner, name);
    const list = listIn(value);
    const items = list === undefined ? keyedRows(value, toComment) : itemsOf(list);
    if (items !== undefined) return { name, items, owner, source: list ?? (value as object) };
  }
  return undefined;
}

/** What is a list, or the one that an object wraps beside links to further pages. GraphQL's connections are lists. */
function listIn(value: unknown): object | undefined {
  if (Array.isArray(value)) return value;
  if (!isObject(value)) return undefined;
  for (const name of listNames) {
    const found = get(value, name);
    if (Array.isArray(found)) return found;
  }
  return nodesOf(value) === undefined ? undefined : value;
}

function itemsOf(list: unknown): readonly unknown[] | undefined {
  return Array.isArray(list) ? list : nodesOf(list);
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
      if (keyed !== undefined) return { name: '', items: keyed, owner, source: owner };
      for (const name of Object.keys(owner)) {
        const inner = get(owner, name);
        if (name === 'error' || name === 'errors') continue;
        const items = itemsOf(inner);
        if (items !== undefined && holdsRows(items, toComment))
          return { name, items, owner, source: inner as object };
        if (isObject(inner)) next.push(inner);
      }
    }
    level = next;
  }
  return undefined;
}

/** A list of what looks like comments, too. */
interface Unread {
  name: string;
  count: number;
}

/** What stands after the colon may be a reader's name: whoever takes names out of comments takes it out, too. */
export function unreadMessage(name: string): string {
  return `a list of what looks like comments is not read: "${name.slice(0, 100)}"`;
}

/** Lists in a document beside the one that is read, as deep as lists are searched for. */
export function unreadIn(document: unknown, read: RowList | undefined, toComment: ToComment): Unread[] {
  const counts = new Map<string, number>();
  let known: ReturnType<typeof knownOf> | undefined;

  /** Users, tags, paragraphs and recommended articles have an id and a text, too. */
  function isLost(value: unknown): boolean {
    if (!isObject(value)) return false;
    const { description: _, ...row } = unwrapped(value, toComment) as JsonObject;
    const comment = isHeaded(row) ? undefined : toComment(row);
    if (comment === undefined || comment.text === '') return false;
    known ??= knownOf(read?.items ?? [], toComment);
    if (comment.id !== undefined && known.ids.has(comment.id)) return false;
    return comment.author !== undefined || (known.anonymous && comment.id !== undefined);
  }

  function search(at: unknown, name: string, levels: number): void {
    if (typeof at !== 'object' || at === null || at === read?.source) return;
    const items = itemsOf(at);
    const members = items ?? Object.values(at);
    // Rows by id are several and all alike; an object of other things may hold one comment, or what is read.
    const isList = items !== undefined || (members.length > 1 && !members.includes(read?.owner));
    const count = isList ? members.filter(isLost).length : 0;
    if (count > 0 && (items !== undefined || count === members.length)) {
      counts.set(name, (counts.get(name) ?? 0) + count);
      return;
    }
    if (levels === 0) return;
    for (const key of Object.keys(at)) {
      if (key === 'error' || key === 'errors') continue;
      const path = Array.isArray(at) ? `${name}[]` : name === '' ? key : `${name}.${key}`;
      search(get(at, key), path, levels - 1);
    }
  }

  search(document, '', LEVELS);
  return [...counts].map(([name, count]) => ({ name, count }));
}

/** The ids of the rows that are read, and whether none has an author. */
function knownOf(rows: readonly unknown[], toComment: ToComment): { ids: Set<string>; anonymous: boolean } {
  const comments = rows.flatMap((row) => (isObject(row) ? (toComment(row) ?? []) : []));
  return {
    ids: new Set(comments.flatMap(({ id }) => id ?? [])),
    anonymous: comments.length > 0 && comments.every(({ author }) => author === undefined),
  };
}

function isHeaded(row: JsonObject): boolean {
  return [get(row, 'title'), get(row, 'headline')].some((title) => typeof title === 'string' && title !== '');
}

/** What a row holds besides itself. */
interface Nested {
  answers: readonly unknown[];
  /** Lists under names that say nothing of answers. */
  unread: readonly Unread[];
}

/** The answers nested in a row. Lists of ids are no answers. */
function nestedIn(row: object, toComment: ToComment): Nested {
  let answers: readonly unknown[] = [];
  const unread: Unread[] = [];
  for (const name of Object.keys(row)) {
    const value = get(row, name);
    if (typeof value !== 'object' || value === null) continue;
    const isNamed = replyNames.has(normalizeName(name));
    const list = isNamed ? answersIn(value, toComment) : (nodesOf(value) ?? value);
    if (!Array.isArray(list) || !list.some(isObject)) continue;
    if (isNamed && answers.length === 0) {
      answers = list;
      continue;
    }
    const count = list.filter((each) => looksLikeComment(each, toComment)).length;
    if (count > 0) unread.push({ name, count });
  }
  return { answers, unread };
}

/** Also rows by id, and one answer alone, as converters of XML write it. */
function answersIn(value: object, toComment: ToComment): readonly unknown[] | undefined {
  return (
    itemsOf(listIn(value)) ??
    keyedRows(value, toComment) ??
    (looksLikeComment(value, toComment) ? [value] : [])
  );
}

function looksLikeComment(value: unknown, toComment: ToComment): boolean {
  const comment = isObject(value) ? toComment(value) : undefined;
  return (
    comment !== undefined && comment.text !== '' && (comment.id !== undefined || comment.author !== undefined)
  );
}

export interface TreeHandler {
  comment(record: CommentRecord): void;
  /** `record` is the row's number, answers counted; `lost` is how many entries are. */
  lose(code: string, message: string, record: number, lost: number): void;
  /** An id for a comment that has answers and none of its own, where its number may be the id of a later one. */
  name?(): string;
}

/** Reads rows and the answers nested in them, each before its answers. Without recursion. */
export function readTree(rows: readonly unknown[], toComment: ToComment, handler: TreeHandler): void {
  const stack: { node: unknown; parent: CommentRecord | undefined }[] = [];
  const push = (nodes: readonly unknown[], parent: CommentRecord | undefined): void => {
    for (let index = nodes.length - 1; index >= 0; index -= 1) stack.push({ node: nodes[index], parent });
  };
  push(rows, undefined);
  for (let record = 1; stack.length > 0; record += 1) {
    const { node, parent } = stack.pop()!;
    if (!isObject(node)) {
      handler.lose('malformed-record', 'not an object', record, 1);
      continue;
    }
    const comment = toComment(node);
    const { answers, unread } = nestedIn(unwrapped(node, toComment), toComment);
    if (comment === undefined) handler.lose('no-text', 'no field of the object holds a text', record, 1);
    else {
      if (answers.length > 0) comment.id ??= handler.name?.();
      if (parent !== undefined) {
        comment.parent = parent;
        comment.parentId = parent.id;
      }
      handler.comment(comment);
    }
    for (const { name, count } of unread) handler.lose('unread-list', unreadMessage(name), record, count);
    push(answers, comment ?? parent);
  }
}
