import { compareAll, type NamedPredictions } from './compare';
import { evaluate } from './evaluate';
import type { EvaluateOptions } from './options';
import type { Report } from './report';

export interface ReportOptions extends Omit<EvaluateOptions, 'name'> {
  /** @default 'Evaluation' */
  title?: string;
}

/**
 * Evaluates several classifiers on the same gold rows and compares every pair of them.
 *
 * @returns plain JSON, whose shape is the same for one classifier as for ten
 * @throws EvaluationError as `evaluate` does; the message starts with the classifier's name where there are several
 *
 * @example
 * const report = buildReport([{ name: 'mine', predictions }], gold, { slices: ['source'] });
 * report.evaluations[0].metrics['stance.f1Average'].value; // 0.61
 */
export function buildReport(
  classifiers: readonly NamedPredictions[],
  gold: readonly unknown[],
  options: ReportOptions = {},
): Report {
  return {
    schemaVersion: 1,
    kind: 'report',
    title: options.title ?? 'Evaluation',
    evaluations: classifiers.map(({ name, predictions, thresholds }) =>
      evaluate(predictions, gold, {
        ...options,
        name,
        ...(thresholds !== undefined && options.thresholds === undefined && { thresholds }),
      }),
    ),
    comparisons: classifiers.length > 1 ? compareAll(classifiers, gold, options) : [],
  };
}
