import type { Confusion } from './confusion';
import { levelsOf } from './levels';
import { rankByConfidence, riskCoverageArea } from './risk';

/** Gold and prediction of one attribute, for the comments that have both. Parallel arrays. */
export interface BinaryColumn {
  /** Index of the gold row. */
  rows: Int32Array;
  /** Index of the row's group; rows of one group are resampled together. */
  group: Int32Array;
  /** 0 or 1. */
  gold: Uint8Array;
  /** 0 or 1: whether the score reaches the threshold. */
  predicted: Uint8Array;
  /** Probability of the attribute; null where the classifier gives labels only. */
  scores: Float64Array | null;
}

/** Everything that the metrics of an attribute are computed from. */
export interface BinaryCounts {
  total: number;
  /** Two classes, 0 and 1. */
  confusion: Confusion;
  /** Null without scores. */
  ranking: RankingCounts | null;
  /** Area under the risk–coverage curve; null without scores. */
  riskCoverageArea: number | null;
}

export interface RankingCounts {
  positives: number;
  negatives: number;
  /** Pairs of a positive and a negative in the right order, ties counted by half. */
  orderedPairs: number;
  /** Σ over distinct scores of (positives there) × (precision there). */
  precisionSum: number;
  /** Best recall among thresholds whose precision reaches the aim; 0 where none does, null without positives. */
  recallAtPrecision: number | null;
  /** Best precision among thresholds whose recall reaches the aim; null without positives. */
  precisionAtRecall: number | null;
  squaredError: number;
  logLoss: number;
  /** Σ over bins of |Σ score − Σ gold|. */
  calibrationGap: number;
}

export interface BinaryOptions {
  /** Equal-width bins of the expected calibration error. */
  bins: number;
  /** Precision at which the recall is reported. */
  precisionAim: number;
  /** Recall at which the precision is reported. */
  recallAim: number;
}

/**
 * A column prepared for counting: every comment is in a cell, and counts follow from the weight of each cell. Counting
 * again under other weights is then a sum into cells and one pass over them, without sorting.
 */
export interface CellCounter<Counts> {
  /** For each comment of the column its cell. */
  cell: Int32Array;
  cells: number;
  /** @param weights of the cells */
  count(weights: Int32Array): Counts;
}

/**
 * Prepares an attribute's column. Comments of equal score form a level.
 *
 * @param compressed merges neighbouring scores into some 512 levels, each with at most 1/256 of the positives and of
 *   the negatives: enough for the spread of resampled values, and many times faster for long columns
 */
export function binaryCounter(
  column: BinaryColumn,
  options: BinaryOptions,
  compressed = false,
): CellCounter<BinaryCounts> {
  const { scores } = column;
  if (scores === null)
    return {
      cell: Int32Array.from(column.gold, (label, index) => label * 2 + column.predicted[index]!),
      cells: 4,
      count: (weights) => {
        const confusion = weights.slice();
        return {
          total: confusion[0]! + confusion[1]! + confusion[2]! + confusion[3]!,
          confusion,
          ranking: null,
          riskCoverageArea: null,
        };
      },
    };
  const levels = levelsOf(column, scores, options.bins, compressed);
  const size = levels.bin.length;
  const ranking = rankByConfidence(levels.confidence);
  const comments = new Float64Array(size);
  const errors = new Float64Array(size);

  const count = (weights: Int32Array): BinaryCounts => {
    let positives = 0;
    for (let level = 0; level < size; level++) positives += weights[2 * level + 1]!;
    let truePositives = 0;
    let falsePositives = 0;
    let precisionSum = 0;
    let invertedPairs = 0;
    let squaredError = 0;
    let logLoss = 0;
    let calibrationGap = 0;
    let binGap = 0;
    let bin = -1;
    let predictedTrue = 0;
    let predictedFalse = 0;
    let recallAtPrecision = 0;
    let precisionAtRecall = 0;
    let negativesCarried = 0;
    let positivesCarried = 0;
    for (let level = 0; level < size; level++) {
      const negativesHere = weights[2 * level]!;
      const positivesHere = weights[2 * level + 1]!;
      if (levels.bin[level] !== bin) {
        calibrationGap += Math.abs(binGap);
        binGap = 0;
        bin = levels.bin[level]!;
      }
      comments[level] = negativesHere + positivesHere;
      errors[level] = positivesHere;
      if (levels.predicted[level] === 1) {
        errors[level] = negativesHere;
        predictedTrue += positivesHere;
        predictedFalse += negativesHere;
      }
      squaredError +=
        negativesHere * levels.squared[2 * level]! + positivesHere * levels.squared[2 * level + 1]!;
      logLoss += negativesHere * levels.loss[2 * level]! + positivesHere * levels.loss[2 * level + 1]!;
      binGap += negativesHere * levels.score[2 * level]! + positivesHere * (levels.score[2 * level + 1]! - 1);
      if (levels.sameScoreFollows[level] === 1) {
        // The same score with the other label: both are one point of the ranking, reached at the second.
        negativesCarried += negativesHere;
        positivesCarried += positivesHere;
        continue;
      }
      const negativesTied = negativesHere + negativesCarried;
      const positivesTied = positivesHere + positivesCarried;
      negativesCarried = 0;
      positivesCarried = 0;
      if (positivesTied > 0) {
        invertedPairs += positivesTied * (falsePositives + negativesTied / 2);
        truePositives += positivesTied;
        falsePositives += negativesTied;
        const precision = truePositives / (truePositives + falsePositives);
        precisionSum += positivesTied * precision;
        if (precision >= options.precisionAim) recallAtPrecision = truePositives / positives;
        if (truePositives >= options.recallAim * positives && precision > precisionAtRecall)
          precisionAtRecall = precision;
      } else falsePositives += negativesTied;
    }
    calibrationGap += Math.abs(binGap);
    const negatives = falsePositives;
    return {
      total: positives + negatives,
      confusion: [negatives - predictedFalse, predictedFalse, positives - predictedTrue, predictedTrue],
      ranking: {
        positives,
        negatives,
        orderedPairs: positives * negatives - invertedPairs,
        precisionSum,
        recallAtPrecision: positives === 0 ? null : recallAtPrecision,
        precisionAtRecall: positives === 0 ? null : precisionAtRecall,
        squaredError,
        logLoss,
        calibrationGap,
      },
      riskCoverageArea: riskCoverageArea(ranking, comments, errors),
    };
  };
  return { cell: levels.cell, cells: 2 * size, count };
}
