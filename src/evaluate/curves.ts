import type { BinaryColumn } from './binary';
import { binOf } from './levels';
import { descendingOrder } from './order';
import { remember } from './remember';
import type { StanceColumn } from './stance';

export interface RocPoint {
  falsePositiveRate: number;
  truePositiveRate: number;
  threshold: number;
}
export interface PrecisionRecallPoint {
  recall: number;
  precision: number;
  threshold: number;
}
export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  /** Mean score of the bin's comments; null in an empty bin. */
  meanScore: number | null;
  /** Share of the bin's comments that are positive (attributes) or rightly labelled (stance); null in an empty bin. */
  observed: number | null;
}
export interface RiskCoveragePoint {
  /** Share of comments whose confidence reaches `threshold`. */
  coverage: number;
  /** Error rate among them. */
  risk: number;
  threshold: number;
}
export interface RiskCoverage {
  /** Mean risk over the comments in order of confidence [Geifman & El-Yaniv 2017]; ties enter together. */
  area: number;
  points: RiskCoveragePoint[];
}

/** A curve in a report has at most about this many points. */
const mostPoints = 200;

/** ROC and precision–recall curves over the distinct scores, strictest threshold first; null where a class is absent. */
export function rankingCurves(column: BinaryColumn): {
  roc: RocPoint[] | null;
  precisionRecall: PrecisionRecallPoint[] | null;
} {
  const scores = column.scores!;
  const order = descendingOrder(scores);
  const positives = column.gold.reduce((sum, label) => sum + label, 0);
  const negatives = column.gold.length - positives;
  if (positives === 0 || negatives === 0) return { roc: null, precisionRecall: null };
  const roc: RocPoint[] = [];
  const precisionRecall: PrecisionRecallPoint[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  let shown = 0;
  for (let position = 0; position < order.length; position++) {
    const threshold = scores[order[position]!]!;
    if (column.gold[order[position]!] === 1) truePositives++;
    else falsePositives++;
    const last = position + 1 === order.length;
    if (!last && scores[order[position + 1]!] === threshold) continue;
    const falsePositiveRate = falsePositives / negatives;
    const truePositiveRate = truePositives / positives;
    // A point for every step along both axes together, so that both ends of both curves are drawn finely.
    if (!last && (falsePositiveRate + truePositiveRate) * (mostPoints / 2) < shown) continue;
    shown = (falsePositiveRate + truePositiveRate) * (mostPoints / 2) + 1;
    roc.push({ falsePositiveRate, truePositiveRate, threshold });
    precisionRecall.push({
      recall: truePositiveRate,
      precision: truePositives / (truePositives + falsePositives),
      threshold,
    });
  }
  return { roc, precisionRecall };
}

/** Confidence and correctness of every comment: the score of the predicted label, and whether it is the gold one. */
export interface Confidence {
  confidence: Float64Array;
  correct: Uint8Array;
}

export const attributeConfidence = remember((column: BinaryColumn): Confidence => {
  const scores = column.scores!;
  return {
    confidence: scores.map((score, index) => (column.predicted[index] === 1 ? score : 1 - score)),
    correct: column.gold.map((label, index) => (label === column.predicted[index] ? 1 : 0)),
  };
});

export const stanceConfidence = remember((column: StanceColumn): Confidence => {
  const scores = column.scores!;
  return {
    confidence: Float64Array.from(column.predicted, (label, index) => scores[index * 3 + label]!),
    correct: column.gold.map((label, index) => (label === column.predicted[index] ? 1 : 0)),
  };
});

/** Error rate among the most confident comments, for every coverage that a threshold can reach. */
export function riskCoverage({ confidence, correct }: Confidence): RiskCoverage | null {
  const size = confidence.length;
  if (size === 0) return null;
  const order = descendingOrder(confidence);
  const points: RiskCoveragePoint[] = [];
  let errors = 0;
  let tied = 0;
  let area = 0;
  for (let position = 0; position < size; position++) {
    const threshold = confidence[order[position]!]!;
    errors += 1 - correct[order[position]!]!;
    tied++;
    const covered = position + 1;
    if (covered < size && confidence[order[covered]!] === threshold) continue;
    area += (tied * errors) / covered;
    tied = 0;
    const coverage = covered / size;
    if (covered === size || coverage * mostPoints >= points.length)
      points.push({ coverage, risk: errors / covered, threshold });
  }
  return { area: area / size, points };
}

/** The bins of a reliability diagram, equal in width. */
export function reliability(
  scores: ArrayLike<number>,
  outcomes: ArrayLike<number>,
  bins: number,
): ReliabilityBin[] {
  const count = new Float64Array(bins);
  const scoreSum = new Float64Array(bins);
  const outcomeSum = new Float64Array(bins);
  for (let index = 0; index < scores.length; index++) {
    const bin = binOf(scores[index]!, bins);
    count[bin]!++;
    scoreSum[bin]! += scores[index]!;
    outcomeSum[bin]! += outcomes[index]!;
  }
  return Array.from(count, (inBin, bin) => ({
    low: bin / bins,
    high: (bin + 1) / bins,
    count: inBin,
    meanScore: inBin === 0 ? null : scoreSum[bin]! / inBin,
    observed: inBin === 0 ? null : outcomeSum[bin]! / inBin,
  }));
}
