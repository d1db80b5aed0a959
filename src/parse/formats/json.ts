import type { CommentRecord, ReaderSettings, Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { normalizeName, objectReader } from '../reading/rows';
import { asText, asTotal, get, isObject, type JsonObject } from '../reading/values';

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
const replyNames = ['replies', 'children', 'comments', 'responses', 'answers', 'subcomments'];

/** Any other JSON: an array of rows, or an object that holds one, with answers nested or by parent's id. */
export const json = jsonFormat({
  name: 'json',
  description: 'JSON with a list of comments',
  aliases: [],
  recognize(value, sample) {
    if (sample.lines && isObject(value) && findList(value) === undefined) return 0;
    const list = Array.isArray(value) ? value : findList(value);
    if (list === undefined) return 0;
    const first = list.find(isObject);
    // A list of something else is no prose, either: better an error than an article of brackets.
    if (first === undefined) return list.length === 0 ? 0.4 : /^\s*\[\s*["[]/.test(sample.text) ? 0.15 : 0;
    return objectReader({})(first) === undefined ? 0.3 : 0.8;
  },
  // What starts like JSON and is none is broken JSON rather than prose; the error then says where.
  broken: ({ text }) => (/^\s*(?:\{\s*"|\[\s*[[{"\]])/.test(text) ? 0.3 : 0),
  open(sink, settings) {
    return (value) => readRows(value, sink, settings);
  },
});

function findList(value: unknown): readonly unknown[] | undefined {
  if (!isObject(value)) return undefined;
  for (const name of listNames) {
    const found = get(value, name);
    if (Array.isArray(found)) return found;
    const inner = findDirect(found);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function findDirect(value: unknown): readonly unknown[] | undefined {
  for (const name of listNames) {
    const found = get(value, name);
    if (Array.isArray(found)) return found;
  }
  return undefined;
}

function readRows(value: unknown, sink: Sink, settings: ReaderSettings): number {
  const toComment = objectReader(settings.columns);
  const list = Array.isArray(value) ? value : (findList(value) ?? [value]);
  if (isObject(value) && Array.isArray(findList(value))) readHeader(value, sink);
  let found = 0;
  const lost: { code: string; message: string; record: number }[] = [];
  const stack: { node: unknown; parentId: string | undefined }[] = [];
  const push = (nodes: readonly unknown[], parentId: string | undefined): void => {
    for (let index = nodes.length - 1; index >= 0; index -= 1) stack.push({ node: nodes[index], parentId });
  };
  push(list, undefined);
  let record = 0;
  const used = idsOf(list, toComment);
  while (stack.length > 0) {
    const { node, parentId } = stack.pop()!;
    record += 1;
    if (!isObject(node)) {
      lost.push({ code: 'malformed-record', message: 'not an object', record });
      continue;
    }
    const comment = toComment(node);
    if (comment === undefined) {
      lost.push({ code: 'no-text', message: 'no field holds a text', record });
      push(repliesOf(node), parentId);
      continue;
    }
    found += 1;
    const replies = repliesOf(node);
    // Nested answers need an id to point to.
    if (replies.length > 0 && comment.id === undefined) {
      let name = String(found);
      while (used.has(name)) name = `_${name}`;
      comment.id = name;
    }
    if (parentId !== undefined) comment.parentId = parentId;
    sink.comment(comment);
    push(replies, comment.id);
  }
  if (found === 0 && list.length > 0) return 0;
  for (const { code, message, record: at } of lost) {
    sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { record: at } });
  }
  return Math.max(found, 1);
}

function idsOf(list: readonly unknown[], toComment: (row: object) => CommentRecord | undefined): Set<string> {
  const ids = new Set<string>();
  for (const node of list) {
    const id = isObject(node) ? toComment(node)?.id : undefined;
    if (id !== undefined) ids.add(id);
  }
  return ids;
}

function repliesOf(node: JsonObject): readonly unknown[] {
  for (const name of Object.keys(node)) {
    if (!replyNames.includes(normalizeName(name))) continue;
    const value = get(node, name);
    if (Array.isArray(value)) return value;
    const inner = findDirect(value);
    if (inner !== undefined) return inner;
  }
  return [];
}

function readHeader(value: JsonObject, sink: Sink): void {
  const article = isObject(get(value, 'article')) ? get(value, 'article') : value;
  const title = asText(get(article, 'title')) ?? asText(get(article, 'headline'));
  const url =
    asText(get(article, 'url')) ?? asText(get(article, 'webpage_url')) ?? asText(get(article, 'link'));
  const text =
    asText(get(article, 'text')) ??
    asText(get(article, 'body')) ??
    asText(get(article, 'content')) ??
    asText(get(article, 'description'));
  const declaredCount =
    asTotal(get(value, 'declaredCount')) ??
    asTotal(get(value, 'commentCount')) ??
    asTotal(get(value, 'comment_count'));
  if (title === undefined && url === undefined && declaredCount === undefined) return;
  const header = { title: title ?? '', text: text ?? '', ...(url === undefined ? {} : { url }) };
  sink.thread({ ...(title === undefined && url === undefined ? {} : { article: header }), declaredCount });
}
