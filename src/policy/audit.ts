import { type Interval, intervalOf, resample } from '../statistics/bootstrap';
import { numberGroups } from '../statistics/groups';
import type { Action, Labels } from '../types';

/** A labelled comment and what a policy did with it. */
export interface AuditedComment {
  labels: Labels;
  action: Action;
  /** Comments of one group (a thread, an author) are resampled together. */
  group?: string;
}

export interface ViewpointShare {
  /** `pro-europe` and so on: a label of `labels.stance.labels`. */
  view: string;
  comments: number;
  /** Share of them that is not approved, as it is. Absent where there are none. */
  heldBack?: number;
  /**
   * The share that would be held back if the comments of this view were as toxic as those of all views together. This
   * and what follows is absent where the view was not compared.
   */
  matched?: number;
  matchedInterval?: Interval;
  /** `matched` less that of the comments of all other views, in shares. */
  difference?: number;
  differenceInterval?: Interval;
}

export interface ViewpointAudit {
  views: ViewpointShare[];
  /** Upper bounds of the strata of toxicity within which views are compared. */
  strata: number[];
  /** Fewest comments of a view that is compared. */
  fewestComments: number;
  /** Share of the comments in strata that every compared view has comments in; 0 where nothing was compared. */
  compared: number;
}

export interface AuditOptions {
  /** @default 1000 */
  resamples?: number;
  /** @default 1 */
  seed?: number;
  /**
   * Upper bounds of the strata; 1 is added where it is missing.
   *
   * @default [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]
   */
  strata?: readonly number[];
  /**
   * Fewest comments that a view needs to be compared: as they are, and at a toxicity that the other compared views
   * have too. A view with fewer does not narrow what the others are compared on. @default 30
   */
  fewestComments?: number;
}

const defaultStrata = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * Asks whether a policy holds back one view more than another at the same toxicity.
 *
 * Direct standardization: within strata of the toxicity score, the share held back of each view's comments; then the
 * mean over strata, weighted by how all views' comments spread over them. Strata that some compared view has no comment in
 * are left out; where too little is left, nothing is compared and no view has a `difference`. Intervals are percentile bootstrap over groups, widened for few groups.
 * Matching uses the model's own score: a model that scores one view too high is found by its errors on hand-labelled
 * comments, not here.
 */
export function auditViewpoints(
  comments: readonly AuditedComment[],
  options: AuditOptions = {},
): ViewpointAudit {
  const { resamples = 1000, seed = 1, fewestComments = 30 } = options;
  const strata = [...new Set([...(options.strata ?? defaultStrata), 1])].sort((a, b) => a - b);
  const targets = [...new Set(comments.flatMap(({ labels }) => Object.keys(labels.stance.targets)))];
  const views = targets.map((target) => `pro-${target}`);
  const facts = comments
    .map(({ labels, action, group }) => ({
      views: views.map((view) => labels.stance.labels.includes(view)),
      stratum: strata.findIndex((bound) => labels.toxicity.score <= bound),
      held: action !== 'approve',
      group,
    }))
    .filter((fact) => fact.views.includes(true));
  const counts = views.map((_, view) => facts.filter((fact) => fact.views[view]).length);
  const enough = [...views.keys()].filter((view) => counts[view]! >= fewestComments);
  // With one view there is no other to compare it with.
  const compared = enough.length > 1 ? enough : [];
  const standardized = (times: (index: number) => number) =>
    standardize(facts, times, compared, views.length, strata.length);
  let whole = standardized(() => 1);
  if (whole.fewest < fewestComments) whole = nothingCompared;
  const groups = numberGroups(facts.map((fact) => fact.group));
  const undefinedYet = () => new Float64Array(resamples).fill(Number.NaN);
  const replicates = views.map(() => ({ matched: undefinedYet(), difference: undefinedYet() }));
  resample(groups.count, whole.views.size === 0 ? 0 : resamples, seed, (weights, replicate) => {
    const drawn = standardized((row) => weights[groups.of[row]!]!);
    for (const [view, { matched, difference }] of drawn.views) {
      replicates[view]!.matched[replicate] = matched;
      replicates[view]!.difference[replicate] = difference;
    }
  });
  const interval = (value: number | undefined, of: Float64Array, range: readonly [number, number]) =>
    value === undefined ? null : intervalOf(value, of, groups.count, 0.95, range);
  return {
    strata,
    fewestComments,
    compared: whole.compared,
    views: views.map((view, index) => {
      const of = facts.filter((fact) => fact.views[index]);
      const { matched, difference } = whole.views.get(index) ?? {};
      const matchedInterval = interval(matched, replicates[index]!.matched, [0, 1]);
      const differenceInterval = interval(difference, replicates[index]!.difference, [-1, 1]);
      return {
        view,
        comments: of.length,
        ...(of.length > 0 && { heldBack: of.filter((fact) => fact.held).length / of.length }),
        ...(matched !== undefined && { matched }),
        ...(matchedInterval && { matchedInterval }),
        ...(difference !== undefined && { difference }),
        ...(differenceInterval && { differenceInterval }),
      };
    }),
  };
}

interface Fact {
  views: boolean[];
  stratum: number;
  held: boolean;
}

interface Standardized {
  /** Share of the comments in shared strata. */
  compared: number;
  /** Comments in shared strata of the view that has fewest there. */
  fewest: number;
  /** By index; empty where no stratum is shared. */
  views: Map<number, { matched: number; difference: number }>;
}

const nothingCompared: Standardized = { compared: 0, fewest: 0, views: new Map() };

/**
 * Strata in which some compared view has no comment are left out: nothing can be compared there.
 *
 * @param times how often each fact counts
 * @param compared indices of the views that are compared with all others
 */
function standardize(
  facts: readonly Fact[],
  times: (index: number) => number,
  compared: readonly number[],
  views: number,
  strata: number,
): Standardized {
  const table = () => Array.from({ length: views }, () => new Float64Array(strata));
  const of = { comments: table(), held: table() };
  const others = { comments: table(), held: table() };
  const weights = new Float64Array(strata);
  for (const [index, fact] of facts.entries()) {
    const count = times(index);
    weights[fact.stratum]! += count;
    for (let view = 0; view < views; view++) {
      const side = fact.views[view] ? of : others;
      side.comments[view]![fact.stratum]! += count;
      if (fact.held) side.held[view]![fact.stratum]! += count;
    }
  }
  const shared = [...weights.keys()].filter((stratum) =>
    compared.every((view) => of.comments[view]![stratum]! > 0 && others.comments[view]![stratum]! > 0),
  );
  const inShared = (counts: Float64Array) => shared.reduce((sum, stratum) => sum + counts[stratum]!, 0);
  const total = inShared(weights);
  if (compared.length === 0 || total === 0) return nothingCompared;
  const mean = (side: typeof of, view: number) =>
    shared.reduce(
      (sum, stratum) =>
        sum + (weights[stratum]! / total) * (side.held[view]![stratum]! / side.comments[view]![stratum]!),
      0,
    );
  return {
    compared: total / facts.length,
    fewest: Math.min(...compared.map((view) => inShared(of.comments[view]!))),
    views: new Map(
      compared.map((view) => {
        const matched = mean(of, view);
        return [view, { matched, difference: matched - mean(others, view) }];
      }),
    ),
  };
}
