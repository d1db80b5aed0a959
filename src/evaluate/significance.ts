import { logGamma } from '../statistics/distributions';

export interface McNemar {
  /** Comments that only the first classifier has right. */
  onlyFirst: number;
  /** Comments that only the second classifier has right. */
  onlySecond: number;
  /** Two-sided and exact; 1 where the two never differ. */
  pValue: number;
}

/**
 * McNemar's exact test: under the null, a comment that one of two classifiers has right is as likely the first's as the
 * second's, so that the smaller count is binomial with one half [McNemar 1947]. Comments are taken as independent: where
 * they come in groups, the bootstrap is the better judge.
 *
 * @example
 * mcNemar(12, 3).pValue; // 0.03515625
 */
export function mcNemar(onlyFirst: number, onlySecond: number): McNemar {
  const discordant = onlyFirst + onlySecond;
  const smaller = Math.min(onlyFirst, onlySecond);
  let tail = 0;
  for (let count = 0; count <= smaller; count++)
    tail += Math.exp(
      logGamma(discordant + 1) -
        logGamma(count + 1) -
        logGamma(discordant - count + 1) -
        discordant * Math.LN2,
    );
  return { onlyFirst, onlySecond, pValue: onlyFirst === onlySecond ? 1 : Math.min(1, 2 * tail) };
}

/**
 * Holm's step-down correction [Holm 1979].
 *
 * @returns the adjusted p-values, in the order given
 *
 * @example
 * holm([0.01, 0.04, 0.03]); // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[a]! - pValues[b]!);
  const adjusted = new Array<number>(pValues.length);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = highest;
  });
  return adjusted;
}
