import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { Outcome } from '../types';
import { type Executor, type NamedComment, named } from './executor';
import { iteratorOf, mapInOrder } from './in-order';
import type { CommentInput } from './prepare';

export interface StreamProgress {
  /** Outcomes given out so far: the sum of the next three. */
  done: number;
  labelled: number;
  skipped: number;
  failed: number;
  /** Seconds since the stream began. */
  seconds: number;
  /** Outcomes a second since the stream began. */
  rate: number;
}

export interface StreamOptions {
  /** Stops the stream: the iteration throws the signal's reason. */
  signal?: AbortSignal;
  /** Told after every block of some hundred outcomes, and once at the end. */
  onProgress?: (progress: StreamProgress) => void;
}

/** Blocks that wait beside those which are computed, so that no core waits for the reader or the consumer. */
const spareBlocks = 2;

/** Milliseconds between two looks at whether a core has run dry while the source hesitates. */
const hesitation = 5;

/** The outcomes of a stream of comments, in order; see `Labeler.stream`. */
export async function* streamOutcomes(
  comments: AsyncIterable<CommentInput> | Iterable<CommentInput>,
  executor: Executor,
  options: StreamOptions,
): AsyncGenerator<Outcome, void, void> {
  const started = performance.now();
  const counts = { labelled: 0, skipped: 0, failed: 0 };
  // Jobs that wait in the executor's queue are given up as soon as nobody reads on.
  const abandoned = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abandoned.signal]) : abandoned.signal;
  const report = () => {
    const done = counts.labelled + counts.skipped + counts.failed;
    const seconds = (performance.now() - started) / 1000;
    options.onProgress?.({ done, ...counts, seconds, rate: done / Math.max(seconds, 1e-3) });
  };
  try {
    const window = executor.parallel + spareBlocks;
    const blocks = blocksOf(comments, executor);
    for await (const outcomes of mapInOrder(blocks, window, (block) => executor.run(block, signal), signal)) {
      for (const outcome of outcomes) {
        // The consumer may have aborted over the outcome before, with the rest of the block at hand.
        options.signal?.throwIfAborted();
        counts[outcome.status] += 1;
        yield outcome;
      }
      report();
    }
    report();
  } finally {
    abandoned.abort();
  }
}

/**
 * Groups comments into blocks. A block waits until it is full only while every core is busy: from a source that gives
 * a comment now and then, each is labelled as it comes.
 */
async function* blocksOf(
  comments: AsyncIterable<CommentInput> | Iterable<CommentInput>,
  executor: Executor,
): AsyncGenerator<NamedComment[]> {
  const iterator = iteratorOf(comments);
  let block: NamedComment[] = [];
  let position = 0;
  let open = true;
  try {
    while (open) {
      const next = nextOf(iterator);
      if (block.length > 0 && (await outlastsWork(next, executor))) {
        yield block;
        block = [];
      }
      const result = await next;
      open = !('error' in result || result.done);
      if (!('error' in result) && !result.done) {
        block.push(named(result.value, position));
        position += 1;
      }
      if (block.length > 0 && (!open || block.length >= executor.blockSize)) {
        yield block;
        block = [];
      }
      if ('error' in result) throw result.error;
    }
  } finally {
    if (open) await iterator.return?.();
  }
}

type Next = IteratorResult<CommentInput> | { error: unknown };

/** The source's next comment, or its error: a synchronous source throws it, an asynchronous one rejects with it. */
function nextOf(iterator: ReturnType<typeof iteratorOf<CommentInput>>): Promise<Next> {
  try {
    return Promise.resolve(iterator.next()).catch((error: unknown) => ({ error }));
  } catch (error) {
    return Promise.resolve({ error });
  }
}

/** Whether the source still hesitates over `next` when a core has run dry. */
async function outlastsWork(next: Promise<unknown>, executor: Executor): Promise<boolean> {
  let arrived = false;
  const arrival = next.then(() => {
    arrived = true;
  });
  // Most sources have the next comment at hand: a few microtasks away.
  for (let turn = 0; turn < 8 && !arrived; turn++) await undefined;
  if (!arrived) await Promise.race([arrival, nextTurn()]);
  while (!arrived && !executor.idle()) await Promise.race([arrival, pause(hesitation)]);
  return !arrived;
}
