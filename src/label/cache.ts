import { createHash } from 'node:crypto';
import type { Outcome } from '../types';
import type { NamedComment } from './executor';

/** What is known of all comments with one text; `outcome` is absent until the first of them has been labelled. */
export interface CacheEntry {
  outcome?: Outcome;
}

/**
 * Remembers the outcomes of recent comments, so that a text which comes again is labelled once. The least recently
 * used are forgotten.
 *
 * @param digest of the model: outcomes of one model are none of another's
 * @param capacity most entries; one takes about two kilobytes
 */
export function outcomeCache(digest: string, capacity: number) {
  const entries = new Map<string, CacheEntry>();
  return {
    /** The entry of a comment's text, and whether it has been met before. */
    entry(comment: NamedComment): { entry: CacheEntry; known: boolean } {
      const key = keyOf(digest, comment);
      const found = entries.get(key);
      const entry = found ?? {};
      entries.delete(key);
      entries.set(key, entry);
      if (entries.size > capacity) entries.delete(entries.keys().next().value!);
      return { entry, known: found !== undefined };
    },
    get size() {
      return entries.size;
    },
  };
}

/** A digest and not the text: long texts cost no more than short ones, and none keeps its file's buffer alive. */
function keyOf(digest: string, { text, quotes, status, invalid }: NamedComment): string {
  return createHash('sha256')
    .update(JSON.stringify([digest, text, quotes, status, invalid]))
    .digest('base64');
}
