import { createHash } from 'node:crypto';
import { EvaluationError } from '../errors';
import type { Thresholds } from './columns';
import { compareAll, type NamedPredictions } from './compare';
import { evaluate } from './evaluate';
import { type Gold, readGold } from './gold';
import type { EvaluateOptions } from './options';
import { aboutPredictionsOf } from './predictions';
import type { Report } from './report';

export interface ReportOptions extends Omit<EvaluateOptions, 'name'> {
  /** @default 'Evaluation' */
  title?: string;
}

/**
 * Evaluates several classifiers on the same gold rows and compares every pair of them.
 *
 * Thresholds of the options go before a classifier's own, attribute by attribute.
 *
 * @returns plain JSON, whose shape is the same for one classifier as for ten
 * @throws EvaluationError as `evaluate` does; where there are several classifiers and the fault is in the rows of one,
 *   the message starts with its name. `options-invalid` where two have the same name
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
  checkNames(classifiers.map(({ name }) => name));
  // Checked first, so that what `evaluate` then finds wrong with rows is wrong with the classifier's.
  const checkedGold = readGold(gold);
  const several = classifiers.length > 1;
  const resolved = classifiers.map((classifier) => ({
    ...classifier,
    thresholds: thresholdsFor(classifier, options, checkedGold.attributes),
  }));
  return {
    schemaVersion: 1,
    kind: 'report',
    title: options.title ?? 'Evaluation',
    goldDigest: digestOf(checkedGold),
    evaluations: resolved.map(({ name, predictions, thresholds }) => {
      const work = () => evaluate(predictions, gold, { ...options, name, thresholds });
      return several ? aboutPredictionsOf(name, work) : work();
    }),
    comparisons: several ? compareAll(resolved, gold, options) : [],
  };
}

/** Gates, JUnit suites and earlier reports find a classifier by its name. */
function checkNames(names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new EvaluationError(`Two classifiers have the name "${repeated}"; give each its own.`, {
      code: 'options-invalid',
    });
}

function thresholdsFor(
  { thresholds: own }: NamedPredictions,
  { thresholds: given }: ReportOptions,
  attributes: readonly string[],
): Thresholds {
  if (own === undefined || typeof given === 'number') return given;
  const ofEach =
    typeof own === 'number' ? Object.fromEntries(attributes.map((attribute) => [attribute, own])) : own;
  return { ...ofEach, ...given };
}

/** Of ids and labels alone, in whatever order: figures of two reports can be compared where it is the same. */
function digestOf({ rows }: Gold): string {
  const sorted = (labels: object = {}) => Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(({ id, gold }) => JSON.stringify([id, sorted(gold.stance), sorted(gold.toxicity)]));
  const hash = createHash('sha256');
  for (const line of lines.sort()) hash.update(`${line}\n`);
  return `sha256:${hash.digest('hex')}`;
}
