import {
  betaQuantile,
  normalDistribution,
  normalQuantile,
  studentDistribution,
  studentQuantile,
} from './distributions';
import { createRandom } from './random';

export interface Interval {
  low: number;
  high: number;
  /** Nominal coverage, for example 0.95. */
  level: number;
  /**
   * `percentile`: expanded percentile bootstrap; `exact`: the value is at the end of its range in every resample, so
   * that the percentiles say nothing, and the binomial interval for that many groups without a failure stands in.
   */
  method: 'percentile' | 'exact';
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
 * @param groups number of independent groups behind the value
 * @param range of the statistic
 * @returns null where there are under two groups, or where nearly no sample defines the statistic
 */
export function intervalOf(
  value: number,
  replicates: Float64Array,
  groups: number,
  level: number,
  range: readonly [number, number],
): Interval | null {
  if (groups < 2) return null;
  const sorted = replicates.filter((replicate) => !Number.isNaN(replicate)).sort();
  if (sorted.length < replicates.length / 2 || sorted.length < 2) return null;
  const tail = (1 - level) / 2;
  if (
    sorted[0] === sorted.at(-1) &&
    (value === range[0] || value === range[1]) &&
    range[1] < Number.POSITIVE_INFINITY
  ) {
    const share = betaQuantile(tail, groups, 1);
    const width = (1 - share) * (range[1] - range[0]);
    return value === range[1]
      ? { low: value - width, high: value, level, method: 'exact' }
      : { low: value, high: value + width, level, method: 'exact' };
  }
  const expanded = normalDistribution(Math.sqrt(groups / (groups - 1)) * studentQuantile(tail, groups - 1));
  return {
    low: quantile(sorted, expanded),
    high: quantile(sorted, 1 - expanded),
    level,
    method: 'percentile',
  };
}

/**
 * Two-sided p-value of a paired difference: the share of resampled differences that lie as far from the observed one
 * as that lies from 0 (the bootstrap distribution, shifted to the null), carried through Student's t for the number of
 * groups as the interval is.
 *
 * @returns a number in (0, 1]; 1 where nothing differs
 */
export function differencePValue(difference: number, replicates: Float64Array, groups: number): number {
  const defined = replicates.filter((replicate) => !Number.isNaN(replicate));
  if (difference === 0 || groups < 2 || defined.length === 0) return 1;
  const reach = Math.abs(difference) - 1e-12;
  let beyond = 0;
  for (const replicate of defined) if (Math.abs(replicate - difference) >= reach) beyond++;
  const share = (1 + beyond) / (1 + defined.length);
  if (share >= 1) return 1;
  const t = normalQuantile(share / 2) / Math.sqrt(groups / (groups - 1));
  return Math.min(1, 2 * studentDistribution(t, groups - 1));
}
