import type { CommentRecord, Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { htmlToText, maybeHtmlToText } from '../reading/markup';
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

/** JSON-LD with schema.org's words: articles with `comment`, `DiscussionForumPosting`, lists and graphs of `Comment`. */
export const jsonLd = jsonFormat({
  name: 'json-ld',
  description: 'JSON-LD (schema.org) comments',
  aliases: ['jsonld', 'ld+json', 'schema.org'],
  recognize(value) {
    const first = Array.isArray(value) ? value[0] : value;
    const context = get(first, '@context');
    const vocabulary = typeof context === 'string' ? context : asText(get(context, '@vocab'));
    if (vocabulary?.includes('schema.org')) return 0.97;
    return get(first, '@type') !== undefined || get(first, '@graph') !== undefined ? 0.9 : 0;
  },
  open: (sink) => {
    const seen: Articles = { headed: false, numbered: 0, threads: new Map() };
    return (value) => readLinkedData(value, sink, seen);
  },
});

const articleTypes =
  /^(?:schema:)?(?:\w*Article|\w*Posting|BlogPosting|Report|WebPage|CreativeWork|VideoObject|Question|Recipe|Review)$/;
const commentTypes = /^(?:schema:)?(?:Comment|UserComments|Answer|CorrectionComment)$/;

const typesOf = (node: JsonObject): string[] =>
  asArray(get(node, '@type'))
    .filter((type): type is string => typeof type === 'string')
    .map((type) => type.replace(/^https?:\/\/schema\.org\//, ''));
const isComment = (node: JsonObject): boolean => typesOf(node).some((type) => commentTypes.test(type));
const isArticle = (node: JsonObject): boolean => typesOf(node).some((type) => articleTypes.test(type));

interface Pending {
  node: unknown;
  parentId: string | null;
  isReply: boolean;
  threadId: string | undefined;
}

/** What is known of an input's articles so far. */
interface Articles {
  headed: boolean;
  /** How many comments there were; names those that have no id. */
  numbered: number;
  /** Threads by what identifies articles with comments; the first thread has no id. */
  threads: Map<string, string | undefined> | undefined;
}

/**
 * Walks nodes in order, without recursion. Returns how many articles and comments there were.
 *
 * @param seen what values before this one held; without it, all is one page's thread
 */
export function readLinkedData(
  value: unknown,
  sink: Sink,
  seen: Articles = { headed: false, numbered: 0, threads: undefined },
): number {
  let found = 0;
  const stack: Pending[] = [{ node: value, parentId: null, isReply: false, threadId: undefined }];
  const identified = new Set<string>();
  while (stack.length > 0) {
    const { node, parentId, isReply, threadId: around } = stack.pop()!;
    let threadId = around;
    const push = (nodes: readonly unknown[], parent: string | null, reply: boolean): void => {
      for (let index = nodes.length - 1; index >= 0; index -= 1) {
        stack.push({ node: nodes[index], parentId: parent, isReply: reply, threadId });
      }
    };
    if (Array.isArray(node)) {
      push(node, parentId, isReply);
      continue;
    }
    if (!isObject(node)) {
      if (isReply && typeof node !== 'string') {
        sink.diagnostic({
          code: 'malformed-record',
          severity: 'error',
          message: 'a comment that is no object',
          lost: 1,
          threadId,
        });
      }
      continue;
    }
    const replies = asArray(get(node, 'comment') ?? get(node, 'comments'));
    const answers = [
      ...replies,
      ...asArray(get(node, 'acceptedAnswer')),
      ...asArray(get(node, 'suggestedAnswer')),
    ];
    // What stands where comments stand is one, also if forums call it a posting.
    if (isComment(node) || isReply) {
      // A reference to a comment that is described elsewhere: { "@id": "#c1" }.
      if (Object.keys(node).length === 1 && get(node, '@id') !== undefined) continue;
      found += 1;
      seen.numbered += 1;
      const comment = readComment(node, parentId, seen.numbered);
      comment.threadId = threadId;
      const named = get(node, '@id') === undefined ? undefined : comment.id;
      // A comment that is known may be mentioned again, with what answers it.
      const isKnown = named !== undefined && identified.has(named) && comment.text === '';
      if (named !== undefined) identified.add(named);
      if (!isKnown) sink.comment(comment);
      push(answers, comment.id ?? null, true);
      continue;
    }
    if (isArticle(node) && (!seen.headed || replies.length > 0)) {
      found += 1;
      seen.headed = true;
      if (replies.length > 0) threadId = threadOf(node, seen.threads);
      sink.thread({ id: threadId, ...readHeader(node) });
    }
    const inner = [
      get(node, '@graph'),
      get(node, 'mainEntity'),
      get(node, 'itemListElement'),
      get(node, 'item'),
      get(node, 'mainEntityOfPage'),
    ];
    push([...inner.flatMap(asArray).filter(isObject)], null, false);
    push(answers, null, true);
  }
  return found;
}

/** Articles that are discussed are threads; one that is described again is the same. */
function threadOf(node: JsonObject, threads: Articles['threads']): string | undefined {
  if (threads === undefined) return undefined;
  const given =
    asId(get(node, '@id')) ??
    asId(get(node, 'identifier')) ??
    asId(get(node, 'url')) ??
    asId(get(node, 'headline'));
  const key = given ?? `#${threads.size + 1}`;
  if (!threads.has(key)) threads.set(key, threads.size === 0 ? undefined : key);
  return threads.get(key);
}

function readHeader(node: JsonObject) {
  const url =
    asText(get(node, 'url')) ??
    asText(get(node, 'mainEntityOfPage', '@id')) ??
    asText(get(node, 'mainEntityOfPage'));
  const published = asText(get(node, 'datePublished'));
  const language = asText(get(node, 'inLanguage'));
  return {
    article: {
      title: htmlToText(asText(get(node, 'headline')) ?? asText(get(node, 'name')) ?? '').text,
      text: maybeHtmlToText((asText(get(node, 'articleBody')) ?? asText(get(node, 'text')) ?? '').trim())
        .text,
      ...(url === undefined ? {} : { url }),
      ...(published === undefined ? {} : { publishedAt: published }),
      ...(language === undefined ? {} : { language }),
    },
    declaredCount: asTotal(get(node, 'commentCount')) ?? interactions(node, 'CommentAction'),
  };
}

function readComment(node: JsonObject, parentId: string | null, number: number): CommentRecord {
  const parent = get(node, 'parentItem');
  const author = asArray(get(node, 'author') ?? get(node, 'creator'))[0];
  const name =
    typeof author === 'string'
      ? author
      : (asText(get(author, 'name')) ?? asText(get(author, 'alternateName')));
  const authorId = asId(get(author, '@id')) ?? asId(get(author, 'identifier')) ?? asId(get(author, 'url'));
  const likes = asCount(get(node, 'upvoteCount')) ?? interactions(node, 'LikeAction');
  return {
    // Replies need an id to point to, also where the page gives none.
    id: asId(get(node, '@id')) ?? asId(get(node, 'identifier')) ?? asId(get(node, 'url')) ?? String(number),
    parentId:
      parentId ??
      asId(get(parent, '@id')) ??
      asId(get(parent, 'identifier')) ??
      asId(get(parent, 'url')) ??
      asText(parent) ??
      null,
    author: authorOf(name, authorId),
    // Plain by the vocabulary, but sites put HTML there, too.
    ...maybeHtmlToText(
      (
        asText(get(node, 'text')) ??
        asText(get(node, 'commentText')) ??
        asText(get(node, 'articleBody')) ??
        asText(get(node, 'description')) ??
        ''
      ).trim(),
    ),
    createdAt: asRawDate(get(node, 'dateCreated') ?? get(node, 'datePublished') ?? get(node, 'commentTime')),
    likes,
    status: asText(get(node, 'creativeWorkStatus'))?.toLowerCase() === 'deleted' ? 'deleted' : undefined,
  };
}

function interactions(node: JsonObject, action: string): number | undefined {
  for (const each of asArray(get(node, 'interactionStatistic'))) {
    const type = get(each, 'interactionType');
    const name = asText(type) ?? asText(get(type, '@type'));
    if (name?.endsWith(action)) return asCount(get(each, 'userInteractionCount'));
  }
  return undefined;
}
