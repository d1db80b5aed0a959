import { type BinaryCounts, type BinaryOptions, binaryCounter } from './binary';
import type { Columns } from './columns';
import { meanOf, type ZeroDivision } from './confusion';
import { attributeConfidence, riskCoverage, stanceConfidence } from './curves';
import { attributeMetrics, type MetricDefinition, stanceMetrics } from './metrics';
import { poolStance, type StanceCounts, stanceCounter } from './stance';

export interface MeasureOptions extends BinaryOptions {
  zeroDivision: ZeroDivision;
}

/** A metric of one target or attribute, of all pooled, or averaged over all. */
export interface NamedMetric {
  /** For example `stance.europe.f1Average`, `stance.pooled.accuracy`, `toxicity.rocAuc`. */
  name: string;
  definition: Omit<MetricDefinition<never>, 'value'>;
  /** Comments behind the value. */
  comments: number;
  /** Groups behind the value: the number of independent observations. */
  groups: number;
}

/** Computes all metrics of a set of columns, again and again under different weights. */
export interface Measurer {
  metrics: readonly NamedMetric[];
  /**
   * @param weights one for each group
   * @param values receives one value for each metric; NaN where it is not defined
   */
  measure(weights: Uint16Array, values: Float64Array): void;
  /** The values under equal weights, and with them what is too costly to resample; null where not defined. */
  point(): (number | null)[];
  /** Names of metrics whose value is 0/0 and is therefore what `zeroDivision` says. */
  undefinedMetrics(): string[];
}

/**
 * Prepares the metrics of aligned columns.
 *
 * The mean over targets (or attributes) takes those where the gold labels define the metric; it is undefined where the
 * classifier left a target or an attribute out altogether, so that answering less never scores better.
 */
export function createMeasurer(columns: Columns, groups: number, options: MeasureOptions): Measurer {
  const stance = columns.stance.map(({ column }) => stanceCounter(column, options));
  const toxicity = columns.toxicity.map(({ column }) => binaryCounter(column, options));
  const metrics = nameMetrics(columns);

  const count = (weights: Uint16Array) => ({
    stance: stance.map((counter) => counter(weights)),
    toxicity: toxicity.map((counter) => counter(weights)),
  });
  const point = (zeroDivision: ZeroDivision) => {
    const counts = count(new Uint16Array(groups).fill(1));
    columns.stance.forEach(({ column }, index) => {
      if (column.scores)
        counts.stance[index]!.riskCoverageArea = riskCoverage(stanceConfidence(column))?.area ?? null;
    });
    columns.toxicity.forEach(({ column }, index) => {
      if (column.scores)
        counts.toxicity[index]!.riskCoverageArea = riskCoverage(attributeConfidence(column))?.area ?? null;
    });
    return valuesOf(counts, zeroDivision);
  };

  return {
    metrics,
    measure(weights, values) {
      valuesOf(count(weights), options.zeroDivision).forEach((value, index) => {
        values[index] = value ?? Number.NaN;
      });
    },
    point: () => point(options.zeroDivision),
    undefinedMetrics() {
      if (options.zeroDivision === null) return [];
      const strict = point(null);
      const lenient = point(options.zeroDivision);
      return metrics
        .filter((_, index) => strict[index] === null && lenient[index] !== null)
        .map(({ name }) => name);
    },
  };
}

/** Every metric in the order of `nameMetrics`. */
function valuesOf(
  counts: { stance: StanceCounts[]; toxicity: BinaryCounts[] },
  zeroDivision: ZeroDivision,
): (number | null)[] {
  const values: (number | null)[] = [];
  if (counts.stance.length > 0) {
    const byTarget = counts.stance.map((one) =>
      stanceMetrics.map((metric) => (one.total === 0 ? null : metric.value(one, zeroDivision))),
    );
    pushMeans(values, byTarget, counts.stance);
    const pooled = poolStance(counts.stance);
    for (const metric of stanceMetrics)
      values.push(pooled.total === 0 ? null : metric.value(pooled, zeroDivision));
    for (const one of byTarget) values.push(...one);
  }
  if (counts.toxicity.length > 0) {
    const byAttribute = counts.toxicity.map((one) =>
      attributeMetrics.map((metric) => (one.total === 0 ? null : metric.value(one, zeroDivision))),
    );
    pushMeans(values, byAttribute, counts.toxicity);
    for (const one of byAttribute) values.push(...one);
  }
  return values;
}

function pushMeans(
  values: (number | null)[],
  table: readonly (readonly (number | null)[])[],
  counts: readonly { total: number }[],
): void {
  const complete = counts.every(({ total }) => total > 0);
  for (let metric = 0; metric < table[0]!.length; metric++)
    values.push(complete ? meanOf(table.map((row) => row[metric]!)) : null);
}

function nameMetrics({ stance, toxicity }: Columns): NamedMetric[] {
  const named: NamedMetric[] = [];
  const add = (
    task: string,
    part: string,
    definitions: readonly Omit<MetricDefinition<never>, 'value'>[],
    columns: readonly { rows: Int32Array; group: Int32Array }[],
  ) => {
    const comments = columns.reduce((sum, { rows }) => sum + rows.length, 0);
    const groups = new Set(columns.flatMap(({ group }) => [...group])).size;
    for (const definition of definitions)
      named.push({ name: `${task}.${part}${definition.name}`, definition, comments, groups });
  };
  if (stance.length > 0) {
    const columns = stance.map(({ column }) => column);
    add('stance', '', stanceMetrics, columns);
    add('stance', 'pooled.', stanceMetrics, columns);
    for (const { target, column } of stance) add('stance', `${target}.`, stanceMetrics, [column]);
  }
  if (toxicity.length > 0) {
    add(
      'toxicity',
      '',
      attributeMetrics,
      toxicity.map(({ column }) => column),
    );
    for (const { attribute, column } of toxicity)
      add('toxicity', `${attribute}.`, attributeMetrics, [column]);
  }
  return named;
}
