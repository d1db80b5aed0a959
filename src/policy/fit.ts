import { type Interval, intervalOf, resample } from '../statistics/bootstrap';
import { numberGroups } from '../statistics/groups';

/** What thresholds are fitted to: a share of the flagged that must be right, or of the toxic that must be found. */
export interface Aim {
  metric: 'precision' | 'recall';
  /** 0 to 1 */
  value: number;
}

/** A hand-labelled comment and its scores. Attributes that were not judged are absent. */
export interface ScoredGold {
  gold: Readonly<Record<string, 0 | 1>>;
  scores: Readonly<Record<string, number>>;
  /** Rows of one group are resampled together. */
  group?: string;
}

export interface FittedThreshold {
  attribute: string;
  /** Judged comments, and those of them that have the attribute. */
  comments: number;
  positives: number;
  /** Undefined where too few comments have the attribute, or no threshold reaches the aim. */
  fit?: {
    threshold: number;
    precision: number;
    recall: number;
    /** Share of all judged comments at or over the threshold. */
    flagged: number;
    intervals: { threshold?: Interval; precision?: Interval; recall?: Interval };
    /** Share of the resamples in which some threshold reached the aim. */
    reached: number;
  };
  /** Why there is no fit. */
  problem?: string;
}

export interface FitOptions {
  /** @default 1000 */
  resamples?: number;
  /** @default 1 */
  seed?: number;
  /** Fewest positives from which a threshold is fitted. @default 10 */
  fewestPositives?: number;
}

/**
 * Proposes a threshold for each attribute: for `precision` the lowest that reaches the aim (it finds most), for
 * `recall` the highest that does (it is wrong least).
 *
 * Intervals are percentile bootstrap over groups, widened for few groups: of the threshold by fitting anew, of precision and recall at the
 * proposed threshold. They say how far the gold carries; on comments of another kind all bets are off.
 *
 * @returns one entry for each attribute that the gold judges and the scores have
 */
export function fitThresholds(
  rows: readonly ScoredGold[],
  aim: Aim,
  options: FitOptions = {},
): FittedThreshold[] {
  const { resamples = 1000, seed = 1, fewestPositives = 10 } = options;
  const attributes = [...new Set(rows.flatMap((row) => Object.keys(row.gold)))];
  return attributes.flatMap((attribute): FittedThreshold[] => {
    const judged = rows.filter(
      (row) => row.gold[attribute] !== undefined && row.scores[attribute] !== undefined,
    );
    if (judged.length === 0) return [];
    // Sorted once: a resample is then no more than how often each point was drawn.
    judged.sort((a, b) => b.scores[attribute]! - a.scores[attribute]!);
    const points = judged.map((row) => ({
      score: row.scores[attribute]!,
      positive: row.gold[attribute] === 1,
    }));
    const once = new Int32Array(points.length).fill(1);
    const positives = points.filter((point) => point.positive).length;
    const base = { attribute, comments: points.length, positives };
    if (positives < fewestPositives)
      return [{ ...base, problem: `${positives} positives are too few; ${fewestPositives} are needed` }];
    const best = lowestOrHighest(points, once, aim);
    if (best === undefined)
      return [{ ...base, problem: `no threshold reaches ${aim.metric} ${aim.value} (${nearest(points)})` }];
    const fitted = { threshold: best, ...measure(points, once, best) };
    const groups = numberGroups(judged.map((row) => row.group));
    const replicates = {
      threshold: new Float64Array(resamples).fill(Number.NaN),
      precision: new Float64Array(resamples),
      recall: new Float64Array(resamples),
    };
    resample(groups.count, resamples, seed, (weights, replicate) => {
      const drawn = groups.of.map((group) => weights[group]!);
      replicates.threshold[replicate] = lowestOrHighest(points, drawn, aim) ?? Number.NaN;
      const { precision, recall } = measure(points, drawn, best);
      replicates.precision[replicate] = precision;
      replicates.recall[replicate] = recall;
    });
    const reached = replicates.threshold.filter((threshold) => !Number.isNaN(threshold)).length;
    const groupsOf = (isMeant: (point: Point) => boolean) =>
      new Set(groups.of.filter((_, index) => isMeant(points[index]!))).size;
    const positiveGroups = groupsOf((point) => point.positive);
    const flaggedGroups = groupsOf((point) => point.score >= best);
    const intervals: NonNullable<FittedThreshold['fit']>['intervals'] = {};
    for (const [name, restsOn] of [
      ['threshold', positiveGroups],
      ['precision', flaggedGroups],
      ['recall', positiveGroups],
    ] as const) {
      const isShare = name !== 'threshold';
      const interval = intervalOf(fitted[name], replicates[name], restsOn, 0.95, [0, 1], isShare);
      if (interval) intervals[name] = interval;
    }
    return [
      {
        ...base,
        fit: { ...fitted, intervals, reached: reached / resamples },
      },
    ];
  });
}

interface Point {
  score: number;
  positive: boolean;
}

/**
 * The threshold, always the score of some comment; undefined where none reaches the aim.
 *
 * @param points by falling score
 * @param times how often each counts
 */
function lowestOrHighest(points: readonly Point[], times: Int32Array, aim: Aim): number | undefined {
  const positives = points.reduce((sum, point, index) => sum + (point.positive ? times[index]! : 0), 0);
  let flagged = 0;
  let found = 0;
  let chosen: number | undefined;
  for (const [index, { score, positive }] of points.entries()) {
    flagged += times[index]!;
    if (positive) found += times[index]!;
    // Comments of one score fall on the same side of any threshold.
    if (points[index + 1]?.score === score || flagged === 0) continue;
    if (aim.metric === 'precision' && found > 0 && found / flagged >= aim.value) chosen = score;
    if (aim.metric === 'recall' && positives > 0 && found / positives >= aim.value) return score;
  }
  return chosen;
}

/** Precision is NaN where nothing is flagged, recall where nothing is positive. */
function measure(points: readonly Point[], times: Int32Array, threshold: number) {
  let all = 0;
  let flagged = 0;
  let found = 0;
  let positives = 0;
  for (const [index, { score, positive }] of points.entries()) {
    all += times[index]!;
    if (positive) positives += times[index]!;
    if (score < threshold) continue;
    flagged += times[index]!;
    if (positive) found += times[index]!;
  }
  return { precision: found / flagged, recall: found / positives, flagged: flagged / all };
}

/** @param points by falling score */
function nearest(points: readonly Point[]): string {
  let found = 0;
  let best = { precision: 0, threshold: 1 };
  for (const [index, { score, positive }] of points.entries()) {
    if (positive) found += 1;
    if (points[index + 1]?.score === score) continue;
    const precision = found / (index + 1);
    if (precision > best.precision) best = { precision, threshold: score };
  }
  return `the best precision is ${best.precision.toFixed(2)}, at ${best.threshold}`;
}
