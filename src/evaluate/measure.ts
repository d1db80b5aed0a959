import { resampleTogether } from '../statistics/bootstrap';
import { type BinaryCounts, type BinaryOptions, binaryCounter, type CellCounter } from './binary';
import type { Columns } from './columns';
import { meanOf, type ZeroDivision } from './confusion';
import {
  attributeMetrics,
  type ClassGroups,
  harmonicMean,
  type MetricDefinition,
  stanceMetrics,
} from './metrics';
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
  /** Their judgements: over several targets or attributes a comment has several. */
  judgements: number;
  /** Groups of these comments. */
  groups: number;
  /** Of these groups, those that decide the value: the number of independent observations. */
  restsOn: number;
  /** The value is a share of independent comments. */
  proportion: boolean;
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
 * classifier left a target or an attribute out altogether. What it left out of single comments, `coverage` says.
 */
export function createMeasurer(columns: Columns, options: MeasureOptions): Measurer {
  const metrics = nameMetrics(columns);
  const judged = judgedOf(columns);
  const exact = countersOf(columns, options, false);
  const counts = countOnce(exact);
  const everywhere = (zeroDivision: ZeroDivision) => metrics.map(() => zeroDivision);
  const values = valuesOf(counts, judged, everywhere(options.zeroDivision));
  const strict = valuesOf(counts, judged, everywhere(null));
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
          const resampled = valuesOf(drawn, judged, inSamples);
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

interface Counters {
  stance: CellCounter<StanceCounts>[];
  toxicity: CellCounter<BinaryCounts>[];
}

interface AllCounts {
  stance: StanceCounts[];
  toxicity: BinaryCounts[];
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
    const compressed = valuesOf(countOnce(counters), judgedOf(columns), divisions);
    offsets = values.map((value, index) => (value ?? 0) - (compressed[index] ?? value ?? 0));
  }
  return { offsets, tally: createTally(columns, counters, groups) };
}

const cellsOf = ({ stance, toxicity }: Counters) =>
  [...stance, ...toxicity].reduce((sum, { cells }) => sum + cells, 0);

interface Tally {
  /** Samples that one pass over the comments counts. */
  together: number;
  /** @returns the counts of each sample */
  count(weights: readonly Uint16Array[]): AllCounts[];
}

/** Integers up to this are exact in a number. */
const exactBits = 53;

/** More samples at a time gain nothing over what taking them apart costs. */
const mostTogether = 4;

/** One group in 10¹⁵ is drawn more often than this into a sample. */
const usualMost = 16;

/**
 * Sums the weights of groups into the cells of all columns, of several bootstrap samples in one pass over the comments:
 * a number has room for the sums of some samples side by side, each in bits of its own.
 */
function createTally(columns: Columns, counters: Counters, groups: number): Tally {
  const all = [...columns.stance, ...columns.toxicity].map(({ column }) => column);
  const largestGroup = all.reduce((most, { group }) => Math.max(most, largestOf(group, groups)), 1);
  const largestCell = [...counters.stance, ...counters.toxicity].reduce(
    (most, { cell, cells }) => Math.max(most, largestOf(cell, cells)),
    1,
  );
  const bits = Math.floor(Math.log2(Math.min(groups * largestGroup, largestCell * usualMost))) + 1;
  const together = Math.max(1, Math.min(mostTogether, Math.floor(exactBits / bits)));
  const room = 2 ** bits;
  const packed = new Float64Array(groups);

  /** @returns counts of each sample */
  const tallyOf = <Counts>({ cell, cells, count }: CellCounter<Counts>, { group }: { group: Int32Array }) => {
    // Cell by cell, so that a sum stays in a register until it is complete.
    const { starts, order } = inOrder(cell, cells);
    const groupInOrder = order.map((index) => group[index]!);
    const sums = new Float64Array(cells);
    const unpacked = new Int32Array(cells);
    return (samples: number): Counts[] => {
      sumRuns(packed, groupInOrder, starts, sums);
      return Array.from({ length: samples }, (_, sample) => {
        // The low bits hold the sums of the first sample, what is above them those of the samples to come.
        const last = sample === samples - 1;
        for (let at = 0; at < cells; at++) {
          const others = last ? 0 : Math.floor(sums[at]! / room);
          unpacked[at] = sums[at]! - others * room;
          sums[at] = others;
        }
        return count(unpacked);
      });
    };
  };
  const stance = counters.stance.map((counter, index) => tallyOf(counter, columns.stance[index]!.column));
  const toxicity = counters.toxicity.map((counter, index) =>
    tallyOf(counter, columns.toxicity[index]!.column),
  );

  const countTogether = (weights: readonly Uint16Array[]): AllCounts[] => {
    packed.fill(0);
    const most = weights.reduce(
      (most, one, sample) => Math.max(most, addScaled(packed, one, room ** sample)),
      0,
    );
    if (most > usualMost && weights.length > 1) return weights.flatMap((one) => countTogether([one]));
    const stanceCounts = stance.map((tally) => tally(weights.length));
    const toxicityCounts = toxicity.map((tally) => tally(weights.length));
    return weights.map((_, sample) => ({
      stance: stanceCounts.map((counts) => counts[sample]!),
      toxicity: toxicityCounts.map((counts) => counts[sample]!),
    }));
  };
  return { together, count: countTogether };
}

/** The comments of each cell: those of `order` from `starts[cell]` to before `starts[cell + 1]`. */
function inOrder(cell: Int32Array, cells: number): { starts: Int32Array; order: Int32Array } {
  const starts = new Int32Array(cells + 1);
  for (const at of cell) starts[at + 1]!++;
  for (let at = 0; at < cells; at++) starts[at + 1]! += starts[at]!;
  const next = starts.slice();
  const order = new Int32Array(cell.length);
  cell.forEach((at, index) => {
    order[next[at]!++] = index;
  });
  return { starts, order };
}

/** @returns the greatest of the counts */
function addScaled(to: Float64Array, counts: Uint16Array, unit: number): number {
  let most = 0;
  for (let index = 0; index < to.length; index++) {
    const count = counts[index]!;
    to[index]! += unit * count;
    if (count > most) most = count;
  }
  return most;
}

function sumRuns(weights: Float64Array, indices: Int32Array, starts: Int32Array, into: Float64Array): void {
  let position = 0;
  for (let run = 0; run < into.length; run++) {
    const end = starts[run + 1]!;
    let sum = 0;
    for (; position < end; position++) sum += weights[indices[position]!]!;
    into[run] = sum;
  }
}

/** How many comments the largest group, or the largest cell, has. */
function largestOf(of: Int32Array, count: number): number {
  const sizes = new Int32Array(count);
  for (const one of of) sizes[one]!++;
  return sizes.reduce((most, size) => Math.max(most, size), 0);
}

/**
 * Every metric in the order of `nameMetrics`.
 *
 * @param divisions what 0/0 is in each of them
 */
function valuesOf(counts: AllCounts, judged: Judged, divisions: readonly ZeroDivision[]): (number | null)[] {
  const values: (number | null)[] = [];
  if (counts.stance.length > 0) {
    // Before the targets stand the mean and the pool.
    const byTarget = counts.stance.map((one, part) =>
      valuesOfPart(one, stanceMetrics, divisions, (part + 2) * stanceMetrics.length),
    );
    pushMeans(values, byTarget, counts.stance, judged.stance);
    const pooled = poolStance(counts.stance);
    values.push(...valuesOfPart(pooled, stanceMetrics, divisions, stanceMetrics.length));
    for (const one of byTarget) values.push(...one);
  }
  if (counts.toxicity.length > 0) {
    const first = values.length + attributeMetrics.length;
    const byAttribute = counts.toxicity.map((one, part) =>
      valuesOfPart(one, attributeMetrics, divisions, first + part * attributeMetrics.length),
    );
    pushMeans(values, byAttribute, counts.toxicity, judged.toxicity);
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
  table: readonly (readonly (number | null)[])[],
  counts: readonly { total: number }[],
  judged: readonly boolean[],
): void {
  const complete = counts.every(({ total }, index) => total > 0 || !judged[index]);
  for (let metric = 0; metric < table[0]!.length; metric++)
    values.push(complete ? meanOf(table.map((row) => row[metric]!)) : null);
}

/** For each target and attribute whether any gold row of these columns judges it: a slice need not hold all. */
interface Judged {
  stance: boolean[];
  toxicity: boolean[];
}

const judgedOf = ({ stance, toxicity }: Columns): Judged => ({
  stance: stance.map(({ coverage }) => coverage.gold > 0),
  toxicity: toxicity.map(({ coverage }) => coverage.gold > 0),
});

interface LabelledColumn {
  rows: Int32Array;
  group: Int32Array;
  gold: Uint8Array;
  predicted: Uint8Array;
}

function nameMetrics({ stance, toxicity }: Columns): NamedMetric[] {
  const ofTargets = stance.map(({ column }) => column);
  const ofAttributes = toxicity.map(({ column }) => column);
  const byTarget = stance.flatMap(({ target, column }) =>
    nameAll(`stance.${target}.`, stanceMetrics, [column]),
  );
  const byAttribute = toxicity.flatMap(({ attribute, column }) =>
    nameAll(`toxicity.${attribute}.`, attributeMetrics, [column]),
  );
  return [
    ...(stance.length > 0
      ? [
          ...nameMeans('stance.', stanceMetrics, ofTargets, byTarget),
          ...nameAll('stance.pooled.', stanceMetrics, ofTargets),
        ]
      : []),
    ...byTarget,
    ...(toxicity.length > 0 ? nameMeans('toxicity.', attributeMetrics, ofAttributes, byAttribute) : []),
    ...byAttribute,
  ];
}

type AnyDefinition = NamedMetric['definition'];

/** The metrics of one column, or of several taken together. */
function nameAll(
  prefix: string,
  definitions: readonly AnyDefinition[],
  columns: readonly LabelledColumn[],
): NamedMetric[] {
  const size = sizeOf(columns);
  const groups = classGroupsOf(columns);
  return definitions.map((definition) => ({
    name: `${prefix}${definition.name}`,
    definition,
    ...size,
    restsOn: restsOn(definition, groups),
    proportion: definition.proportion && size.judgements === size.groups,
  }));
}

/** @param parts metrics of the single columns, one column's after the other's */
function nameMeans(
  prefix: string,
  definitions: readonly AnyDefinition[],
  columns: readonly LabelledColumn[],
  parts: readonly NamedMetric[],
): NamedMetric[] {
  const size = sizeOf(columns);
  return definitions.map((definition, index) => {
    const ofParts = columns.map((_, part) => parts[part * definitions.length + index]!);
    return {
      name: `${prefix}${definition.name}`,
      definition,
      ...size,
      restsOn: harmonicMean(ofParts.map((part) => part.restsOn)),
      proportion: ofParts.length === 1 && ofParts[0]!.proportion,
    };
  });
}

const restsOn = (definition: AnyDefinition, groups: ClassGroups) =>
  groups.all === 0 ? 0 : definition.restsOn(groups);

const sizeOf = (columns: readonly LabelledColumn[]) => ({
  comments: columns.length === 1 ? columns[0]!.rows.length : distinct(columns.map(({ rows }) => rows)),
  judgements: columns.reduce((sum, { rows }) => sum + rows.length, 0),
  groups: distinct(columns.map(({ group }) => group)),
});

/** Labels are under four, so that a byte has room for which of them a group has. */
const mostLabels = 4;

function classGroupsOf(columns: readonly LabelledColumn[]): ClassGroups {
  const has = new Uint8Array(beyond(columns.map(({ group }) => group)));
  for (const { group, gold, predicted } of columns)
    for (let index = 0; index < group.length; index++)
      has[group[index]!]! |= (1 << gold[index]!) | (1 << (mostLabels + predicted[index]!));
  const ofKind = new Int32Array(256);
  for (let group = 0; group < has.length; group++) ofKind[has[group]!]!++;
  const countWith = (label: number) =>
    ofKind.reduce((sum, count, kind) => sum + (((kind >> label) & 1) === 1 ? count : 0), 0);
  const labels = [0, 1, 2, 3];
  return {
    all: has.length - ofKind[0]!,
    gold: labels.map(countWith),
    predicted: labels.map((label) => countWith(label + mostLabels)),
  };
}

/** How many different numbers, from 0, the arrays hold. */
export function distinct(arrays: readonly Int32Array[]): number {
  const seen = new Uint8Array(beyond(arrays));
  let count = 0;
  for (const array of arrays)
    for (let index = 0; index < array.length; index++) {
      count += 1 - seen[array[index]!]!;
      seen[array[index]!] = 1;
    }
  return count;
}

/** The least number that is greater than every entry. */
function beyond(arrays: readonly Int32Array[]): number {
  let most = -1;
  for (const array of arrays)
    for (let index = 0; index < array.length; index++) if (array[index]! > most) most = array[index]!;
  return most + 1;
}
