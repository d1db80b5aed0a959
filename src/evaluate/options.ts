import { EvaluationError } from '../errors';
import type { Thresholds } from './columns';
import type { ZeroDivision } from './confusion';
import type { MeasureOptions } from './measure';
import type { ReadPredictionsOptions } from './predictions';

export interface StatisticsOptions {
  /** Nominal coverage of intervals, in (0, 1). @default 0.95 */
  level?: number;
  /** Bootstrap samples; 0 for no intervals and no p-values. @default 2000 */
  samples?: number;
  /** Integer that determines every random draw. @default 1 */
  seed?: number;
  /**
   * Score from which an attribute is positive: one for all, or one for each. Where it is undefined, a prediction's own
   * label stands, then its own threshold, then 0.5.
   */
  thresholds?: Thresholds;
  /** Value of 0/0, for example the precision of a class that is never predicted; null: undefined. @default 0 */
  zeroDivision?: ZeroDivision;
  /** Equal-width bins for the expected calibration error. @default 15 */
  bins?: number;
  /** `recallAtPrecision` is the best recall with at least this precision. @default 0.9 */
  precisionAim?: number;
  /** `precisionAtRecall` is the best precision with at least this recall. @default 0.9 */
  recallAim?: number;
}

export interface EvaluateOptions extends StatisticsOptions, ReadPredictionsOptions {
  /** What reports call the classifier. @default 'predictions' */
  name?: string;
  /** Fields of the gold rows to report by, with dots for nested ones. @default [] */
  slices?: readonly string[];
  /** Most wrong answers that the report lists, the most confident first. @default 1000 */
  errorLimit?: number;
}

export const defaultStatistics = {
  level: 0.95,
  samples: 2000,
  seed: 1,
  zeroDivision: 0,
  bins: 15,
  precisionAim: 0.9,
  recallAim: 0.9,
} as const satisfies StatisticsOptions;

export type ResolvedStatistics = MeasureOptions & {
  level: number;
  samples: number;
  seed: number;
  thresholds: Thresholds;
};

/** @throws EvaluationError `options-invalid` */
export function resolveStatistics(options: StatisticsOptions): ResolvedStatistics {
  const resolved = {
    level: options.level ?? defaultStatistics.level,
    samples: options.samples ?? defaultStatistics.samples,
    seed: options.seed ?? defaultStatistics.seed,
    thresholds: options.thresholds,
    zeroDivision: options.zeroDivision === undefined ? defaultStatistics.zeroDivision : options.zeroDivision,
    bins: options.bins ?? defaultStatistics.bins,
    precisionAim: options.precisionAim ?? defaultStatistics.precisionAim,
    recallAim: options.recallAim ?? defaultStatistics.recallAim,
  };
  const check = (name: string, right: boolean, expected: string) => {
    if (!right)
      throw new EvaluationError(`The option ${name} must be ${expected}.`, { code: 'options-invalid' });
  };
  const isShare = (value: number) => value >= 0 && value <= 1;
  check('level', resolved.level > 0 && resolved.level < 1, 'between 0 and 1');
  check('samples', Number.isInteger(resolved.samples) && resolved.samples >= 0, 'a whole number, 0 or more');
  check('seed', Number.isSafeInteger(resolved.seed), 'a whole number');
  check(
    'bins',
    Number.isInteger(resolved.bins) && resolved.bins >= 1 && resolved.bins <= 1000,
    'from 1 to 1000',
  );
  check('precisionAim', isShare(resolved.precisionAim), 'from 0 to 1');
  check('recallAim', isShare(resolved.recallAim), 'from 0 to 1');
  const thresholds =
    typeof options.thresholds === 'object' ? Object.values(options.thresholds) : [options.thresholds ?? 0.5];
  check('thresholds', thresholds.every(isShare), 'from 0 to 1');
  return resolved;
}
