import { type BinaryColumn, binOf } from './binary';
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

/** A curve in a report has about this many points; the ends and the shape stay. */
const mostPoints = 200;

/** ROC and precision–recall curves over the distinct scores, strictest threshold first. */
export function rankingCurves(column: BinaryColumn): {
  roc: RocPoint[];
  precisionRecall: PrecisionRecallPoint[];
} {
  const scores = column.scores!;
  const order = Int32Array.from(column.gold, (_, index) => index).sort((a, b) => scores[b]! - scores[a]!);
  const positives = column.gold.reduce((sum, label) => sum + label, 0);
  const negatives = column.gold.length - positives;
  const roc: RocPoint[] = [];
  const precisionRecall: PrecisionRecallPoint[] = [];
  let truePositives = 0;
  let falsePositives = 0;
  order.forEach((row, position) => {
    if (column.gold[row] === 1) truePositives++;
    else falsePositives++;
    const threshold = scores[row]!;
    const next = order[position + 1];
    if (next !== undefined && scores[next] === threshold) return;
    if (positives > 0 && negatives > 0)
      roc.push({
        falsePositiveRate: falsePositives / negatives,
        truePositiveRate: truePositives / positives,
        threshold,
      });
    if (positives > 0)
      precisionRecall.push({
        recall: truePositives / positives,
        precision: truePositives / (truePositives + falsePositives),
        threshold,
      });
  });
  return { roc: thin(roc), precisionRecall: thin(precisionRecall) };
}

/** Confidence and correctness of every comment: the score of the predicted label, and whether it is the gold one. */
export interface Confidence {
  confidence: Float64Array;
  correct: Uint8Array;
}

export function attributeConfidence(column: BinaryColumn): Confidence {
  const scores = column.scores!;
  return {
    confidence: scores.map((score, index) => (column.predicted[index] === 1 ? score : 1 - score)),
    correct: column.gold.map((label, index) => (label === column.predicted[index] ? 1 : 0)),
  };
}

export function stanceConfidence(column: StanceColumn): Confidence {
  const scores = column.scores!;
  return {
    confidence: Float64Array.from(column.predicted, (label, index) => scores[index * 3 + label]!),
    correct: column.gold.map((label, index) => (label === column.predicted[index] ? 1 : 0)),
  };
}

/** Error rate among the most confident comments, for every coverage that a threshold can reach. */
export function riskCoverage({ confidence, correct }: Confidence): RiskCoverage | null {
  const size = confidence.length;
  if (size === 0) return null;
  const order = Int32Array.from(correct, (_, index) => index).sort((a, b) => confidence[b]! - confidence[a]!);
  const points: RiskCoveragePoint[] = [];
  let errors = 0;
  let tied = 0;
  let area = 0;
  order.forEach((row, position) => {
    errors += 1 - correct[row]!;
    tied++;
    const next = order[position + 1];
    if (next !== undefined && confidence[next] === confidence[row]) return;
    const covered = position + 1;
    const risk = errors / covered;
    area += tied * risk;
    tied = 0;
    points.push({ coverage: covered / size, risk, threshold: confidence[row]! });
  });
  return { area: area / size, points: thin(points) };
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

function thin<Point>(points: Point[]): Point[] {
  if (points.length <= mostPoints) return points;
  const step = (points.length - 1) / (mostPoints - 1);
  return Array.from({ length: mostPoints }, (_, index) => points[Math.round(index * step)]!);
}
