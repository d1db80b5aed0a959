import type { StanceLabel } from '../types';
import { binOf, logLossOf } from './binary';
import type { Confusion } from './confusion';

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
  /** Three probabilities a comment, in the order of `stanceLabels`; null where the classifier gives labels only. */
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
  /** Area under the risk–coverage curve; only the point estimate has it. */
  riskCoverageArea: number | null;
}

/**
 * Prepares a column for counting under weights.
 *
 * @returns a function from weights (one for each group) to counts
 */
export function stanceCounter(
  column: StanceColumn,
  options: { bins: number },
): (weights: Uint16Array) => StanceCounts {
  const { group, gold, predicted, scores } = column;
  const size = gold.length;
  const cell = Uint8Array.from(gold, (label, index) => label * 3 + predicted[index]!);
  if (scores === null)
    return (weights) => {
      const { confusion, total } = confusionOf(cell, group, weights);
      return { total, confusion, probabilities: null, riskCoverageArea: null };
    };

  const squared = new Float64Array(size);
  const loss = new Float64Array(size);
  const gap = new Float64Array(size);
  const bin = new Uint16Array(size);
  for (let index = 0; index < size; index++) {
    const sum = scores[index * 3]! + scores[index * 3 + 1]! + scores[index * 3 + 2]!;
    for (let label = 0; label < 3; label++) {
      const difference = scores[index * 3 + label]! / sum - (label === gold[index] ? 1 : 0);
      squared[index]! += difference * difference;
    }
    loss[index] = logLossOf(scores[index * 3 + gold[index]!]! / sum);
    const confidence = scores[index * 3 + predicted[index]!]! / sum;
    bin[index] = binOf(confidence, options.bins);
    gap[index] = confidence - (predicted[index] === gold[index] ? 1 : 0);
  }
  return (weights) => {
    const { confusion, total } = confusionOf(cell, group, weights);
    let squaredError = 0;
    let logLoss = 0;
    const calibrationGaps = new Float64Array(options.bins);
    for (let index = 0; index < size; index++) {
      const weight = weights[group[index]!]!;
      squaredError += weight * squared[index]!;
      logLoss += weight * loss[index]!;
      calibrationGaps[bin[index]!]! += weight * gap[index]!;
    }
    return {
      total,
      confusion,
      probabilities: { squaredError, logLoss, calibrationGaps },
      riskCoverageArea: null,
    };
  };
}

function confusionOf(cell: Uint8Array, group: Int32Array, weights: Uint16Array) {
  const confusion = new Float64Array(9);
  let total = 0;
  for (let index = 0; index < cell.length; index++) {
    const weight = weights[group[index]!]!;
    confusion[cell[index]!]! += weight;
    total += weight;
  }
  return { confusion, total };
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
