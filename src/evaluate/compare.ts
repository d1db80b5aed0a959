import { boundOf, differencePValue, type Interval, intervalOf, isConstant } from '../statistics/bootstrap';
import type { BinaryColumn } from './binary';
import { alignColumns, type Columns, goldColumns } from './columns';
import { meanOf } from './confusion';
import { type Gold, readGold } from './gold';
import { createMeasurer } from './measure';
import { type ResolvedStatistics, resolveStatistics, type StatisticsOptions } from './options';
import {
  aboutPredictionsOf,
  type Predictions,
  type ReadPredictionsOptions,
  readPredictions,
} from './predictions';
import type { ComparedLabels, ComparedMetric, Comparison } from './report';
import { holm, mcNemar } from './significance';
import type { StanceColumn } from './stance';

export interface CompareOptions extends StatisticsOptions, ReadPredictionsOptions {
  /** What reports call the two. @default ['first', 'second'] */
  names?: readonly [string, string];
}

/** A classifier's predictions and what reports call it. */
export interface NamedPredictions {
  name: string;
  predictions: readonly unknown[];
  /** Thresholds of this classifier; `thresholds` of the options by default. */
  thresholds?: StatisticsOptions['thresholds'];
}

/**
 * Says whether two classifiers differ, over the comments that both answered.
 *
 * Each metric gets the difference first − second with an interval and a p-value from a paired bootstrap over groups;
 * each target and attribute gets McNemar's exact test of who is right. Targets together get none: several answers to one
 * comment are not independent, as that test takes them to be.
 *
 * @throws EvaluationError as `evaluate` does
 *
 * @example
 * const { metrics, mcNemar } = compare(predictionsOfA, predictionsOfB, gold);
 * metrics['stance.f1Average'].difference; // 0.061: A is better by six points
 * metrics['stance.f1Average'].pValue; // 0.003
 */
export function compare(
  first: readonly unknown[],
  second: readonly unknown[],
  gold: readonly unknown[],
  options: CompareOptions = {},
): Comparison {
  const [firstName, secondName] = options.names ?? ['first', 'second'];
  return compareAll(
    [
      { name: firstName, predictions: first },
      { name: secondName, predictions: second },
    ],
    gold,
    options,
  )[0]!;
}

/**
 * Compares every pair of classifiers; the adjusted p-values are Holm's over the pairs, metric by metric.
 *
 * @returns one comparison for each pair, in the order (1, 2), (1, 3), …, (2, 3), …
 */
export function compareAll(
  classifiers: readonly NamedPredictions[],
  gold: readonly unknown[],
  options: StatisticsOptions & ReadPredictionsOptions = {},
): Comparison[] {
  const statistics = resolveStatistics(options);
  const checkedGold = readGold(gold);
  const read = classifiers.map(({ name, predictions, thresholds }) => ({
    name,
    predictions: aboutPredictionsOf(name, () => readPredictions(predictions, checkedGold, options)),
    thresholds: thresholds ?? statistics.thresholds,
  }));
  const comparisons: Comparison[] = [];
  read.forEach((first, index) => {
    for (const second of read.slice(index + 1))
      comparisons.push(comparePair(first, second, checkedGold, statistics));
  });
  adjust(comparisons.map(({ metrics }) => metrics));
  adjust(comparisons.map(({ mcNemar }) => mcNemar));
  return comparisons;
}

interface Side {
  name: string;
  predictions: Predictions;
  thresholds: StatisticsOptions['thresholds'];
}

function comparePair(first: Side, second: Side, gold: Gold, statistics: ResolvedStatistics): Comparison {
  const judged = goldColumns(gold);
  const [a, b] = pairColumns(
    alignColumns(judged, first.predictions, first.thresholds),
    alignColumns(judged, second.predictions, second.thresholds),
  );
  const { level, samples, seed } = statistics;
  return {
    schemaVersion: 1,
    kind: 'comparison',
    first: first.name,
    second: second.name,
    options: { level, samples, seed },
    metrics: compareMetrics(a, b, gold, statistics),
    mcNemar: compareLabels(a, b),
  };
}

function compareMetrics(
  a: Columns,
  b: Columns,
  gold: Gold,
  statistics: ResolvedStatistics,
): Record<string, ComparedMetric> {
  const first = createMeasurer(a, statistics);
  const second = createMeasurer(b, statistics);
  const [ofFirst, ofSecond] = [first, second].map((measurer) =>
    measurer.replicate(gold.groups, statistics.samples, statistics.seed),
  ) as [Float64Array[], Float64Array[]];
  const places = new Map(first.metrics.map(({ name }, index) => [name, index]));
  const parts = first.metrics.map((metric) => metric.parts.map((name) => places.get(name)!));
  const replicates = sampledDifferences(ofFirst, ofSecond, parts);
  return Object.fromEntries(
    first.metrics.map((metric, index) => {
      const { name, definition, comments, judgements, groups } = metric;
      // What the two predict differs: the difference rests on the scarcer side.
      const restsOn = Math.min(metric.restsOn, second.metrics[index]!.restsOn);
      const [one, other] = [first.values[index]!, second.values[index]!];
      // Means over different parts differ by what is in them, not by how good the two are.
      const comparable = parts[index]!.every(
        (part) => (first.values[part] === null) === (second.values[part] === null),
      );
      const difference = one === null || other === null || !comparable ? null : one - other;
      const tested = difference !== null && statistics.samples > 0;
      const pValue = tested ? differencePValue(difference, replicates[index]!, restsOn) : null;
      return [
        name,
        {
          first: one,
          second: other,
          difference,
          interval: tested
            ? differenceInterval(difference, replicates[index]!, restsOn, statistics.level, definition.range)
            : null,
          pValue,
          adjustedPValue: pValue,
          comments,
          judgements,
          groups,
          restsOn,
          better: definition.better,
        },
      ];
    }),
  );
}

/**
 * first − second in each sample; of a mean, over the parts that both define in that sample.
 *
 * @param parts for each metric the places of those that it is the mean of
 */
function sampledDifferences(
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  parts: readonly (readonly number[])[],
): Float64Array[] {
  const differences = first.map((values, metric) =>
    values.map((value, sample) => value - second[metric]![sample]!),
  );
  return differences.map((own, metric) => {
    if (parts[metric]!.length === 0) return own;
    const ofParts = parts[metric]!.map((part) => differences[part]!);
    return own.map((difference, sample) => {
      if (Number.isNaN(difference)) return difference;
      const shared = ofParts.map((part) => part[sample]!).filter((one) => !Number.isNaN(one));
      return meanOf(shared) ?? Number.NaN;
    });
  });
}

/** @param range of the metric itself */
function differenceInterval(
  difference: number,
  replicates: Float64Array,
  restsOn: number,
  level: number,
  [least, most]: readonly [number, number],
): Interval | null {
  const range = [least - most, most - least] as const;
  // Only two that never differ may have an interval without width.
  if (difference === 0 || !isConstant(replicates))
    return intervalOf(difference, replicates, restsOn, level, range);
  return restsOn >= 1 && Number.isFinite(range[1]) ? boundOf(difference, restsOn, level, range) : null;
}

function compareLabels(a: Columns, b: Columns): Record<string, ComparedLabels> {
  return Object.fromEntries([
    ...a.stance.map(({ target, column }, index) => [
      `stance.${target}`,
      testOf(rightAndWrong(column, b.stance[index]!.column)),
    ]),
    ...a.toxicity.map(({ attribute, column }, index) => [
      `toxicity.${attribute}`,
      testOf(rightAndWrong(column, b.toxicity[index]!.column)),
    ]),
  ]);
}

/** Counts of: both wrong, only the second right, only the first right, both right. */
function rightAndWrong(
  a: { gold: Uint8Array; predicted: Uint8Array },
  b: { predicted: Uint8Array },
): number[] {
  const cells = [0, 0, 0, 0];
  a.gold.forEach((label, index) => {
    cells[Number(a.predicted[index] === label) * 2 + Number(b.predicted[index] === label)]!++;
  });
  return cells;
}

function testOf([bothWrong, onlySecond, onlyFirst, bothRight]: number[]): ComparedLabels {
  const { pValue } = mcNemar(onlyFirst!, onlySecond!);
  return {
    comments: bothWrong! + onlySecond! + onlyFirst! + bothRight!,
    bothRight: bothRight!,
    onlyFirst: onlyFirst!,
    onlySecond: onlySecond!,
    bothWrong: bothWrong!,
    pValue,
    adjustedPValue: pValue,
  };
}

/** Holm's correction over several comparisons, for each key apart. */
function adjust(
  tables: readonly Record<string, { pValue: number | null; adjustedPValue: number | null }>[],
): void {
  for (const key of Object.keys(tables[0] ?? {})) {
    const entries = tables.map((table) => table[key]!).filter(({ pValue }) => pValue !== null);
    const adjusted = holm(entries.map(({ pValue }) => pValue!));
    entries.forEach((entry, index) => {
      entry.adjustedPValue = adjusted[index]!;
    });
  }
}

/** Both sides, cut down to the comments that both answered. */
function pairColumns(a: Columns, b: Columns): [Columns, Columns] {
  const cut = (one: Columns, other: Columns): Columns => ({
    ...one,
    stance: one.stance.map((entry, index) => ({
      ...entry,
      column: keepStance(entry.column, new Set(other.stance[index]!.column.rows)),
    })),
    toxicity: one.toxicity.map((entry, index) => ({
      ...entry,
      column: keepBinary(entry.column, new Set(other.toxicity[index]!.column.rows)),
    })),
  });
  return [cut(a, b), cut(b, a)];
}

function keepStance(column: StanceColumn, kept: ReadonlySet<number>): StanceColumn {
  const keep = (_: number, index: number) => kept.has(column.rows[index]!);
  return {
    rows: column.rows.filter(keep),
    group: column.group.filter(keep),
    gold: column.gold.filter(keep),
    predicted: column.predicted.filter(keep),
    scores: column.scores?.filter((_, index) => kept.has(column.rows[Math.floor(index / 3)]!)) ?? null,
  };
}

function keepBinary(column: BinaryColumn, kept: ReadonlySet<number>): BinaryColumn {
  const keep = (_: number, index: number) => kept.has(column.rows[index]!);
  return {
    rows: column.rows.filter(keep),
    group: column.group.filter(keep),
    gold: column.gold.filter(keep),
    predicted: column.predicted.filter(keep),
    scores: column.scores?.filter(keep) ?? null,
  };
}
