import { resampleTogether } from '../statistics/bootstrap';
import { type BinaryOptions, binaryCounter, type CellCounter } from './binary';
import type { Columns } from './columns';
import { meanOf, type ZeroDivision } from './confusion';
import { attributeMetrics, type MetricDefinition, stanceMetrics } from './metrics';
import { type NamedMetric, nameMetrics } from './named-metrics';
import { poolStance, stanceCounter } from './stance';
import { type AllCounts, type Counters, createTally } from './tally';

export interface MeasureOptions extends BinaryOptions {
  zeroDivision: ZeroDivision;
}

/** Computes all metrics of a set of columns, and again under the weights of bootstrap samples. */
export interface Measurer {
  metrics: readonly NamedMetric[];
  /**
   * Bootstrap replicates of all metrics, on the same samples for all.
   *
   * @param groups number of groups that are resampled
   * @returns for each metric one value a sample; NaN where it is not defined
   */
  replicate(groups: number, samples: number, seed: number): Float64Array[];
  /** The values under equal weights; null where not defined. */
  values: readonly (number | null)[];
  /** Names of metrics whose value would be another if 0/0, in them or in a part of them, were not `zeroDivision`. */
  undefinedMetrics(): string[];
}

/**
 * Up to this many cells (comments of equal score and label, summed over all columns), resampled values are exact;
 * beyond, they come from columns compressed to some hundreds of levels, moved by the difference that the compression
 * makes to the value itself.
 */
const mostCells = 65_535;

/**
 * Prepares the metrics of aligned columns.
 *
 * The mean over targets (or attributes) takes those where the gold labels define the metric; it is undefined where the
 * classifier left a target or an attribute out altogether, or has no scores for one and the metric needs them: a mean over
 * the rest would pass for one over all. What it left out of single comments, `coverage` says.
 */
export function createMeasurer(columns: Columns, options: MeasureOptions): Measurer {
  const metrics = nameMetrics(columns);
  const parts = partsOf(columns);
  const exact = countersOf(columns, options, false);
  const counts = countOnce(exact);
  const everywhere = (zeroDivision: ZeroDivision) => metrics.map(() => zeroDivision);
  const values = valuesOf(counts, parts, everywhere(options.zeroDivision));
  const strict = valuesOf(counts, parts, everywhere(null));
  // A sample without any comment that a metric rests on says nothing of it, unless so does the whole file.
  const inSamples = metrics.map((_, index) =>
    strict[index] === values[index] ? null : options.zeroDivision,
  );

  return {
    metrics,
    values,
    replicate(groups, samples, seed) {
      const replicates = metrics.map(() => new Float64Array(samples).fill(Number.NaN));
      if (groups < 2 || samples === 0) return replicates;
      const { offsets, tally } = prepareResampling(columns, exact, options, values, groups);
      resampleTogether(groups, samples, seed, tally.together, (weights, first) => {
        tally.count(weights).forEach((drawn, index) => {
          const resampled = valuesOf(drawn, parts, inSamples);
          for (let metric = 0; metric < resampled.length; metric++) {
            const value = resampled[metric];
            if (value !== null) replicates[metric]![first + index] = value! + offsets[metric]!;
          }
        });
      });
      return replicates;
    },
    undefinedMetrics: () =>
      metrics.filter((_, index) => strict[index] !== values[index]).map(({ name }) => name),
  };
}

function countersOf(columns: Columns, options: MeasureOptions, compressed: boolean): Counters {
  return {
    stance: columns.stance.map(({ column }) => stanceCounter(column, options, compressed)),
    toxicity: columns.toxicity.map(({ column }) => binaryCounter(column, options, compressed)),
  };
}

/** Counts with every comment once. */
function countOnce({ stance, toxicity }: Counters): AllCounts {
  const once = <Counts>({ cell, cells, count }: CellCounter<Counts>): Counts => {
    const weights = new Int32Array(cells);
    for (const at of cell) weights[at]!++;
    return count(weights);
  };
  return { stance: stance.map(once), toxicity: toxicity.map(once) };
}

function prepareResampling(
  columns: Columns,
  exact: Counters,
  options: MeasureOptions,
  values: readonly (number | null)[],
  groups: number,
) {
  let counters = exact;
  let offsets = values.map(() => 0);
  if (cellsOf(counters) > mostCells) {
    counters = countersOf(columns, options, true);
    const divisions = values.map(() => options.zeroDivision);
    const compressed = valuesOf(countOnce(counters), partsOf(columns), divisions);
    offsets = values.map((value, index) => (value ?? 0) - (compressed[index] ?? value ?? 0));
  }
  return { offsets, tally: createTally(columns, counters, groups) };
}

const cellsOf = ({ stance, toxicity }: Counters) =>
  [...stance, ...toxicity].reduce((sum, { cells }) => sum + cells, 0);

/**
 * Every metric in the order of `nameMetrics`.
 *
 * @param divisions what 0/0 is in each of them
 */
function valuesOf(counts: AllCounts, parts: Parts, divisions: readonly ZeroDivision[]): (number | null)[] {
  const values: (number | null)[] = [];
  if (counts.stance.length > 0) {
    // Before the targets stand the mean and the pool.
    const byTarget = counts.stance.map((one, part) =>
      valuesOfPart(one, stanceMetrics, divisions, (part + 2) * stanceMetrics.length),
    );
    pushMeans(values, stanceMetrics, byTarget, counts.stance, parts.stance);
    const pooled = poolStance(counts.stance);
    values.push(...valuesOfPart(pooled, stanceMetrics, divisions, stanceMetrics.length));
    for (const one of byTarget) values.push(...one);
  }
  if (counts.toxicity.length > 0) {
    const first = values.length + attributeMetrics.length;
    const byAttribute = counts.toxicity.map((one, part) =>
      valuesOfPart(one, attributeMetrics, divisions, first + part * attributeMetrics.length),
    );
    pushMeans(values, attributeMetrics, byAttribute, counts.toxicity, parts.toxicity);
    for (const one of byAttribute) values.push(...one);
  }
  return values;
}

function valuesOfPart<Counts extends { total: number }>(
  counts: Counts,
  metrics: readonly MetricDefinition<Counts>[],
  divisions: readonly ZeroDivision[],
  first: number,
): (number | null)[] {
  return metrics.map((metric, index) =>
    counts.total === 0 ? null : metric.value(counts, divisions[first + index]!),
  );
}

function pushMeans(
  values: (number | null)[],
  metrics: readonly Pick<MetricDefinition<never>, 'uses'>[],
  table: readonly (readonly (number | null)[])[],
  counts: readonly { total: number }[],
  parts: readonly Part[],
): void {
  const answered = counts.every(({ total }, index) => total > 0 || !parts[index]!.judged);
  const scored = answered && parts.every((part) => part.scored || !part.judged);
  metrics.forEach(({ uses }, metric) => {
    const complete = uses === 'labels' ? answered : scored;
    values.push(complete ? meanOf(table.map((row) => row[metric]!)) : null);
  });
}

/** What decides whether a target or an attribute may be missing from a mean. */
interface Part {
  /** Whether any gold row of these columns judges it: a slice need not hold all. */
  judged: boolean;
  /** Whether the classifier gave scores. */
  scored: boolean;
}

interface Parts {
  stance: Part[];
  toxicity: Part[];
}

function partsOf({ stance, toxicity }: Columns): Parts {
  const partOf = ({ column, coverage }: (Columns['stance'] | Columns['toxicity'])[number]): Part => ({
    judged: coverage.gold > 0,
    scored: column.scores !== null,
  });
  return { stance: stance.map(partOf), toxicity: toxicity.map(partOf) };
}
