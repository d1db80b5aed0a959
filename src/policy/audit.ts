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
  /** Share of them that is not approved, as it is. */
  heldBack: number;
  /** The share that would be held back if the comments of this view were as toxic as those of all views together. */
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
  /** Share of the comments in strata that every view has comments in; the rest cannot be compared. */
  compared: number;
}

export interface AuditOptions {
  /** @default 1000 */
  resamples?: number;
  /** @default 1 */
  seed?: number;
  /** @default [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] */
  strata?: readonly number[];
}

const defaultStrata = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/**
 * Asks whether a policy holds back one view more than another at the same toxicity.
 *
 * Direct standardization: within strata of the toxicity score, the share held back of each view's comments; then the
 * mean over strata, weighted by how all views' comments spread over them. Intervals are percentile bootstrap over groups, widened for few groups.
 * Matching uses the model's own score: a model that scores one view too high is found by its errors on hand-labelled
 * comments, not here.
 */
export function auditViewpoints(
  comments: readonly AuditedComment[],
  options: AuditOptions = {},
): ViewpointAudit {
  const { resamples = 1000, seed = 1 } = options;
  const strata = [...(options.strata ?? defaultStrata)];
  const targets = [...new Set(comments.flatMap(({ labels }) => Object.keys(labels.stance.targets)))];
  const views = targets.map((target) => `pro-${target}`);
  const facts = comments
    .map(({ labels, action, group }) => ({
      views: views.map((view) => labels.stance.labels.includes(view)),
      stratum: Math.max(
        0,
        strata.findIndex((bound) => labels.toxicity.score <= bound),
      ),
      held: action !== 'approve',
      group,
    }))
    .filter((fact) => fact.views.includes(true));
  const whole = standardize(facts, () => 1, views.length, strata.length);
  const groups = numberGroups(facts.map((fact) => fact.group));
  const undefinedYet = () => new Float64Array(resamples).fill(Number.NaN);
  const replicates = views.map(() => ({ matched: undefinedYet(), difference: undefinedYet() }));
  resample(groups.count, facts.length === 0 ? 0 : resamples, seed, (weights, replicate) => {
    const drawn = standardize(facts, (row) => weights[groups.of[row]!]!, views.length, strata.length);
    for (const [view, { matched, difference }] of drawn.views.entries()) {
      if (matched !== undefined) replicates[view]!.matched[replicate] = matched;
      if (difference !== undefined) replicates[view]!.difference[replicate] = difference;
    }
  });
  const interval = (value: number | undefined, of: Float64Array, range: readonly [number, number]) =>
    value === undefined ? null : intervalOf(value, of, groups.count, 0.95, range);
  return {
    strata,
    compared: whole.compared,
    views: views.map((view, index) => {
      const of = facts.filter((fact) => fact.views[index]);
      const { matched, difference } = whole.views[index]!;
      const matchedInterval = interval(matched, replicates[index]!.matched, [0, 1]);
      const differenceInterval = interval(difference, replicates[index]!.difference, [-1, 1]);
      return {
        view,
        comments: of.length,
        heldBack: of.filter((fact) => fact.held).length / of.length,
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

/**
 * Strata in which some view has no comment are left out: nothing can be compared there.
 *
 * @param times how often each fact counts
 */
function standardize(
  facts: readonly Fact[],
  times: (index: number) => number,
  views: number,
  strata: number,
) {
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
  const present = Array.from({ length: views }, (_, view) => view).filter((view) =>
    of.comments[view]!.some((count) => count > 0),
  );
  const shared = [...weights.keys()].filter((stratum) =>
    present.every((view) => of.comments[view]![stratum]! > 0 && others.comments[view]![stratum]! > 0),
  );
  const total = shared.reduce((sum, stratum) => sum + weights[stratum]!, 0);
  const mean = (side: typeof of, view: number) =>
    shared.reduce(
      (sum, stratum) =>
        sum + (weights[stratum]! / total) * (side.held[view]![stratum]! / side.comments[view]![stratum]!),
      0,
    );
  return {
    compared: facts.length === 0 ? 0 : total / facts.length,
    views: Array.from({ length: views }, (_, view) => {
      if (total === 0 || !present.includes(view)) return {};
      const matched = mean(of, view);
      return { matched, difference: matched - mean(others, view) };
    }),
  };
}
