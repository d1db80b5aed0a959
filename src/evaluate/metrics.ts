import type { BinaryCounts } from './binary';
import {
  accuracy,
  averageF1,
  balancedAccuracy,
  type Confusion,
  cohenKappa,
  f1,
  matthewsCorrelation,
  precision,
  ratio,
  recall,
  type ZeroDivision,
} from './confusion';
import { type StanceCounts, stanceLabels } from './stance';

/** What a metric is, so that reports, gates and property tests know how to treat it. */
export interface MetricDefinition<Counts> {
  /** Last part of the metric's full name, for example `f1Average` in `stance.europe.f1Average`. */
  name: string;
  title: string;
  /** Least and greatest value. */
  range: readonly [number, number];
  /** Which end of the range is the good one. */
  better: 'higher' | 'lower';
  /** The value stays the same when gold and prediction change places. */
  symmetric: boolean;
  /**
   * `labels`: computed from labels alone; `order`: from the order of the scores alone, so that any increasing
   * transformation of the scores leaves it; `scores`: from the scores themselves.
   */
  uses: 'labels' | 'order' | 'scores';
  /** @returns null where the metric is not defined for these counts, or needs scores that are not there */
  value(counts: Counts, zeroDivision: ZeroDivision): number | null;
}

export type StanceMetric = MetricDefinition<StanceCounts>;
export type AttributeMetric = MetricDefinition<BinaryCounts>;

const unit = [0, 1] as const;
const correlation = [-1, 1] as const;
const unbounded = [0, Number.POSITIVE_INFINITY] as const;
const favorAndAgainst = [0, 1];
const allStances = [0, 1, 2];
const bothClasses = [0, 1];

type Shared = (counts: { confusion: Confusion }, zeroDivision: ZeroDivision) => number | null;

const share = (
  name: string,
  title: string,
  symmetric: boolean,
  value: Shared,
  range: readonly [number, number] = unit,
) => ({
  name,
  title,
  range,
  better: 'higher' as const,
  symmetric,
  uses: 'labels' as const,
  value,
});

const shared = [
  share('accuracy', 'Accuracy', true, ({ confusion }) => accuracy(confusion)),
  share('balancedAccuracy', 'Balanced accuracy', false, ({ confusion }) => balancedAccuracy(confusion)),
  share('cohenKappa', "Cohen's kappa", true, ({ confusion }) => cohenKappa(confusion), correlation),
  share(
    'matthewsCorrelation',
    'Matthews correlation',
    true,
    ({ confusion }, zeroDivision) => matthewsCorrelation(confusion, zeroDivision),
    correlation,
  ),
];

/** Metrics of one target, of targets pooled, and (as mean over the targets) of the stance task. */
export const stanceMetrics: readonly StanceMetric[] = [
  share('f1Average', 'F1 of favor and against', true, ({ confusion }, zeroDivision) =>
    averageF1(confusion, favorAndAgainst, zeroDivision),
  ),
  share('macroF1', 'Macro F1, three classes', true, ({ confusion }, zeroDivision) =>
    averageF1(confusion, allStances, zeroDivision),
  ),
  ...stanceLabels.flatMap((label, index) => [
    share(`precision.${label}`, `Precision, ${label}`, false, ({ confusion }, zeroDivision) =>
      precision(confusion, index, zeroDivision),
    ),
    share(`recall.${label}`, `Recall, ${label}`, false, ({ confusion }, zeroDivision) =>
      recall(confusion, index, zeroDivision),
    ),
    share(`f1.${label}`, `F1, ${label}`, true, ({ confusion }, zeroDivision) =>
      f1(confusion, index, zeroDivision),
    ),
  ]),
  ...shared,
  {
    name: 'brierScore',
    title: 'Brier score',
    range: [0, 2],
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ probabilities, total }) => probabilities && ratio(probabilities.squaredError, total, null),
  },
  {
    name: 'logLoss',
    title: 'Log loss',
    range: unbounded,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ probabilities, total }) => probabilities && ratio(probabilities.logLoss, total, null),
  },
  {
    name: 'expectedCalibrationError',
    title: 'Calibration error',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ probabilities, total }) =>
      probabilities &&
      ratio(
        probabilities.calibrationGaps.reduce((sum, gap) => sum + Math.abs(gap), 0),
        total,
        null,
      ),
  },
  {
    name: 'riskCoverageArea',
    title: 'Area under risk–coverage',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ riskCoverageArea }) => riskCoverageArea,
  },
];

/** Metrics of one toxicity attribute and (as mean over the attributes) of the toxicity task. */
export const attributeMetrics: readonly AttributeMetric[] = [
  {
    name: 'rocAuc',
    title: 'ROC-AUC',
    range: unit,
    better: 'higher',
    symmetric: false,
    uses: 'order',
    value: ({ ranking }) =>
      ranking && ratio(ranking.orderedPairs, ranking.positives * ranking.negatives, null),
  },
  {
    name: 'prAuc',
    title: 'PR-AUC (average precision)',
    range: unit,
    better: 'higher',
    symmetric: false,
    uses: 'order',
    value: ({ ranking, total }, zeroDivision) =>
      ranking && total > 0 ? ratio(ranking.precisionSum, ranking.positives, zeroDivision) : null,
  },
  share('f1', 'F1', true, ({ confusion }, zeroDivision) => f1(confusion, 1, zeroDivision)),
  share('precision', 'Precision', false, ({ confusion }, zeroDivision) =>
    precision(confusion, 1, zeroDivision),
  ),
  share('recall', 'Recall', false, ({ confusion }, zeroDivision) => recall(confusion, 1, zeroDivision)),
  share('specificity', 'Specificity', false, ({ confusion }, zeroDivision) =>
    recall(confusion, 0, zeroDivision),
  ),
  share('macroF1', 'Macro F1, both classes', true, ({ confusion }, zeroDivision) =>
    averageF1(confusion, bothClasses, zeroDivision),
  ),
  ...shared,
  {
    name: 'recallAtPrecision',
    title: 'Recall at fixed precision',
    range: unit,
    better: 'higher',
    symmetric: false,
    uses: 'order',
    value: ({ ranking }) => ranking?.recallAtPrecision ?? null,
  },
  {
    name: 'precisionAtRecall',
    title: 'Precision at fixed recall',
    range: unit,
    better: 'higher',
    symmetric: false,
    uses: 'order',
    value: ({ ranking }) => ranking?.precisionAtRecall ?? null,
  },
  {
    name: 'brierScore',
    title: 'Brier score',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ ranking, total }) => ranking && ratio(ranking.squaredError, total, null),
  },
  {
    name: 'logLoss',
    title: 'Log loss',
    range: unbounded,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ ranking, total }) => ranking && ratio(ranking.logLoss, total, null),
  },
  {
    name: 'expectedCalibrationError',
    title: 'Calibration error',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ ranking, total }) => ranking && ratio(ranking.calibrationGap, total, null),
  },
  {
    name: 'riskCoverageArea',
    title: 'Area under risk–coverage',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    value: ({ riskCoverageArea }) => riskCoverageArea,
  },
];
