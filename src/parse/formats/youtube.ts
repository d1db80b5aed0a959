import type { CommentRecord, Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { htmlToText, plainText } from '../reading/markup';
import { asStatus } from '../reading/rows';
import {
  asArray,
  asCount,
  asId,
  asRawDate,
  asText,
  asTotal,
  authorOf,
  get,
  isObject,
} from '../reading/values';

/** YouTube Data API: answers of `commentThreads` and `comments`, or their items. */
export const youtube = jsonFormat({
  name: 'youtube',
  description: 'YouTube comment threads (JSON)',
  aliases: ['yt'],
  recognize(value) {
    const first = Array.isArray(value) ? value[0] : value;
    if (/^youtube#comment/.test(asText(get(first, 'kind')) ?? '')) return 0.98;
    const item = get(first, 'items', 0) ?? first;
    if (/^youtube#comment/.test(asText(get(item, 'kind')) ?? '')) return 0.97;
    return isObject(get(item, 'snippet')) && isComment(get(item, 'snippet', 'topLevelComment') ?? item)
      ? 0.93
      : 0;
  },
  open: (sink) => (value) => {
    let found = 0;
    const queue: unknown[] = [value];
    for (let index = 0; index < queue.length; index += 1) {
      const each = queue[index];
      if (Array.isArray(each)) for (const inner of each) queue.push(inner);
      else if (Array.isArray(get(each, 'items'))) {
        found += 1;
        for (const item of asArray(get(each, 'items'))) found += readItem(item, sink);
      } else found += readItem(each, sink);
    }
    return found;
  },
});

function isComment(value: unknown): boolean {
  return typeof (get(value, 'snippet', 'textOriginal') ?? get(value, 'snippet', 'textDisplay')) === 'string';
}

function readItem(item: unknown, sink: Sink): number {
  const top = get(item, 'snippet', 'topLevelComment');
  if (top === undefined) {
    if (!isComment(item)) {
      if (isObject(item)) {
        sink.diagnostic({
          code: 'malformed-record',
          severity: 'error',
          message: 'an item without a comment',
          lost: 1,
        });
      }
      return 0;
    }
    sink.comment(readComment(item, undefined, undefined));
    return 1;
  }
  const threadId = asId(get(item, 'snippet', 'videoId')) ?? asId(get(top, 'snippet', 'videoId'));
  const comment = readComment(top, threadId, asId(get(item, 'id')));
  sink.comment(comment);
  const replies = asArray(get(item, 'replies', 'comments'));
  for (const reply of replies) sink.comment(readComment(reply, threadId, undefined, comment.id));
  const total = asTotal(get(item, 'snippet', 'totalReplyCount')) ?? 0;
  if (total > replies.length) {
    sink.diagnostic({
      code: 'partial-replies',
      severity: 'warning',
      message: `comment ${comment.id} has ${total} replies, ${replies.length} are in the source`,
      threadId,
      ...(comment.id === undefined ? {} : { place: { id: comment.id } }),
    });
  }
  return 1 + replies.length;
}

function readComment(
  value: unknown,
  threadId: string | undefined,
  fallbackId: string | undefined,
  parent?: string | undefined,
): CommentRecord {
  const snippet = get(value, 'snippet');
  const original = asText(get(snippet, 'textOriginal'));
  const channel = get(snippet, 'authorChannelId');
  return {
    threadId: threadId ?? asId(get(snippet, 'videoId')),
    id: asId(get(value, 'id')) ?? fallbackId,
    parentId: asId(get(snippet, 'parentId')) ?? parent ?? null,
    author: authorOf(asText(get(snippet, 'authorDisplayName')), asId(get(channel, 'value')) ?? asId(channel)),
    ...(original === undefined ? htmlToText(asText(get(snippet, 'textDisplay')) ?? '') : plainText(original)),
    createdAt: asRawDate(get(snippet, 'publishedAt')),
    likes: asCount(get(snippet, 'likeCount')),
    status: asStatus(get(snippet, 'moderationStatus')),
  };
}
