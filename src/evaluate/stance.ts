import type { StanceLabel } from '../types';
import type { CellCounter } from './binary';
import type { Confusion } from './confusion';
import { stanceConfidence } from './curves';
import { binOf, logLossOf } from './levels';
import { rankByConfidence, riskCoverageArea } from './risk';

/** The order of the classes in every array of this folder. */
export const stanceLabels = ['favor', 'against', 'none'] as const satisfies readonly StanceLabel[];

/** Gold and prediction of one target, for the comments that have both. Parallel arrays. */
export interface StanceColumn {
  /** Index of the gold row. */
  rows: Int32Array;
  /** Index of the row's group; rows of one group are resampled together. */
  group: Int32Array;
  /** Index into `stanceLabels`. */
  gold: Uint8Array;
  /** Index into `stanceLabels`. */
  predicted: Uint8Array;
  /** Three probabilities a comment, summing to 1, in the order of `stanceLabels`; null where the classifier gives labels only. */
  scores: Float64Array | null;
}

/** Everything that the metrics of a target are computed from. */
export interface StanceCounts {
  total: number;
  /** Three classes, in the order of `stanceLabels`. */
  confusion: Confusion;
  /** Null without scores. */
  probabilities: {
    squaredError: number;
    logLoss: number;
    /** For each bin of confidence: Σ (confidence − correct). */
    calibrationGaps: Float64Array;
  } | null;
  /** Area under the risk–coverage curve; null without scores and for several targets together. */
  riskCoverageArea: number | null;
}

/** Steps of log loss within one confusion cell and one bin of confidence, in a compressed column. */
const stepsWhenCompressed = 16;

/**
 * Prepares a target's column: comments of the same labels and the same scores form a cell.
 *
 * @param compressed merges comments of similar scores into at most 9 × bins × 16 cells
 */
export function stanceCounter(
  column: StanceColumn,
  options: { bins: number },
  compressed = false,
): CellCounter<StanceCounts> {
  const { gold, predicted, scores } = column;
  const confusionCell = Uint8Array.from(gold, (label, index) => label * 3 + predicted[index]!);
  if (scores === null)
    return {
      cell: Int32Array.from(confusionCell),
      cells: 9,
      count(weights) {
        const confusion = Float64Array.from(weights);
        return {
          total: confusion.reduce((a, b) => a + b),
          confusion,
          probabilities: null,
          riskCoverageArea: null,
        };
      },
    };
  const errors = errorsOf(column, scores, options.bins);
  const { confidence } = stanceConfidence(column);
  const { cell, firsts } = compressed
    ? mergeCells(confusionCell, errors.bin, errors.loss)
    : eachAlone(gold.length);
  const cells = firsts.length;
  // What the comments of a cell have in common, and the means of what they have not.
  const confusionOf = Uint8Array.from(firsts, (first) => confusionCell[first]!);
  const binOfCell = Uint16Array.from(firsts, (first) => errors.bin[first]!);
  const mean = compressed ? meansBy(cell, cells) : (values: Float64Array) => values;
  const squaredOf = mean(errors.squared);
  const lossOf = mean(errors.loss);
  const gapOf = mean(errors.gap);
  const ranking = rankByConfidence(mean(confidence));
  const wrong = new Float64Array(cells);
  return {
    cell,
    cells,
    count(weights) {
      const confusion = new Float64Array(9);
      const calibrationGaps = new Float64Array(options.bins);
      let total = 0;
      let squaredError = 0;
      let logLoss = 0;
      for (let index = 0; index < cells; index++) {
        const weight = weights[index]!;
        const labels = confusionOf[index]!;
        const right = labels % 4 === 0;
        wrong[index] = right ? 0 : weight;
        confusion[labels]! += weight;
        calibrationGaps[binOfCell[index]!]! += weight * gapOf[index]!;
        total += weight;
        squaredError += weight * squaredOf[index]!;
        logLoss += weight * lossOf[index]!;
      }
      return {
        total,
        confusion,
        probabilities: { squaredError, logLoss, calibrationGaps },
        riskCoverageArea: riskCoverageArea(ranking, weights, wrong),
      };
    },
  };
}

/** Every comment is a cell. */
function eachAlone(comments: number) {
  const cell = new Int32Array(comments).map((_, index) => index);
  return { cell, firsts: cell };
}

/** For each comment its squared error over the classes, its log loss, and confidence − correctness with its bin. */
function errorsOf({ gold, predicted }: StanceColumn, scores: Float64Array, bins: number) {
  const size = gold.length;
  const squared = new Float64Array(size);
  const loss = new Float64Array(size);
  const gap = new Float64Array(size);
  const bin = new Uint16Array(size);
  for (let index = 0; index < size; index++) {
    for (let label = 0; label < 3; label++)
      squared[index]! += (scores[index * 3 + label]! - (label === gold[index] ? 1 : 0)) ** 2;
    loss[index] = logLossOf(scores[index * 3 + gold[index]!]!);
    const confidence = scores[index * 3 + predicted[index]!]!;
    bin[index] = binOf(confidence, bins);
    gap[index] = confidence - (predicted[index] === gold[index] ? 1 : 0);
  }
  return { squared, loss, gap, bin };
}

function mergeCells(confusionCell: Uint8Array, bin: Uint16Array, loss: Float64Array) {
  const order = Int32Array.from(confusionCell, (_, index) => index).sort(
    (a, b) => confusionCell[a]! - confusionCell[b]! || bin[a]! - bin[b]! || loss[a]! - loss[b]!,
  );
  const cell = new Int32Array(order.length);
  const firsts: number[] = [];
  for (let start = 0; start < order.length; ) {
    const first = order[start]!;
    let end = start + 1;
    while (
      end < order.length &&
      confusionCell[order[end]!] === confusionCell[first] &&
      bin[order[end]!] === bin[first]
    )
      end++;
    const step = Math.ceil((end - start) / stepsWhenCompressed);
    for (let position = start; position < end; position++) {
      if ((position - start) % step === 0) firsts.push(order[position]!);
      cell[order[position]!] = firsts.length - 1;
    }
    start = end;
  }
  return { cell, firsts: Int32Array.from(firsts) };
}

function meansBy(cell: Int32Array, cells: number) {
  const count = new Float64Array(cells);
  for (const at of cell) count[at]!++;
  return (values: Float64Array) => {
    const sums = new Float64Array(cells);
    cell.forEach((at, index) => {
      sums[at]! += values[index]!;
    });
    return sums.map((sum, at) => sum / count[at]!);
  };
}

/** The counts of several targets taken together. */
export function poolStance(counts: readonly StanceCounts[]): StanceCounts {
  const confusion = new Float64Array(9);
  let total = 0;
  let squaredError = 0;
  let logLoss = 0;
  const calibrationGaps = new Float64Array(counts[0]?.probabilities?.calibrationGaps.length ?? 0);
  let scored = counts.length > 0;
  for (const count of counts) {
    for (let cell = 0; cell < 9; cell++) confusion[cell]! += count.confusion[cell]!;
    total += count.total;
    if (count.probabilities === null) {
      scored = false;
      continue;
    }
    squaredError += count.probabilities.squaredError;
    logLoss += count.probabilities.logLoss;
    for (let bin = 0; bin < calibrationGaps.length; bin++)
      calibrationGaps[bin]! += count.probabilities.calibrationGaps[bin]!;
  }
  const probabilities = scored ? { squaredError, logLoss, calibrationGaps } : null;
  return { total, confusion, probabilities, riskCoverageArea: null };
}
