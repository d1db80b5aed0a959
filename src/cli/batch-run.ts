import { createHash, type Hash } from 'node:crypto';
import { BatchError } from '../errors';
import { type CacheEntry, outcomeCache } from '../label/cache';
import { named } from '../label/executor';
import { garbageCollector } from '../label/garbage';
import { mapInOrder } from '../label/in-order';
import type { Labeler } from '../label/labeler';
import type { Comment, Decision, Outcome } from '../types';
import type { FailedInput, Settings, Tally } from './batch-checkpoint';
import type { Output } from './batch-output';
import type { BatchRow, RowFormat } from './batch-rows';
import type { SourcedComment } from './batch-sources';
import { count, emptyTally } from './batch-tally';
import { labelledRow } from './label';

export interface BatchRun {
  settings: Settings;
  labeler: Labeler;
  /** Blocks of comments that are labelled at once. */
  parallel: number;
  format: RowFormat;
  output: Output;
  decide?: (outcome: Outcome, comment: Comment) => Decision;
  /** Comments whose outcomes are remembered for others of the same text. */
  cacheSize: number;
  signal: AbortSignal;
  /** Inputs that could not be read so far; grows while they are read. */
  failed: readonly FailedInput[];
  /** Where an earlier run stood. */
  from?: { tally: Tally; digest: string };
  onProgress(tally: Tally, bytes: number): void;
}

interface Block {
  rows: { sourced: SourcedComment; entry: CacheEntry; repeated: boolean }[];
  /** Those of the rows whose texts have to be labelled. */
  fresh: { comment: Comment; entry: CacheEntry }[];
  /** Of every comment up to the end of the block. */
  digest: string;
}

/** Comments with new texts in a block, and comments in all. */
const freshInBlock = 256;
const mostInBlock = 4096;

/** Blocks between two collections of garbage. */
const collectEvery = 64;

/** Milliseconds between two checkpoints: what a crash costs at most. */
const checkpointInterval = 250;

/**
 * Labels the comments of a source into an output, from where an earlier run stood.
 *
 * The rows depend on the comments alone, so that however often the run is broken off, the output is the same.
 */
export async function runBatch(comments: AsyncIterable<SourcedComment>, run: BatchRun): Promise<Tally> {
  const { labeler, output, settings, signal, failed } = run;
  const tally = run.from ? structuredClone(run.from.tally) : emptyTally();
  let digest = run.from?.digest ?? '';
  let saved = 0;
  const save = async (complete: boolean) => {
    await output.save({ settings, tally, digest, complete, failed: [...failed] });
    saved = performance.now();
  };
  if (!run.from) await output.write(run.format.header);
  await save(false);

  const collect = garbageCollector(collectEvery);
  const blocks = blocksOf(comments, run);
  const label = async (block: Block) => {
    const outcomes = await labeler.label(block.fresh.map(({ comment }) => comment));
    for (const [index, { entry }] of block.fresh.entries()) entry.outcome = outcomes[index]!;
    return block;
  };
  try {
    for await (const block of mapInOrder(blocks, run.parallel + 2, label, signal)) {
      const lines: string[] = [];
      // The tally must not be ahead of the bytes, whatever interrupts the write.
      const next = structuredClone(tally);
      for (const { sourced, entry, repeated } of block.rows) {
        const row = rowOf(sourced, entry.outcome!, run.decide);
        lines.push(run.format.line(row));
        count(next, row, repeated);
      }
      await output.write(lines.join(''));
      Object.assign(tally, next);
      digest = block.digest;
      run.onProgress(tally, block.rows.at(-1)!.sourced.bytes);
      if (performance.now() - saved > checkpointInterval) await save(false);
      collect.often();
    }
  } catch (error) {
    // What the disk has no room for cannot be saved; else nothing that has been written is done again.
    if (signal.aborted) await save(false);
    throw error;
  }
  await save(true);
  // Else the next run with --resume would take the output for that of all inputs.
  await output.finish({ keepCheckpoint: failed.length > 0 });
  return tally;
}

function rowOf({ source, comment }: SourcedComment, outcome: Outcome, decide: BatchRun['decide']): BatchRow {
  const row = labelledRow(source, comment, outcome);
  return decide ? { ...row, decision: decide(outcome, comment) } : row;
}

async function* blocksOf(comments: AsyncIterable<SourcedComment>, run: BatchRun): AsyncGenerator<Block> {
  const { settings } = run;
  const limit = settings.limit ?? Number.POSITIVE_INFINITY;
  const skip = run.from?.tally.comments ?? 0;
  const cache = outcomeCache(settings.model.digest, run.cacheSize);
  const seen = createHash('sha256');
  let read = 0;
  let rows: Block['rows'] = [];
  let fresh: Block['fresh'] = [];
  const block = () => {
    const full = { rows, fresh, digest: digestOf(seen) };
    rows = [];
    fresh = [];
    return full;
  };
  if (skip >= limit) return;
  for await (const sourced of comments) {
    const { source, comment } = sourced;
    seen.update(`${source}\0${comment.id}\0${comment.text}\0`);
    read += 1;
    if (read <= skip) {
      if (read === skip) requireSameComments(digestOf(seen), run.from!.digest);
      continue;
    }
    const { entry, known } = cache.entry(named(comment, read));
    if (!known) fresh.push({ comment, entry });
    rows.push({ sourced, entry, repeated: known });
    if (fresh.length >= freshInBlock || rows.length >= mostInBlock) yield block();
    if (read >= limit) break;
  }
  if (read < skip) requireSameComments('', run.from!.digest);
  if (rows.length > 0) yield block();
}

const digestOf = (hash: Hash) => hash.copy().digest('hex');

function requireSameComments(now: string, before: string): void {
  if (now !== before)
    throw new BatchError(
      'The input does not begin with the comments that the unfinished run has done; --restart begins anew.',
      { code: 'input-changed' },
    );
}
