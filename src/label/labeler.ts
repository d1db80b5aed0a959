import { availableParallelism, totalmem } from 'node:os';
import { ModelError, UsageError } from '../errors';
import type { Model } from '../model/model';
import type { ModelIdentity, Outcome } from '../types';
import { type Executor, named } from './executor';
import { inProcess } from './in-process';
import { workerPool } from './pool';
import type { CommentInput } from './prepare';
import { type StreamOptions, streamOutcomes } from './stream';

export interface LabelerOptions {
  /**
   * A shipped model's name, the path of a model folder, or a loaded `Model`.
   * @default 'moderato-en-small'
   */
  model?: string | Model;
  /**
   * Threads of one forward pass. With workers: of each worker.
   * @default as many as the machine has cores, shared out among the workers
   */
  threads?: number;
  /**
   * Child processes that label, each with a model of its own; `'auto'` is one for each core that the memory allows. 0
   * labels in this process. Worth it from some thousand comments on: a worker takes half a second to start.
   * @default 0
   */
  workers?: number | 'auto';
  /**
   * Most tokens of one forward pass, padding included. Larger batches are not faster on a CPU, and hold more memory.
   * @default 1024
   */
  tokenBudget?: number;
  /** Label comments that are pending, rejected, spam, deleted or pingbacks too. @default false */
  includeUnpublished?: boolean;
}

export interface Labeler {
  /**
   * Labels comments.
   *
   * @param comments strings, or objects with `id` and `text`; order is kept
   * @returns one outcome for each comment, in the same order: none is lost, and one that cannot be labelled says why
   * @throws ModelError when the model cannot be loaded or the labeler has been disposed of
   *
   * @example
   * const labeler = createLabeler();
   * const [outcome] = await labeler.label(['EU meddling will only worsen the situation.']);
   * outcome.labels.stance.targets.europe.label; // 'against'
   */
  label(comments: readonly CommentInput[]): Promise<Outcome[]>;
  /**
   * Labels comments of a source of any length, in bounded memory: some thousand comments are read ahead, no more until
   * outcomes are taken.
   *
   * Outcomes come in the order of the comments, one for each. Comments of similar length are computed together; where
   * the source is slow, each is labelled as it comes. Leaving the loop early closes the source.
   *
   * @param comments as for `label`; a string's id is its position
   * @throws ModelError as `label`; what the source throws; the reason of `options.signal`
   *
   * @example
   * for await (const outcome of labeler.stream(comments, { signal: AbortSignal.timeout(60_000) }))
   *   console.log(outcome.id, outcome.status);
   */
  stream(
    comments: AsyncIterable<CommentInput> | Iterable<CommentInput>,
    options?: StreamOptions,
  ): AsyncGenerator<Outcome, void, void>;
  /** Loads the model now rather than with the first comment, and says which it is. */
  load(): Promise<ModelIdentity>;
  /** Frees the model and ends the workers. Calls of `label` under way are finished first; later calls are refused. */
  dispose(): Promise<void>;
}

/**
 * Makes a labeler. Nothing is read and no process started before the first call; the model is read once (once by each
 * worker); calls may overlap.
 *
 * @throws UsageError when an option is out of its range
 */
export function createLabeler(options: LabelerOptions = {}): Labeler {
  const executor = executorFor(options);
  const underWay = new Set<Promise<unknown>>();
  let disposed = false;

  function refuseIfDisposed(): void {
    if (disposed)
      throw new ModelError('The labeler has been disposed of; create another.', { code: 'model-disposed' });
  }

  async function label(comments: readonly CommentInput[]): Promise<Outcome[]> {
    refuseIfDisposed();
    // Unlike `map`, which passes over holes: they too get an outcome.
    const all = Array.from(comments, named);
    const size = executor.largestBlock;
    if (all.length <= size) return executor.run(all);
    const blocks: Promise<Outcome[]>[] = [];
    for (let start = 0; start < all.length; start += size)
      blocks.push(executor.run(all.slice(start, start + size)));
    return (await Promise.all(blocks)).flat();
  }

  return {
    async label(comments) {
      const call = label(comments);
      underWay.add(call);
      try {
        return await call;
      } finally {
        underWay.delete(call);
      }
    },
    async *stream(comments, streamOptions = {}) {
      refuseIfDisposed();
      yield* streamOutcomes(comments, executor, streamOptions);
    },
    async load() {
      refuseIfDisposed();
      return executor.load();
    },
    async dispose() {
      disposed = true;
      await Promise.allSettled(underWay);
      await executor.dispose();
    },
  };
}

/** Bytes of memory that a worker with the shipped model may take; `'auto'` uses half of the machine's at most. */
const workerMemory = 300e6;

/**
 * @param workers processes, 0, or `'auto'`
 * @returns how many processes that is on this machine
 */
export function workerCount(workers: number | 'auto'): number {
  if (workers !== 'auto') return workers;
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 / workerMemory)));
}

function executorFor(options: LabelerOptions): Executor {
  const { model, threads } = options;
  const shared = {
    tokenBudget: options.tokenBudget ?? 1024,
    includeUnpublished: options.includeUnpublished ?? false,
  };
  requireWhole('threads', threads, 1);
  requireWhole('tokenBudget', shared.tokenBudget, 1);
  const workers = workerCount(options.workers ?? 0);
  requireWhole('workers', workers, 0);
  if (workers === 0)
    return inProcess({
      ...shared,
      ...(model !== undefined && { model }),
      ...(threads !== undefined && { threads }),
    });
  if (typeof model === 'object')
    throw new UsageError('A loaded model cannot be handed to workers; give the path of its folder as model.');
  return workerPool({
    ...shared,
    workers,
    threads: threads ?? Math.max(1, Math.floor(availableParallelism() / workers)),
    ...(model !== undefined && { model }),
  });
}

function requireWhole(name: string, value: number | undefined, least: number): void {
  if (value !== undefined && (!Number.isInteger(value) || value < least))
    throw new UsageError(`${name} must be a whole number from ${least}, not ${value}.`);
}
