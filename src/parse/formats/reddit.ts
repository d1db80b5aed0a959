import type { CommentRecord, Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { htmlToText } from '../reading/markup';
import { markQuotes } from '../reading/quotes';
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
  type JsonObject,
} from '../reading/values';

/** Reddit: a listing, a post's page (an array of two listings), or a dump with one comment or post a line. */
export const reddit = jsonFormat({
  name: 'reddit',
  description: 'Reddit listings (JSON)',
  aliases: [],
  recognize(value) {
    const rows = rowsOf(value) ?? value;
    const first = Array.isArray(rows) ? rows[0] : rows;
    if (!isObject(first)) return 0;
    if (get(first, 'kind') === 'Listing') return 0.97;
    const kind = get(first, 'kind');
    if ((kind === 't1' || kind === 't3') && isObject(get(first, 'data'))) return 0.95;
    return isComment(first) || isPost(first) ? 0.92 : 0;
  },
  open: (sink) => (value) => readThings(value, sink),
});

/** The rows of an archive's answer, `{ "data": [ … ] }`. */
function rowsOf(value: unknown): readonly unknown[] | undefined {
  const rows = get(value, 'data');
  return Array.isArray(rows) && get(value, 'kind') === undefined ? rows : undefined;
}

/** A comment as dumps hold it, without the `{ kind, data }` around it. */
function isComment(thing: unknown): boolean {
  return (
    typeof get(thing, 'body') === 'string' &&
    (/^t3_/.test(asText(get(thing, 'link_id')) ?? '') ||
      /^t[13]_/.test(asText(get(thing, 'parent_id')) ?? ''))
  );
}

function isPost(thing: unknown): boolean {
  return typeof get(thing, 'selftext') === 'string' && typeof get(thing, 'title') === 'string';
}

const bare = (id: unknown): string | undefined => asId(id)?.replace(/^t\d_/, '');

/** Walks listings and replies in their order, without recursion. */
function readThings(value: unknown, sink: Sink): number {
  let found = 0;
  const stack: { thing: unknown; threadId: string | undefined }[] = [{ thing: value, threadId: undefined }];
  while (stack.length > 0) {
    const { thing, threadId } = stack.pop()!;
    const push = (things: readonly unknown[], id = threadId): void => {
      for (let index = things.length - 1; index >= 0; index -= 1)
        stack.push({ thing: things[index], threadId: id });
    };
    if (Array.isArray(thing)) {
      // The second listing of a page belongs to the post in the first.
      const post = asId(get(thing, 0, 'data', 'children', 0, 'data', 'id'));
      const isPage = get(thing, 0, 'data', 'children', 0, 'kind') === 't3';
      push(thing, isPage ? post : threadId);
      continue;
    }
    const rows = rowsOf(thing);
    if (rows !== undefined) {
      push(rows);
      continue;
    }
    const kind = get(thing, 'kind');
    const inner = get(thing, 'data');
    const data = isObject(inner) && typeof kind === 'string' ? inner : isObject(thing) ? thing : {};
    if (kind === 'Listing') {
      found += 1;
      push(asArray(get(data, 'children')));
    } else if (kind === 'more') reportMore(data, threadId, sink);
    else if (kind === 't3' || (kind === undefined && isPost(data))) {
      found += 1;
      sink.thread(readPost(data));
    } else if (kind === 't1' || (kind === undefined && isComment(data))) {
      found += 1;
      const comment = readComment(data, threadId);
      sink.comment(comment);
      push(asArray(get(data, 'replies')).filter(isObject), comment.threadId);
    } else if (thing !== value) {
      sink.diagnostic({
        code: 'malformed-record',
        severity: 'error',
        message: 'neither a comment nor a post',
        lost: 1,
      });
    }
  }
  return found;
}

function reportMore(data: JsonObject, threadId: string | undefined, sink: Sink): void {
  const count = asCount(get(data, 'count')) ?? asArray(get(data, 'children')).length;
  if (count === 0 && asArray(get(data, 'children')).length === 0 && asId(get(data, 'id')) !== '_') return;
  sink.diagnostic({
    code: 'partial-replies',
    severity: 'warning',
    message:
      count === 0
        ? `a branch under ${bare(get(data, 'parent_id')) ?? 'the post'} goes on on another page`
        : `${count} more ${count === 1 ? 'comment' : 'comments'} under ${bare(get(data, 'parent_id')) ?? 'the post'} ${count === 1 ? 'was' : 'were'} not loaded when this was saved`,
    threadId,
  });
}

function readPost(data: JsonObject): {
  id?: string | undefined;
  article: object;
  declaredCount?: number | undefined;
} {
  const url = asText(get(data, 'url')) ?? asText(get(data, 'permalink'));
  return {
    id: asId(get(data, 'id')),
    article: {
      title: unescapeMarkdown(asText(get(data, 'title')) ?? '', data),
      text: unescapeMarkdown(asText(get(data, 'selftext')) ?? '', data),
      ...(url === undefined ? {} : { url }),
    },
    declaredCount: asTotal(get(data, 'num_comments')),
  };
}

function readComment(data: JsonObject, threadId: string | undefined): CommentRecord {
  const html = asText(get(data, 'body_html'));
  const body = asText(get(data, 'body'));
  const text =
    body === undefined ? htmlToText(htmlToText(html ?? '').text).text : unescapeMarkdown(body, data);
  const name = asText(get(data, 'author'));
  const post = bare(get(data, 'link_id'));
  const parent = parentOf(get(data, 'parent_id'), post);
  return {
    threadId: post ?? threadId,
    id: bare(get(data, 'id') ?? get(data, 'name')),
    parentId: parent,
    author: name === '[deleted]' ? undefined : authorOf(name, asId(get(data, 'author_fullname'))),
    text,
    quotes: markQuotes(text),
    createdAt: asRawDate(get(data, 'created_utc') ?? get(data, 'created')),
    likes: asCount(get(data, 'score')) ?? asCount(get(data, 'ups')),
    status: /^\[\s*deleted(?: by user)?\s*\]$/.test(text)
      ? 'deleted'
      : /^\[\s*removed.*\]$/.test(text)
        ? 'rejected'
        : undefined,
  };
}

/** Archives of 2022 and 2023 write ids of parents as the numbers that Reddit spells in base 36. */
function parentOf(value: unknown, post: string | undefined): string | null {
  const id = Number.isSafeInteger(value) ? (value as number).toString(36) : asText(value);
  if (id === undefined || id.startsWith('t3_') || id === post) return null;
  return bare(id) ?? null;
}

/** Reddit escapes `<`, `>` and `&` in Markdown, too, unless asked for raw JSON, which `body_html` shows. */
function unescapeMarkdown(text: string, data: JsonObject): string {
  const html = asText(get(data, 'body_html')) ?? asText(get(data, 'selftext_html'));
  if (html?.trimStart().startsWith('<')) return text;
  return text.replace(
    /&(lt|gt|amp|quot|#39|#x27|#x200B|nbsp);/g,
    (whole, name: string) => escapes.get(name) ?? whole,
  );
}

const escapes = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['#39', "'"],
  ['#x27', "'"],
  ['#x200B', '\u200B'],
  ['nbsp', '\u00A0'],
]);
