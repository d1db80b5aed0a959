import type { Columns } from './columns';
import {
  attributeMetrics,
  type ClassGroups,
  harmonicMean,
  type MetricDefinition,
  stanceMetrics,
} from './metrics';

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
  /** Names of the metrics that this one is the mean of; none where it is no mean over targets or attributes. */
  parts: readonly string[];
}

interface LabelledColumn {
  rows: Int32Array;
  group: Int32Array;
  gold: Uint8Array;
  predicted: Uint8Array;
}

/** All metrics of these columns: over targets, over all of them pooled, of each; then the same of attributes. */
export function nameMetrics({ stance, toxicity }: Columns): NamedMetric[] {
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
    parts: [],
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
      parts: ofParts.map((part) => part.name),
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
