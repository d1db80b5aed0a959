import type { Sink } from '../format';
import { jsonFormat } from '../reading/json-values';
import { htmlToText } from '../reading/markup';
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

/** Hacker News: Algolia items with their tree, Algolia search results, items of the official interface. */
export const hackerNews = jsonFormat({
  name: 'hacker-news',
  description: 'Hacker News items (JSON)',
  aliases: ['hackernews', 'hn'],
  recognize(value) {
    let first: unknown = Array.isArray(value) ? value[0] : value;
    // Keys stand in the order of the alphabet, so what a sample holds whole is the first leaf of the tree.
    while (isObject(get(first, 'children', 0)) && get(first, 'created_at_i') === undefined)
      first = get(first, 'children', 0);
    if (!isObject(first)) return 0;
    const item = first;
    const has = (...keys: string[]): boolean => keys.every((key) => Object.hasOwn(item, key));
    if (has('created_at_i', 'children') || has('created_at_i', 'story_id')) return 0.96;
    if (
      has('by', 'time', 'type') ||
      (has('id', 'type', 'time') && (has('kids') || has('deleted') || has('dead')))
    )
      return 0.93;
    return has('hits') && (has('hitsPerPage') || isObject(get(first, 'hits', 0, '_highlightResult')))
      ? 0.95
      : 0;
  },
  open: (sink) => {
    const stories = new Set<string>();
    const above = ancestors();
    return (value) => {
      // In a list, answers may stand before what they answer.
      for (const item of Array.isArray(value) ? value : [value]) {
        const id = asId(get(item, 'id'));
        if (id === undefined || !isObject(item)) continue;
        if (isStory(item)) stories.add(id);
        else above.note(id, asId(get(item, 'parent')));
      }
      return readItems(value, sink, stories, above.top);
    };
  },
});

/** So many items are known by what they answer. */
const KNOWN = 1_000_000;

/** Items of the official interface name what they answer, not their story. Finds the topmost item that is known. */
function ancestors() {
  const parents = new Map<string, string>();
  const top = (id: string): string => {
    const path: string[] = [];
    let at = id;
    for (let next = parents.get(at); next !== undefined; next = parents.get(at)) {
      path.push(at);
      at = next;
    }
    for (const each of path) parents.set(each, at);
    return at;
  };
  const note = (id: string, parent: string | undefined): void => {
    // What would answer itself through its parents stays at the top.
    if (parent === undefined || parents.has(id) || top(parent) === id) return;
    if (parents.size >= KNOWN) parents.delete(parents.keys().next().value!);
    parents.set(id, parent);
  };
  return { note, top };
}

/** Walks items and their children in order, without recursion. */
function readItems(value: unknown, sink: Sink, stories: Set<string>, topOf: (id: string) => string): number {
  let found = 0;
  const stack: { item: unknown; threadId: string | undefined }[] = [{ item: value, threadId: undefined }];
  while (stack.length > 0) {
    const { item, threadId } = stack.pop()!;
    const push = (items: readonly unknown[], id: string | undefined): void => {
      for (let index = items.length - 1; index >= 0; index -= 1)
        stack.push({ item: items[index], threadId: id });
    };
    if (Array.isArray(item)) {
      push(item, threadId);
      continue;
    }
    if (!isObject(item)) continue;
    if (Array.isArray(get(item, 'hits'))) {
      found += 1;
      push(asArray(get(item, 'hits')), threadId);
      continue;
    }
    const id = asId(get(item, 'id')) ?? asId(get(item, 'objectID'));
    if (id === undefined && get(item, 'text') === undefined) continue;
    found += 1;
    if (isStory(item)) {
      if (id !== undefined) stories.add(id);
      sink.thread(readStory(item, id));
      push(asArray(get(item, 'children')), id);
      continue;
    }
    const parent = asId(get(item, 'parent'));
    const top = parent === undefined ? undefined : topOf(parent);
    const story =
      asId(get(item, 'story_id')) ?? threadId ?? (top !== undefined && stories.has(top) ? top : undefined);
    sink.comment(readComment(item, id, story, stories));
    push(asArray(get(item, 'children')), story);
  }
  return found;
}

function isStory(item: JsonObject): boolean {
  const type = get(item, 'type');
  if (type === 'comment') return false;
  if (type === 'story' || type === 'job' || type === 'poll') return true;
  return typeof get(item, 'title') === 'string' && typeof get(item, 'comment_text') !== 'string';
}

function readStory(item: JsonObject, id: string | undefined) {
  const url = asText(get(item, 'url'));
  const published = asText(get(item, 'created_at'));
  return {
    id,
    article: {
      title: asText(get(item, 'title')) ?? '',
      text: htmlToText(asText(get(item, 'text')) ?? asText(get(item, 'story_text')) ?? '').text,
      ...(url === undefined || url === '' ? {} : { url }),
      ...(published === undefined ? {} : { publishedAt: published }),
    },
    declaredCount: asTotal(get(item, 'descendants')) ?? asTotal(get(item, 'num_comments')),
  };
}

function readComment(
  item: JsonObject,
  id: string | undefined,
  story: string | undefined,
  stories: Set<string>,
) {
  const html = asText(get(item, 'text')) ?? asText(get(item, 'comment_text'));
  const name = asText(get(item, 'author')) ?? asText(get(item, 'by'));
  const parent = asId(get(item, 'parent_id')) ?? asId(get(item, 'parent'));
  const deleted = get(item, 'deleted') === true || (html === undefined && name === undefined);
  return {
    threadId: story,
    id,
    parentId: parent === undefined || parent === story || stories.has(parent) ? null : parent,
    author: authorOf(name, undefined),
    ...htmlToText(html ?? ''),
    createdAt: asRawDate(get(item, 'created_at_i') ?? get(item, 'time') ?? get(item, 'created_at')),
    likes: asCount(get(item, 'points')),
    status: deleted ? ('deleted' as const) : get(item, 'dead') === true ? ('rejected' as const) : undefined,
  };
}
