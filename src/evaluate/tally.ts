import type { BinaryCounts, CellCounter } from './binary';
import type { Columns } from './columns';
import type { StanceCounts } from './stance';

/** How the cells of each column are counted. */
export interface Counters {
  stance: CellCounter<StanceCounts>[];
  toxicity: CellCounter<BinaryCounts>[];
}

/** What all metrics are computed from. */
export interface AllCounts {
  stance: StanceCounts[];
  toxicity: BinaryCounts[];
}

export interface Tally {
  /** Samples that one pass over the comments counts. */
  together: number;
  /** @returns the counts of each sample */
  count(weights: readonly Uint16Array[]): AllCounts[];
}

/** Integers up to this are exact in a number. */
const exactBits = 53;

/** More samples at a time gain nothing over what taking them apart costs. */
const mostTogether = 4;

/** One group in 10¹⁵ is drawn more often than this into a sample. */
const usualMost = 16;

/**
 * Sums the weights of groups into the cells of all columns, of several bootstrap samples in one pass over the comments:
 * a number has room for the sums of some samples side by side, each in bits of its own.
 */
export function createTally(columns: Columns, counters: Counters, groups: number): Tally {
  const all = [...columns.stance, ...columns.toxicity].map(({ column }) => column);
  const largestGroup = all.reduce((most, { group }) => Math.max(most, largestOf(group, groups)), 1);
  const largestCell = [...counters.stance, ...counters.toxicity].reduce(
    (most, { cell, cells }) => Math.max(most, largestOf(cell, cells)),
    1,
  );
  const bits = Math.floor(Math.log2(Math.min(groups * largestGroup, largestCell * usualMost))) + 1;
  const together = Math.max(1, Math.min(mostTogether, Math.floor(exactBits / bits)));
  const room = 2 ** bits;
  const packed = new Float64Array(groups);

  /** @returns counts of each sample */
  const tallyOf = <Counts>({ cell, cells, count }: CellCounter<Counts>, { group }: { group: Int32Array }) => {
    // Cell by cell, so that a sum stays in a register until it is complete.
    const { starts, order } = inOrder(cell, cells);
    const groupInOrder = order.map((index) => group[index]!);
    const sums = new Float64Array(cells);
    const unpacked = new Int32Array(cells);
    return (samples: number): Counts[] => {
      sumRuns(packed, groupInOrder, starts, sums);
      return Array.from({ length: samples }, (_, sample) => {
        // The low bits hold the sums of the first sample, what is above them those of the samples to come.
        const last = sample === samples - 1;
        for (let at = 0; at < cells; at++) {
          const others = last ? 0 : Math.floor(sums[at]! / room);
          unpacked[at] = sums[at]! - others * room;
          sums[at] = others;
        }
        return count(unpacked);
      });
    };
  };
  const stance = counters.stance.map((counter, index) => tallyOf(counter, columns.stance[index]!.column));
  const toxicity = counters.toxicity.map((counter, index) =>
    tallyOf(counter, columns.toxicity[index]!.column),
  );

  const countTogether = (weights: readonly Uint16Array[]): AllCounts[] => {
    packed.fill(0);
    const most = weights.reduce(
      (most, one, sample) => Math.max(most, addScaled(packed, one, room ** sample)),
      0,
    );
    if (most > usualMost && weights.length > 1) return weights.flatMap((one) => countTogether([one]));
    const stanceCounts = stance.map((tally) => tally(weights.length));
    const toxicityCounts = toxicity.map((tally) => tally(weights.length));
    return weights.map((_, sample) => ({
      stance: stanceCounts.map((counts) => counts[sample]!),
      toxicity: toxicityCounts.map((counts) => counts[sample]!),
    }));
  };
  return { together, count: countTogether };
}

/** The comments of each cell: those of `order` from `starts[cell]` to before `starts[cell + 1]`. */
function inOrder(cell: Int32Array, cells: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(cells + 1);
  for (const at of cell) starts[at + 1]!++;
  for (let at = 0; at < cells; at++) starts[at + 1]! += starts[at]!;
  const next = starts.slice();
  const order = new Int32Array(cell.length);
  cell.forEach((at, index) => {
    order[next[at]!++] = index;
  });
  return { starts, order };
}

/** @returns the greatest of the counts */
function addScaled(to: Float64Array, counts: Uint16Array, unit: number): number {
  let most = 0;
  for (let index = 0; index < to.length; index++) {
    const count = counts[index]!;
    to[index]! += unit * count;
    if (count > most) most = count;
  }
  return most;
}

function sumRuns(weights: Float64Array, indices: Int32Array, starts: Int32Array, into: Float64Array): void {
  let position = 0;
  for (let run = 0; run < into.length; run++) {
    const end = starts[run + 1]!;
    let sum = 0;
    for (; position < end; position++) sum += weights[indices[position]!]!;
    into[run] = sum;
  }
}

/** How many comments the largest group, or the largest cell, has. */
function largestOf(of: Int32Array, count: number): number {
  const sizes = new Int32Array(count);
  for (const one of of) sizes[one]!++;
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}
