import type { ModelIdentity, Outcome } from '../types';
import type { CommentInput } from './prepare';

/** A comment reduced to what labelling needs, with an id of its own: it can travel to another process. */
export type NamedComment = Exclude<CommentInput, string>;

/** Where comments are labelled: this process, or a pool of others. */
export interface Executor {
  /** Loads the model where it has not been loaded, and says which it is. */
  load(): Promise<ModelIdentity>;
  /**
   * One outcome for each comment, in order. Calls may overlap; they are served in the order in which they came.
   *
   * @param signal what has not been started when it aborts is not done, and the promise is rejected with its reason
   */
  run(comments: readonly NamedComment[], signal?: AbortSignal): Promise<Outcome[]>;
  /** Comments of one call of `run` that serve it best: more give fuller batches, fewer give earlier results. */
  readonly blockSize: number;
  /** Most comments of one call of `run`. */
  readonly largestBlock: number;
  /** Calls of `run` under way that keep every core busy. */
  readonly parallel: number;
  /** Some core has nothing to do. */
  idle(): boolean;
  dispose(): Promise<void>;
}

/**
 * No model reads as far as this. Longer texts are cut before they travel, so that a block of comments has a size that
 * memory can count on.
 */
const longestText = 100_000;

/** The comment under an id of its own: its position where it has none. Other fields are left behind. */
export function named(comment: CommentInput, position: number): NamedComment {
  if (typeof comment === 'string') return { id: String(position), text: comment.slice(0, longestText) };
  const { id, text, quotes, status } = (comment ?? {}) as Partial<NamedComment>;
  return {
    id: String(id ?? position),
    text: typeof text === 'string' ? text.slice(0, longestText) : (text as never),
    ...(Array.isArray(quotes) && { quotes: quotes.map(({ start, end }) => ({ start, end })) }),
    ...(status !== undefined && { status }),
  };
}
