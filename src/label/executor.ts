import type { ModelIdentity, Outcome, Span } from '../types';
import type { CommentInput } from './prepare';

/** A comment reduced to what labelling needs, with an id of its own: it can travel to another process. */
export type NamedComment = Exclude<CommentInput, string> & {
  /** Why it is no comment that can be labelled. */
  invalid?: string;
};

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

/**
 * The comment under an id of its own: its position where it has none. Other fields are left behind. What is no comment
 * becomes one that says so, for it must not take the others with it.
 */
export function named(comment: CommentInput, position: number): NamedComment {
  if (typeof comment === 'string') return { id: String(position), text: comment.slice(0, longestText) };
  let id = String(position);
  try {
    id = String(comment?.id ?? position);
    return { id, ...fieldsOf(comment, id) };
  } catch (error) {
    return { id, text: '', invalid: `Comment ${id} cannot be read: ${(error as Error)?.message}` };
  }
}

function fieldsOf(comment: Partial<NamedComment> | null, id: string): Omit<NamedComment, 'id'> {
  const { text, quotes, status } = comment ?? {};
  const invalid = (reason: string) => ({ text: '', invalid: `Comment ${id} ${reason}.` });
  if (typeof text !== 'string') return invalid('has no text of type string');
  if (typeof (status ?? '') !== 'string') return invalid('has a status that is no string');
  const spans = Array.isArray(quotes) ? quotes : undefined;
  if (spans && ![...spans].every(isSpan)) return invalid('has a quote without start and end');
  return {
    text: text.slice(0, longestText),
    ...(spans && { quotes: spans.map(({ start, end }) => ({ start, end })) }),
    ...(status !== undefined && { status }),
  };
}

const isSpan = (value: Partial<Span> | null): value is Span =>
  typeof value?.start === 'number' && typeof value.end === 'number';
