import { EvaluationError } from '../errors';
import type { Evaluation, Report } from './report';

/** A bound that a metric must keep for a build to pass. */
export interface Gate {
  /** Full name of the metric, for example `stance.macroF1`. */
  metric: string;
  /** `atLeast` for metrics where more is better, `atMost` for the others. */
  kind: 'atLeast' | 'atMost';
  bound: number;
}

export interface GateResult {
  classifier: string;
  metric: string;
  value: number | null;
  /** What was asked, in words. */
  requirement: string;
  passed: boolean;
}

/**
 * Checks every classifier of a report against gates. A metric without a value does not pass.
 *
 * @throws EvaluationError `unknown-metric`, listing the names that the report has
 */
export function checkGates(report: Report, gates: readonly Gate[]): GateResult[] {
  return report.evaluations.flatMap((evaluation) =>
    gates.map(({ metric, kind, bound }) => {
      const { value, better } = metricOf(evaluation, metric);
      if ((better === 'higher') !== (kind === 'atLeast'))
        throw new EvaluationError(
          `Of ${metric}, ${better === 'higher' ? 'more' : 'less'} is better: set its bound with ${
            better === 'higher' ? '--fail-under' : '--fail-over'
          }.`,
          { code: 'unknown-metric' },
        );
      const passed = value !== null && (kind === 'atLeast' ? value >= bound : value <= bound);
      const requirement = `${kind === 'atLeast' ? 'at least' : 'at most'} ${bound}`;
      return { classifier: evaluation.name, metric, value, requirement, passed };
    }),
  );
}

/**
 * Checks that no headline metric is worse than in an earlier report by more than `maxDrop`. A classifier is compared
 * with the one of its name, or with the only one of the earlier report. A metric that has no value any more does not
 * pass.
 *
 * @param metrics names to check; the headline metrics of the earlier report by default
 * @throws EvaluationError `unknown-metric` where the earlier report lacks the classifier or the metric,
 *   `options-invalid` where it was measured on other gold rows
 */
export function checkDrop(
  report: Report,
  earlier: Report,
  maxDrop: number,
  metrics?: readonly string[],
): GateResult[] {
  // Reports from before there was a digest say nothing of their gold rows.
  if (earlier.goldDigest !== undefined && earlier.goldDigest !== report.goldDigest)
    throw new EvaluationError(
      'The baseline report was measured on other gold rows (their ids or labels differ); make it again on these.',
      { code: 'options-invalid' },
    );
  return report.evaluations.flatMap((evaluation) => {
    const before =
      earlier.evaluations.find(({ name }) => name === evaluation.name) ??
      (earlier.evaluations.length === 1 ? earlier.evaluations[0] : undefined);
    if (before === undefined)
      throw new EvaluationError(
        `The baseline report has no classifier "${evaluation.name}"; it has ${earlier.evaluations.map(({ name }) => name).join(', ')}.`,
        { code: 'unknown-metric' },
      );
    const names =
      metrics ?? headlineMetrics(before).filter((metric) => before.metrics[metric]!.value !== null);
    return names.map((metric) => {
      const { value: old, better } = metricOf(before, metric);
      const value = evaluation.metrics[metric]?.value ?? null;
      const drop = value === null || old === null ? null : better === 'higher' ? old - value : value - old;
      return {
        classifier: evaluation.name,
        metric,
        value,
        requirement: `no more than ${maxDrop} worse than ${old === null ? 'undefined' : Number(old.toFixed(6))}`,
        // Rounding must not fail a build whose figures are the same.
        passed: old === null || (drop !== null && drop <= maxDrop + 1e-9),
      };
    });
  });
}

/** The figures that stand for the others: coverage, F1 of favor and against, ROC-AUC and F1 of attributes. */
export function headlineMetrics(evaluation: Evaluation): string[] {
  return Object.keys(evaluation.metrics).filter(
    (name) =>
      name === 'coverage' ||
      /^stance\.(.*\.)?f1Average$/.test(name) ||
      /^toxicity\.(.*\.)?(rocAuc|f1)$/.test(name),
  );
}

function metricOf(evaluation: Evaluation, name: string) {
  if (Object.hasOwn(evaluation.metrics, name)) return evaluation.metrics[name]!;
  const names = Object.keys(evaluation.metrics);
  const last = name.split('.').at(-1)!.toLowerCase();
  const near = names.filter((known) => known.toLowerCase().includes(last));
  throw new EvaluationError(
    `There is no metric "${name}"; ${near.length > 0 ? `did you mean ${near.slice(0, 6).join(', ')}? ` : ''}Valid names: ${names.join(', ')}.`,
    { code: 'unknown-metric' },
  );
}
