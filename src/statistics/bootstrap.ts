import { normalDistribution, normalQuantile, studentDistribution, studentQuantile } from './distributions';
import { createRandom } from './random';

export interface Interval {
  low: number;
  high: number;
  /** Nominal coverage, for example 0.95. */
  level: number;
  /**
   * `percentile`: expanded percentile bootstrap. The others stand in where every resample has the value at the end of its
   * range, so that percentiles say nothing. `exact`: the binomial interval of a proportion [Clopper & Pearson 1934];
   * `bound`: the same share of observations that may be otherwise, each as far off as the range allows.
   */
  method: 'percentile' | 'exact' | 'bound';
}

/**
 * Draws bootstrap samples of groups.
 *
 * @param groups number of groups; each sample draws that many with replacement
 * @param each is called for every sample with the number of times each group was drawn; the array is reused
 */
export function resample(
  groups: number,
  samples: number,
  seed: number,
  each: (weights: Uint16Array, sample: number) => void,
): void {
  resampleTogether(groups, samples, seed, 1, ([weights], sample) => each(weights!, sample));
}

/**
 * The same samples as `resample` draws, several at a time.
 *
 * @param together samples of a call, from 1; the last call may have fewer
 * @param each is called with the weights of some samples and the number of the first; the arrays are reused
 */
export function resampleTogether(
  groups: number,
  samples: number,
  seed: number,
  together: number,
  each: (weights: readonly Uint16Array[], first: number) => void,
): void {
  const random = createRandom(seed);
  const weights = Array.from({ length: together }, () => new Uint16Array(groups));
  for (let first = 0; first < samples; first += together) {
    const drawn = weights.slice(0, samples - first);
    for (const one of drawn) random.drawCounts(one);
    each(drawn, first);
  }
}

/** Quantile of sorted values, interpolated linearly [Hyndman & Fan 1996, type 7]. */
export function quantile(sorted: ArrayLike<number>, probability: number): number {
  const position = (sorted.length - 1) * Math.min(1, Math.max(0, probability));
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/**
 * The interval of a statistic from its bootstrap replicates: percentiles, widened for small numbers of groups as
 * Hesterberg does it ("What Teachers Should Know About the Bootstrap", 2015, section 4.3): the tail is taken at
 * Φ(−√(n / (n − 1)) · t), t being Student's quantile with n − 1 degrees of freedom.
 *
 * @param replicates NaN where a sample left the statistic undefined; those are set aside
 * @param groups number of independent groups that the value rests on: for a recall those with a positive, not all
 * @param range of the statistic
 * @param proportion whether the statistic is a share of that many independent comments
 * @returns null where there are under two groups and values between the ends, or where few samples define the statistic
 */
export function intervalOf(
  value: number,
  replicates: Float64Array,
  groups: number,
  level: number,
  range: readonly [number, number],
  proportion = false,
): Interval | null {
  const sorted = replicates.filter((replicate) => !Number.isNaN(replicate)).sort();
  if (sorted.length < replicates.length / 2 || sorted.length < 2) return null;
  const atEnd = (value === range[0] || value === range[1]) && Number.isFinite(range[1] - range[0]);
  if (atEnd && sorted[0] === sorted.at(-1))
    return groups < 1
      ? null
      : { ...boundOf(value, groups, level, range), method: proportion ? 'exact' : 'bound' };
  if (groups < 2) return null;
  const expanded = normalDistribution(
    Math.sqrt(groups / (groups - 1)) * studentQuantile((1 - level) / 2, groups - 1),
  );
  return {
    low: quantile(sorted, expanded),
    high: quantile(sorted, 1 - expanded),
    level,
    method: 'percentile',
  };
}

/**
 * The interval of a value that every resample repeats. As the binomial interval says of that many observations without
 * an exception, up to 1 − (α/2)^(1/n) of them could have been otherwise, and then as far off as the range allows.
 */
export function boundOf(
  value: number,
  groups: number,
  level: number,
  [least, most]: readonly [number, number],
): Interval {
  const otherwise = 1 - ((1 - level) / 2) ** (1 / groups);
  return {
    low: value - otherwise * (value - least),
    high: value + otherwise * (most - value),
    level,
    method: 'bound',
  };
}

/**
 * Two-sided p-value of a paired difference: the share of resampled differences that lie as far from the observed one
 * as that lies from 0 (the bootstrap distribution, shifted to the null), carried through Student's t for the number of
 * groups as the interval is. Where all resamples agree, it is what a sign test of that many groups can say at most, 2^(1 − n).
 *
 * @param groups number of independent groups that the difference rests on
 * @returns a number in (0, 1]; 1 where nothing differs
 */
export function differencePValue(difference: number, replicates: Float64Array, groups: number): number {
  const defined = replicates.filter((replicate) => !Number.isNaN(replicate));
  if (difference === 0 || groups < 2 || defined.length === 0) return 1;
  if (isConstant(defined)) return Math.min(1, 2 ** (1 - groups));
  const reach = Math.abs(difference) - 1e-12;
  let beyond = 0;
  for (const replicate of defined) if (Math.abs(replicate - difference) >= reach) beyond++;
  const share = (1 + beyond) / (1 + defined.length);
  if (share >= 1) return 1;
  const t = normalQuantile(share / 2) / Math.sqrt(groups / (groups - 1));
  return Math.min(1, 2 * studentDistribution(t, groups - 1));
}

/** Whether all samples that define a statistic give it the same value; rounding errors count as none. */
export function isConstant(replicates: Float64Array): boolean {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const replicate of replicates) {
    if (replicate < least) least = replicate;
    if (replicate > most) most = replicate;
  }
  return most >= least && most - least < 1e-12;
}
