import type { CommentRecord, Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { htmlToText } from '../reading/markup';
import { asStatus } from '../reading/rows';
import {
  asArray,
  asId,
  asRawDate,
  asText,
  asTotal,
  authorOf,
  get,
  isObject,
  type JsonObject,
  nodesOf,
} from '../reading/values';

/** Coral (Talk): comment records of the database or REST, and GraphQL answers with `edges` and `nodes`. */
export const coral = jsonFormat({
  name: 'coral',
  description: 'Coral comments (JSON)',
  aliases: ['talk'],
  recognize(value) {
    const first = Array.isArray(value) ? value[0] : value;
    if (!isObject(first)) return 0;
    if (isRecord(first)) return 0.95;
    const { story, comments } = answerOf(first);
    const node = listOf(get(story, 'comments')).find(isObject);
    if (Array.isArray(get(story, 'comments', 'edges')) && (node === undefined || hasBody(node))) return 0.96;
    if (isRecord(asArray(get(story, 'comments'))[0])) return 0.95;
    if (isRecord(asArray(comments)[0])) return 0.94;
    const hasNodes = Array.isArray(get(comments, 'edges')) || Array.isArray(get(comments, 'nodes'));
    // WordPress and others answer in the same shape, but call the text otherwise.
    const other = listOf(comments).find(isObject);
    return hasNodes && (other === undefined || hasBody(other)) ? 0.9 : 0;
  },
  open: (sink) => (value) => readAnswer(value, sink),
});

function isRecord(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (Array.isArray(get(value, 'revisions')) || isObject(get(value, 'revision'))) return true;
  const has = (key: string): boolean => Object.hasOwn(value, key);
  return (has('storyID') && (has('authorID') || has('status'))) || (has('asset_id') && has('body'));
}

/** Whether it says anything of a text; deleted comments have an empty one. */
function hasBody(value: JsonObject): boolean {
  return ['body', 'revision', 'revisions'].some((key) => Object.hasOwn(value, key));
}

function answerOf(value: unknown): { story: unknown; comments: unknown } {
  const data = get(value, 'data') ?? value;
  return { story: get(data, 'story') ?? get(data, 'asset') ?? data, comments: get(data, 'comments') };
}

interface Pending {
  value: unknown;
  parentId: string | null;
  threadId: string | undefined;
}

/** Walks answers and replies in order, without recursion. */
function readAnswer(value: unknown, sink: Sink): number {
  let found = 0;
  const roots: Pending[] = [];
  for (const each of Array.isArray(value) ? value : [value]) {
    if (isRecord(each)) {
      roots.push({ value: each, parentId: null, threadId: undefined });
      continue;
    }
    const { story, comments } = answerOf(each);
    const id = asId(get(story, 'id'));
    const list = get(story, 'comments') ?? comments;
    if (list === undefined) {
      sink.diagnostic({
        code: 'malformed-record',
        severity: 'error',
        message: 'neither a comment nor a story',
        lost: 1,
      });
      continue;
    }
    found += 1;
    if (isObject(story) && (id !== undefined || get(story, 'url') !== undefined))
      sink.thread(readStory(story, id));
    for (const inner of listOf(list)) roots.push({ value: inner, parentId: null, threadId: id });
    if (get(list, 'pageInfo', 'hasNextPage') === true) reportMore(sink, id, 'the story');
  }
  const stack = roots.reverse();
  while (stack.length > 0) {
    const { value: record, parentId, threadId } = stack.pop()!;
    if (!isObject(record)) {
      sink.diagnostic({
        code: 'malformed-record',
        severity: 'error',
        message: 'a comment that is no object',
        lost: 1,
      });
      continue;
    }
    const comment = readComment(record, parentId, threadId);
    if (hasBody(record) || asRawDate(get(record, 'deletedAt')) !== undefined) {
      found += 1;
      sink.comment(comment);
    } else {
      sink.diagnostic({
        code: 'no-text',
        severity: 'error',
        message: 'a comment without body',
        lost: 1,
        threadId,
        ...(comment.id === undefined ? {} : { place: { id: comment.id } }),
      });
    }
    const replies = get(record, 'replies');
    for (const inner of listOf(replies).toReversed())
      stack.push({ value: inner, parentId: comment.id ?? null, threadId: comment.threadId });
    if (get(replies, 'pageInfo', 'hasNextPage') === true)
      reportMore(sink, comment.threadId, `comment ${comment.id}`);
  }
  return found;
}

function listOf(values: unknown): readonly unknown[] {
  return nodesOf(values) ?? asArray(get(values, 'nodes') ?? values);
}

function reportMore(sink: Sink, threadId: string | undefined, what: string): void {
  const message = `${what} has more comments on a further page that is not in the source`;
  sink.diagnostic({ code: 'partial-replies', severity: 'warning', message, threadId });
}

function readStory(story: JsonObject, id: string | undefined) {
  const url = asText(get(story, 'url'));
  return {
    id,
    article: {
      title: asText(get(story, 'metadata', 'title')) ?? asText(get(story, 'title')) ?? '',
      text: '',
      ...(url === undefined ? {} : { url }),
    },
    declaredCount:
      asTotal(get(story, 'commentCounts', 'totalPublished')) ?? asTotal(get(story, 'commentCount')),
  };
}

function readComment(
  record: JsonObject,
  parentId: string | null,
  threadId: string | undefined,
): CommentRecord {
  const revisions = asArray(get(record, 'revisions'));
  const body =
    asText(get(revisions.at(-1), 'body')) ??
    asText(get(record, 'body')) ??
    asText(get(record, 'revision', 'body'));
  const authorId =
    asId(get(record, 'authorID')) ?? asId(get(record, 'author_id')) ?? asId(get(record, 'author', 'id'));
  const name =
    asText(get(record, 'author', 'username')) ?? asText(get(record, 'user', 'username')) ?? authorId;
  const deleted = asRawDate(get(record, 'deletedAt')) !== undefined || (body ?? '') === '';
  const parent =
    asId(get(record, 'parentID')) ?? asId(get(record, 'parent_id')) ?? asId(get(record, 'parent', 'id'));
  return {
    threadId:
      asId(get(record, 'storyID')) ??
      asId(get(record, 'asset_id')) ??
      asId(get(record, 'story', 'id')) ??
      threadId,
    id: asId(get(record, 'id')) ?? asId(get(record, '_id')),
    parentId: parent ?? parentId,
    author: authorOf(name, authorId),
    ...htmlToText(body ?? ''),
    createdAt: asRawDate(get(record, 'createdAt') ?? get(record, 'created_at')),
    status: deleted ? 'deleted' : asStatus(get(record, 'status')),
  };
}
