import { type Interval, intervalOf } from '../statistics/bootstrap';
import { createBaselines } from './baselines';
import { subgroupBias } from './bias';
import { alignColumns, answeredGold, type Columns, type GoldColumns, goldColumns } from './columns';
import { coverageMetric, coverageMetrics } from './coverage';
import { attributeReport, emptyStanceConfusion, listErrors, targetReport } from './detail';
import { type Gold, readGold } from './gold';
import { createMeasurer, type Measurer } from './measure';
import { type EvaluateOptions, type ResolvedStatistics, resolveStatistics } from './options';
import { type Predictions, readPredictions } from './predictions';
import type { BaselineReport, Evaluation, MetricValue, SliceReport } from './report';
import { sliceRows, sliceValues } from './slices';
import { stanceLabels } from './stance';

/**
 * Measures a classifier's predictions against gold labels, with intervals and beside baselines. Calls no model.
 *
 * Comments that were skipped, that failed or that have no prediction are counted under `coverage` and are in no metric; a
 * comment that is answered in part is in the metrics of that part.
 *
 * @param predictions rows as `moderato label` prints them; order does not matter
 * @param gold hand-labelled rows, with any targets and attributes
 * @throws EvaluationError naming the row and the remedy: `gold-empty`, `gold-invalid`, `predictions-invalid`,
 *   `unknown-label`, `score-out-of-range`, `duplicate-id`, `unknown-id`, `options-invalid`
 *
 * @example
 * const gold = [
 *   { id: '1', text: 'Good that Europe arms itself.', gold: { stance: { europe: 'favor' } } },
 *   { id: '2', text: 'Brussels is all talk.', gold: { stance: { europe: 'against' } } },
 * ];
 * const predictions = [
 *   { id: '1', status: 'labelled', labels: { stance: { targets: { europe: { label: 'favor' } } } } },
 *   { id: '2', status: 'skipped', reason: 'unsupported-language' },
 * ];
 * const evaluation = evaluate(predictions, gold);
 * evaluation.coverage.share; // 0.5
 * evaluation.metrics['stance.europe.f1.favor'].value; // 1
 */
export function evaluate(
  predictions: readonly unknown[],
  gold: readonly unknown[],
  options: EvaluateOptions = {},
): Evaluation {
  const statistics = resolveStatistics(options);
  const checkedGold = readGold(gold);
  return evaluateChecked(
    readPredictions(predictions, checkedGold, options),
    checkedGold,
    statistics,
    options,
  );
}

function evaluateChecked(
  predictions: Predictions,
  gold: Gold,
  statistics: ResolvedStatistics,
  options: EvaluateOptions,
): Evaluation {
  const fields = options.slices ?? [];
  const judged = goldColumns(gold);
  const columns = alignColumns(judged, predictions, statistics.thresholds);
  const measurer = createMeasurer(columns, statistics);
  const pooled = emptyStanceConfusion();
  for (const { column } of columns.stance)
    column.gold.forEach((label, index) => {
      pooled[stanceLabels[label]!][stanceLabels[column.predicted[index]!]!]++;
    });
  const { samples, level, seed, zeroDivision, bins, precisionAim, recallAim } = statistics;
  return {
    schemaVersion: 1,
    kind: 'evaluation',
    name: options.name ?? 'predictions',
    options: {
      level,
      samples,
      seed,
      thresholds: statistics.thresholds ?? null,
      zeroDivision,
      bins,
      precisionAim,
      recallAim,
      slices: fields,
    },
    gold: {
      rows: gold.rows.length,
      groups: gold.groups,
      grouped: gold.grouped,
      targets: gold.targets,
      attributes: gold.attributes,
    },
    coverage: columns.coverage,
    metrics: {
      coverage: coverageMetric(columns.coverage, gold.groups),
      ...metricValues(measurer, gold.groups, statistics),
      ...coverageMetrics(judged, columns),
    },
    undefinedMetrics: measurer.undefinedMetrics(),
    stance: {
      coverage: columns.stanceCoverage,
      targets: Object.fromEntries(columns.stance.map((one) => [one.target, targetReport(one, bins)])),
      pooled: { confusion: pooled },
    },
    toxicity: {
      coverage: columns.toxicityCoverage,
      attributes: Object.fromEntries(
        columns.toxicity.map((one) => [one.attribute, attributeReport(one, bins)]),
      ),
    },
    slices: Object.fromEntries(
      fields.map((field) => [field, sliceReports(field, gold, predictions, statistics)]),
    ),
    bias: Object.fromEntries(fields.map((field) => [field, biasOf(field, gold, columns, statistics)])),
    baselines: Object.fromEntries(
      Object.entries(createBaselines(gold, judged, seed)).map(([name, predict]) => [
        name,
        baselineReport(predict(), answeredGold(judged, columns), statistics),
      ]),
    ) as Evaluation['baselines'],
    errors: listErrors(gold, columns, fields, options.errorLimit ?? 1000),
  };
}

/** Values and intervals of all metrics; one resampling serves all of them. */
function metricValues(
  measurer: Measurer,
  groups: number,
  statistics: ResolvedStatistics,
): Record<string, MetricValue> {
  const { values } = measurer;
  const replicates = measurer.replicate(groups, statistics.samples, statistics.seed);
  return Object.fromEntries(
    measurer.metrics.map((metric, index) => {
      const { name, definition, proportion, comments, judgements, groups: behind, restsOn } = metric;
      const { range, better } = definition;
      const value = values[index]!;
      const interval: Interval | null =
        value === null || statistics.samples === 0
          ? null
          : intervalOf(value, replicates[index]!, restsOn, statistics.level, range, proportion);
      return [name, { value, interval, comments, judgements, groups: behind, restsOn, better }];
    }),
  );
}

function sliceReports(
  field: string,
  gold: Gold,
  predictions: Predictions,
  statistics: ResolvedStatistics,
): Record<string, SliceReport> {
  const reports = [...sliceRows(gold, field)].map(([value, rows]): [string, SliceReport] => {
    const judged = goldColumns(gold, rows);
    const { columns, groups } = compactGroups(alignColumns(judged, predictions, statistics.thresholds));
    const measurer = createMeasurer(columns, statistics);
    const metrics = {
      ...metricValues(measurer, groups, statistics),
      ...coverageMetrics(judged, columns),
    };
    return [value, { coverage: columns.coverage, metrics, undefinedMetrics: measurer.undefinedMetrics() }];
  });
  return Object.fromEntries(reports);
}

/** Numbers the groups that occur from 0, so that a small slice of a large file is resampled at its own size. */
function compactGroups(columns: Columns): { columns: Columns; groups: number } {
  const numbers = new Map<number, number>();
  const renumber = (group: Int32Array) =>
    group.map((old) => {
      const known = numbers.get(old) ?? numbers.size;
      numbers.set(old, known);
      return known;
    });
  const renumbered = {
    ...columns,
    stance: columns.stance.map((one) => ({
      ...one,
      column: { ...one.column, group: renumber(one.column.group) },
    })),
    toxicity: columns.toxicity.map((one) => ({
      ...one,
      column: { ...one.column, group: renumber(one.column.group) },
    })),
  };
  return { columns: renumbered, groups: numbers.size };
}

function biasOf(
  field: string,
  gold: Gold,
  columns: Columns,
  { samples, seed, level }: ResolvedStatistics,
): Evaluation['bias'][string] {
  return Object.fromEntries(
    columns.toxicity.map(({ attribute, column }) => [
      attribute,
      subgroupBias(
        column,
        Array.from(column.rows, (row) => sliceValues(gold.rows[row], field)),
        { groups: gold.groups, samples, seed, level },
      ),
    ]),
  );
}

function baselineReport(
  predictions: Predictions,
  gold: GoldColumns,
  statistics: ResolvedStatistics,
): BaselineReport {
  const columns = alignColumns(gold, predictions, undefined);
  const measurer = createMeasurer(columns, statistics);
  const { values } = measurer;
  return {
    coverage: columns.coverage,
    metrics: Object.fromEntries(measurer.metrics.map(({ name }, index) => [name, values[index]!])),
  };
}
