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
  /** A share of comments that are right or not, so that the binomial interval is exact. */
  proportion: boolean;
  /** How many groups the value rests on: a recall on those with a gold positive, however many others there are. */
  restsOn(groups: ClassGroups): number;
  /** @returns null where the metric is not defined for these counts, or needs scores that are not there */
  value(counts: Counts, zeroDivision: ZeroDivision): number | null;
}

/** Number of groups with a comment of each class: by gold label, and by predicted label. */
export interface ClassGroups {
  all: number;
  gold: readonly number[];
  predicted: readonly number[];
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
type RestsOn = MetricDefinition<never>['restsOn'];

const everyone: RestsOn = ({ all }) => all;
const ofGold =
  (label: number): RestsOn =>
  ({ gold }) =>
    gold[label]!;
const ofPredicted =
  (label: number): RestsOn =>
  ({ predicted }) =>
    predicted[label]!;
/** The rarest of the classes that occur. */
const rarest: RestsOn = ({ gold }) => Math.min(...gold.filter((count) => count > 0));
/** A class's F1 rests on what is scarcer, the gold or the predicted; where one is absent, on the other. */
const ofEither =
  (label: number): RestsOn =>
  ({ gold, predicted }) => {
    const [fewer, more] = [gold[label]!, predicted[label]!].sort((a, b) => a - b);
    return fewer! > 0 ? fewer! : more!;
  };
const ofEach =
  (labels: readonly number[], one: (label: number) => RestsOn): RestsOn =>
  (groups) =>
    harmonicMean(labels.map((label) => one(label)(groups)));

/**
 * How many groups a mean rests on, from those that its parts rest on: the spread of a part goes with one over its groups.
 * Parts without any are not in the mean.
 */
export function harmonicMean(counts: readonly number[]): number {
  const present = counts.filter((count) => count > 0);
  return present.length === 0 ? 0 : present.length / present.reduce((sum, count) => sum + 1 / count, 0);
}

const share = (
  name: string,
  title: string,
  symmetric: boolean,
  restsOn: RestsOn,
  value: Shared,
  { range = unit, proportion = false }: { range?: readonly [number, number]; proportion?: boolean } = {},
) => ({
  name,
  title,
  range,
  better: 'higher' as const,
  symmetric,
  uses: 'labels' as const,
  proportion,
  restsOn,
  value,
});

const accuracyOf = share('accuracy', 'Accuracy', true, everyone, ({ confusion }) => accuracy(confusion), {
  proportion: true,
});
const precisionOf = (name: string, title: string, label: number) =>
  share(
    name,
    title,
    false,
    ofPredicted(label),
    ({ confusion }, zeroDivision) => precision(confusion, label, zeroDivision),
    { proportion: true },
  );
const recallOf = (name: string, title: string, label: number) =>
  share(
    name,
    title,
    false,
    ofGold(label),
    ({ confusion }, zeroDivision) => recall(confusion, label, zeroDivision),
    { proportion: true },
  );
const f1Of = (name: string, title: string, label: number) =>
  share(name, title, true, ofEither(label), ({ confusion }, zeroDivision) =>
    f1(confusion, label, zeroDivision),
  );
const averageF1Of = (name: string, title: string, labels: readonly number[]) =>
  share(name, title, true, ofEach(labels, ofEither), ({ confusion }, zeroDivision) =>
    averageF1(confusion, labels, zeroDivision),
  );

const shared = [
  accuracyOf,
  share(
    'balancedAccuracy',
    'Balanced accuracy',
    false,
    ({ gold }) => harmonicMean(gold),
    ({ confusion }) => balancedAccuracy(confusion),
  ),
  share('cohenKappa', "Cohen's kappa", true, rarest, ({ confusion }) => cohenKappa(confusion), {
    range: correlation,
  }),
  share(
    'matthewsCorrelation',
    'Matthews correlation',
    true,
    rarest,
    ({ confusion }, zeroDivision) => matthewsCorrelation(confusion, zeroDivision),
    { range: correlation },
  ),
];

/** Metrics of one target, of targets pooled, and (as mean over the targets) of the stance task. */
export const stanceMetrics: readonly StanceMetric[] = [
  averageF1Of('f1Average', 'F1 of favor and against', favorAndAgainst),
  averageF1Of('macroF1', 'Macro F1, three classes', allStances),
  ...stanceLabels.flatMap((label, index) => [
    precisionOf(`precision.${label}`, `Precision, ${label}`, index),
    recallOf(`recall.${label}`, `Recall, ${label}`, index),
    f1Of(`f1.${label}`, `F1, ${label}`, index),
  ]),
  ...shared,
  {
    name: 'brierScore',
    title: 'Brier score',
    range: [0, 2],
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
    value: ({ probabilities, total }) => probabilities && ratio(probabilities.squaredError, total, null),
  },
  {
    name: 'logLoss',
    title: 'Log loss',
    range: unbounded,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
    value: ({ probabilities, total }) => probabilities && ratio(probabilities.logLoss, total, null),
  },
  {
    name: 'expectedCalibrationError',
    title: 'Calibration error',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
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
    proportion: false,
    restsOn: everyone,
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
    proportion: false,
    restsOn: rarest,
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
    proportion: false,
    restsOn: ofGold(1),
    value: ({ ranking, total }, zeroDivision) =>
      ranking && total > 0 ? ratio(ranking.precisionSum, ranking.positives, zeroDivision) : null,
  },
  f1Of('f1', 'F1', 1),
  precisionOf('precision', 'Precision', 1),
  recallOf('recall', 'Recall', 1),
  recallOf('specificity', 'Specificity', 0),
  averageF1Of('macroF1', 'Macro F1, both classes', bothClasses),
  ...shared,
  {
    name: 'recallAtPrecision',
    title: 'Recall at fixed precision',
    range: unit,
    better: 'higher',
    symmetric: false,
    uses: 'order',
    proportion: false,
    restsOn: ofGold(1),
    value: ({ ranking }) => ranking?.recallAtPrecision ?? null,
  },
  {
    name: 'precisionAtRecall',
    title: 'Precision at fixed recall',
    range: unit,
    better: 'higher',
    symmetric: false,
    uses: 'order',
    proportion: false,
    restsOn: ofGold(1),
    value: ({ ranking }) => ranking?.precisionAtRecall ?? null,
  },
  {
    name: 'brierScore',
    title: 'Brier score',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
    value: ({ ranking, total }) => ranking && ratio(ranking.squaredError, total, null),
  },
  {
    name: 'logLoss',
    title: 'Log loss',
    range: unbounded,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
    value: ({ ranking, total }) => ranking && ratio(ranking.logLoss, total, null),
  },
  {
    name: 'expectedCalibrationError',
    title: 'Calibration error',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
    value: ({ ranking, total }) => ranking && ratio(ranking.calibrationGap, total, null),
  },
  {
    name: 'riskCoverageArea',
    title: 'Area under risk–coverage',
    range: unit,
    better: 'lower',
    symmetric: false,
    uses: 'scores',
    proportion: false,
    restsOn: everyone,
    value: ({ riskCoverageArea }) => riskCoverageArea,
  },
];
