import type { Confusion } from './confusion';

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
  /** Area under the risk–coverage curve; only the point estimate has it. */
  riskCoverageArea: number | null;
}

export interface RankingCounts {
  positives: number;
  negatives: number;
  /** Pairs of a positive and a negative in the right order, ties counted by half. */
  orderedPairs: number;
  /** Σ over distinct scores of (positives there) × (precision there). */
  precisionSum: number;
  /** Best recall among thresholds whose precision reaches the aim; null where none does. */
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

/** scikit-learn clips probabilities by the machine epsilon before it takes logarithms. */
const epsilon = 2 ** -52;

export const logLossOf = (probability: number) =>
  -Math.log(Math.min(1 - epsilon, Math.max(epsilon, probability)));

export const binOf = (probability: number, bins: number) =>
  Math.min(bins - 1, Math.floor(probability * bins));

/**
 * Prepares a column so that counting it again under other weights is one pass without sorting: comments in descending
 * order of score, cut into segments that hold either one score with positives, or negatives of one calibration bin.
 *
 * @returns a function from weights (one for each group) to counts
 */
export function binaryCounter(
  column: BinaryColumn,
  options: BinaryOptions,
): (weights: Uint16Array) => BinaryCounts {
  const { scores } = column;
  if (scores === null)
    return (weights) => ({ ...confusionOf(column, weights), ranking: null, riskCoverageArea: null });
  const size = scores.length;
  const order = Int32Array.from({ length: size }, (_, index) => index).sort(
    (a, b) => scores[b]! - scores[a]!,
  );
  const group = order.map((index) => column.group[index]!);
  const gold = Uint8Array.from(order, (index) => column.gold[index]!);
  const predicted = Uint8Array.from(order, (index) => column.predicted[index]!);
  const score = Float64Array.from(order, (index) => scores[index]!);
  const loss = Float64Array.from(order, (index) =>
    logLossOf(column.gold[index] === 1 ? scores[index]! : 1 - scores[index]!),
  );
  const positiveAt = Int32Array.from({ length: size }, (_, index) => index).filter(
    (index) => gold[index] === 1,
  );
  const segments = cutIntoSegments(score, gold, options.bins);

  return (weights) => {
    let positives = 0;
    for (let index = 0; index < positiveAt.length; index++) positives += weights[group[positiveAt[index]!]!]!;
    let truePositives = 0;
    let falsePositives = 0;
    let precisionSum = 0;
    let invertedPairs = 0;
    let squaredError = 0;
    let logLoss = 0;
    let calibrationGap = 0;
    let binGap = 0;
    let bin = -1;
    let predictedPositives = 0;
    let predictedTruePositives = 0;
    let recallAtPrecision = 0;
    let precisionAtRecall = 0;
    for (let segment = 0; segment < segments.length; segment++) {
      const { start, end, withPositives, bin: segmentBin } = segments[segment]!;
      if (segmentBin !== bin) {
        calibrationGap += Math.abs(binGap);
        binGap = 0;
        bin = segmentBin;
      }
      let segmentPositives = 0;
      let segmentTotal = 0;
      for (let index = start; index < end; index++) {
        const weight = weights[group[index]!]!;
        const probability = score[index]!;
        segmentTotal += weight;
        predictedPositives += weight * predicted[index]!;
        squaredError += weight * probability * probability;
        logLoss += weight * loss[index]!;
        binGap += weight * probability;
      }
      if (withPositives) {
        const probability = score[start]!;
        for (let index = start; index < end; index++) {
          if (gold[index] === 0) continue;
          const weight = weights[group[index]!]!;
          segmentPositives += weight;
          predictedTruePositives += weight * predicted[index]!;
        }
        binGap -= segmentPositives;
        squaredError += segmentPositives * (1 - 2 * probability);
        if (segmentPositives > 0) {
          const segmentNegatives = segmentTotal - segmentPositives;
          invertedPairs += segmentPositives * (falsePositives + segmentNegatives / 2);
          truePositives += segmentPositives;
          falsePositives += segmentNegatives;
          const precisionHere = truePositives / (truePositives + falsePositives);
          precisionSum += segmentPositives * precisionHere;
          if (precisionHere >= options.precisionAim) recallAtPrecision = truePositives / positives;
          if (truePositives >= options.recallAim * positives && precisionHere > precisionAtRecall)
            precisionAtRecall = precisionHere;
        } else falsePositives += segmentTotal;
      } else falsePositives += segmentTotal;
    }
    calibrationGap += Math.abs(binGap);
    const negatives = falsePositives;
    const total = positives + negatives;
    return {
      total,
      confusion: [
        negatives - (predictedPositives - predictedTruePositives),
        predictedPositives - predictedTruePositives,
        positives - predictedTruePositives,
        predictedTruePositives,
      ],
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
      riskCoverageArea: null,
    };
  };
}

interface Segment {
  start: number;
  end: number;
  withPositives: boolean;
  bin: number;
}

function cutIntoSegments(score: Float64Array, gold: Uint8Array, bins: number): Segment[] {
  const segments: Segment[] = [];
  let start = 0;
  while (start < score.length) {
    let end = start;
    let withPositives = false;
    while (end < score.length && score[end] === score[start]) {
      if (gold[end] === 1) withPositives = true;
      end++;
    }
    const bin = binOf(score[start]!, bins);
    const last = segments.at(-1);
    if (last && !withPositives && !last.withPositives && last.bin === bin) last.end = end;
    else segments.push({ start, end, withPositives, bin });
    start = end;
  }
  return segments;
}

function confusionOf(
  column: BinaryColumn,
  weights: Uint16Array,
): { total: number; confusion: [number, number, number, number] } {
  const confusion: [number, number, number, number] = [0, 0, 0, 0];
  let total = 0;
  for (let index = 0; index < column.gold.length; index++) {
    const weight = weights[column.group[index]!]!;
    confusion[(column.gold[index]! * 2 + column.predicted[index]!) as 0 | 1 | 2 | 3] += weight;
    total += weight;
  }
  return { total, confusion };
}
