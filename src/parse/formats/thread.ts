import type { Article } from '../../types';
import type { Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { asStatus } from '../reading/rows';
import {
  asArray,
  asCount,
  asId,
  asText,
  asTotal,
  authorOf,
  get,
  isObject,
  type JsonObject,
} from '../reading/values';

/** What `moderato parse` prints: one thread a line. */
export const thread = jsonFormat({
  name: 'thread',
  description: 'threads printed by moderato parse',
  aliases: ['threads', 'moderato'],
  recognize(value) {
    const first = Array.isArray(value) ? value[0] : value;
    return typeof get(first, 'format') === 'string' &&
      Array.isArray(get(first, 'comments')) &&
      typeof get(first, 'source') === 'string'
      ? 0.99
      : 0;
  },
  open(sink) {
    let number = 0;
    return (value) => {
      const threads = asArray(value).filter(
        (each): each is JsonObject => isObject(each) && Array.isArray(get(each, 'comments')),
      );
      for (const each of threads) {
        readThread(each, number, sink);
        number += 1;
      }
      return threads.length;
    };
  },
});

function readThread(value: JsonObject, number: number, sink: Sink): void {
  // Threads of several pages have no id; their sources tell them apart.
  const threadId =
    asId(get(value, 'id')) ??
    (number === 0 ? undefined : `${asText(get(value, 'source')) ?? ''}#${number + 1}`);
  const article = get(value, 'article');
  sink.thread({
    id: threadId,
    article: isObject(article) ? (article as Partial<Article>) : undefined,
    declaredCount: asTotal(get(value, 'declaredCount')),
  });
  for (const [index, comment] of asArray(get(value, 'comments')).entries()) {
    const text = asText(get(comment, 'text'));
    if (text === undefined) {
      sink.diagnostic({
        code: 'no-text',
        severity: 'error',
        message: 'no text',
        lost: 1,
        place: { record: index + 1 },
        threadId,
      });
      continue;
    }
    sink.comment({
      threadId,
      id: asId(get(comment, 'id')),
      parentId: asId(get(comment, 'parentId')) ?? null,
      author: authorOf(asText(get(comment, 'author', 'name')), asId(get(comment, 'author', 'id'))),
      text,
      quotes: spansOf(get(comment, 'quotes')),
      createdAt: asText(get(comment, 'createdAt')),
      likes: asCount(get(comment, 'likes')),
      status: asStatus(get(comment, 'status')),
      span: spansOf([get(comment, 'span')])[0],
    });
  }
}

function spansOf(value: unknown): { start: number; end: number }[] {
  return asArray(value).flatMap((span) => {
    const [start, end] = [asTotal(get(span, 'start')), asTotal(get(span, 'end'))];
    return start === undefined || end === undefined || end < start ? [] : [{ start, end }];
  });
}
