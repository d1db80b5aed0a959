import { type Interval, intervalOf, resample } from '../statistics/bootstrap';
import { type BinaryColumn, type BinaryCounts, binaryCounter, type CellCounter } from './binary';
import { meanOf } from './confusion';
import { harmonicMean } from './metrics';

export interface SubgroupFigures<Figure> {
  /** ROC-AUC within the subgroup. */
  subgroupAuc: Figure;
  /** Background positive, subgroup negative: low where harmless comments of the subgroup score too high. */
  bpsnAuc: Figure;
  /** Background negative, subgroup positive: low where toxic comments of the subgroup score too low. */
  bnspAuc: Figure;
}

export interface BiasFigures<Figure> {
  subgroups: Record<string, SubgroupFigures<Figure>>;
  overallAuc: Figure;
  /** Generalised means (power −5) over the subgroups where the AUC is defined. */
  generalizedMean: SubgroupFigures<Figure>;
  /** The competition's final figure: a quarter of the overall AUC and of each generalised mean. */
  score: Figure;
}

/** Figures are null where a class is absent. */
export interface Bias extends BiasFigures<number | null> {
  intervals: BiasFigures<Interval | null>;
  /** Comments of each subgroup that have a gold label and a score. */
  comments: Record<string, number>;
  /** AUCs that have no value because a class is absent, as `<subgroup>.<measure>`; the means leave them out. */
  excluded: string[];
}

export interface BiasOptions {
  /** Number of groups that are resampled. */
  groups: number;
  /** Bootstrap samples; 0 for no intervals. */
  samples: number;
  seed: number;
  /** Nominal coverage of the intervals. */
  level: number;
}

/** Resampled figures of longer columns come from some 512 levels of scores, as those of other metrics do. */
const longestExact = 10_000;

/**
 * Bias of an attribute's scores over subgroups [Borkan et al. 2019, "Nuanced Metrics for Measuring Unintended Bias";
 * power and weights as in the Jigsaw Unintended Bias competition]. The background of a subgroup is every other comment.
 *
 * @param membership names of the subgroups each comment of the column belongs to, in the column's order
 */
export function subgroupBias(
  column: BinaryColumn,
  membership: readonly (readonly string[])[],
  { groups, samples, seed, level }: BiasOptions,
): Bias | null {
  if (column.scores === null) return null;
  const members = membersOf(membership);
  const names = [...members.keys()];
  const exact = figuresUnderWeights(column, [...members.values()], false);
  const once = new Uint16Array(groups).fill(1);
  const values = exact(once);

  const replicates = values.map(() => new Float64Array(samples).fill(Number.NaN));
  const compressed = column.gold.length > longestExact;
  const figures = compressed ? figuresUnderWeights(column, [...members.values()], true) : exact;
  const offsets = compressed
    ? figures(once).map((value, index) => (values[index] ?? 0) - (value ?? 0))
    : null;
  resample(groups, samples, seed, (weights, sample) => {
    figures(weights).forEach((value, index) => {
      if (value !== null) replicates[index]![sample] = value + (offsets?.[index] ?? 0);
    });
  });
  const behind = groupsBehind(column, [...members.values()], groups);
  const intervals = values.map((value, index) =>
    value === null || samples === 0
      ? null
      : intervalOf(value, replicates[index]!, behind[index]!, level, [0, 1]),
  );

  const arranged = arrange(names, values);
  return {
    ...arranged,
    intervals: arrange(names, intervals),
    comments: Object.fromEntries([...members].map(([name, of]) => [name, of.length])),
    excluded: names.flatMap((name) =>
      Object.entries(arranged.subgroups[name]!).flatMap(([measure, value]) =>
        value === null ? [`${name}.${measure}`] : [],
      ),
    ),
  };
}

function membersOf(membership: readonly (readonly string[])[]): Map<string, Int32Array> {
  const members = new Map<string, number[]>();
  membership.forEach((names, index) => {
    for (const name of names) {
      const known = members.get(name);
      if (known) known.push(index);
      else members.set(name, [index]);
    }
  });
  return new Map(
    [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, of]) => [name, Int32Array.from(of)]),
  );
}

/** @returns what computes all figures, in the order of `arrange`, from the weights of the groups */
function figuresUnderWeights(
  column: BinaryColumn,
  members: readonly Int32Array[],
  compressed: boolean,
): (weights: Uint16Array) => (number | null)[] {
  const counter = binaryCounter(column, { bins: 1, precisionAim: 1, recallAim: 1 }, compressed);
  const all = Int32Array.from(column.gold, (_, index) => index);
  const everyone = new Int32Array(counter.cells);
  const inside = new Int32Array(counter.cells);
  const mixed = new Int32Array(counter.cells);
  const sum = (of: Int32Array, weights: Uint16Array, into: Int32Array) => {
    into.fill(0);
    for (let position = 0; position < of.length; position++) {
      const index = of[position]!;
      into[counter.cell[index]!]! += weights[column.group[index]!]!;
    }
  };
  /** Cells are of negatives (even) and positives (odd) in turn: one side from the subgroup, the other from all others. */
  const mix = (ofSubgroup: 0 | 1) => {
    for (let cell = 0; cell < mixed.length; cell++)
      mixed[cell] = cell % 2 === ofSubgroup ? inside[cell]! : everyone[cell]! - inside[cell]!;
    return mixed;
  };
  return (weights) => {
    sum(all, weights, everyone);
    const bySubgroup = members.map((of) => {
      sum(of, weights, inside);
      return [aucOf(counter, inside), aucOf(counter, mix(0)), aucOf(counter, mix(1))];
    });
    const overall = aucOf(counter, everyone);
    const means = [0, 1, 2].map((measure) => powerMean(bySubgroup.map((aucs) => aucs[measure]!)));
    const score = overall === null || means.includes(null) ? null : meanOf([overall, ...means]);
    return [...bySubgroup.flat(), overall, ...means, score];
  };
}

function arrange<Figure>(names: readonly string[], figures: readonly Figure[]): BiasFigures<Figure> {
  const three = (at: number) => ({
    subgroupAuc: figures[at]!,
    bpsnAuc: figures[at + 1]!,
    bnspAuc: figures[at + 2]!,
  });
  const behind = 3 * names.length;
  return {
    subgroups: Object.fromEntries(names.map((name, index) => [name, three(3 * index)])),
    overallAuc: figures[behind]!,
    generalizedMean: three(behind + 1),
    score: figures[behind + 4]!,
  };
}

function aucOf(counter: CellCounter<BinaryCounts>, weights: Int32Array): number | null {
  const { positives, negatives, orderedPairs } = counter.count(weights).ranking!;
  return positives * negatives === 0 ? null : orderedPairs / (positives * negatives);
}

/**
 * How many groups each figure rests on, in the order of `arrange`: an AUC on those with the rarer of the two classes that it
 * sets against each other, a mean on the harmonic mean of its parts' numbers.
 */
function groupsBehind(
  { group, gold }: BinaryColumn,
  members: readonly Int32Array[],
  groups: number,
): number[] {
  const inside = new Uint8Array(gold.length);
  const everywhere = new Uint8Array(gold.length).fill(1);
  const count = (label: number, within: Uint8Array, member: number) => {
    const seen = new Uint8Array(groups);
    let sum = 0;
    for (let index = 0; index < gold.length; index++)
      if (gold[index] === label && within[index] === member && seen[group[index]!] === 0) {
        seen[group[index]!] = 1;
        sum++;
      }
    return sum;
  };
  const bySubgroup = members.map((of) => {
    inside.fill(0);
    for (const index of of) inside[index] = 1;
    const [negativesIn, positivesIn] = [count(0, inside, 1), count(1, inside, 1)];
    const [negativesOut, positivesOut] = [count(0, inside, 0), count(1, inside, 0)];
    return [
      Math.min(positivesIn, negativesIn),
      Math.min(positivesOut, negativesIn),
      Math.min(positivesIn, negativesOut),
    ];
  });
  const overall = Math.min(count(0, everywhere, 1), count(1, everywhere, 1));
  const means = [0, 1, 2].map((measure) => harmonicMean(bySubgroup.map((one) => one[measure]!)));
  return [...bySubgroup.flat(), overall, ...means, harmonicMean([overall, ...means])];
}

/** (mean of x^p)^(1/p), with p = −5 the lowest values weigh most. */
function powerMean(values: readonly (number | null)[], power = -5): number | null {
  const mean = meanOf(values.map((value) => (value === null ? null : value ** power)));
  return mean === null ? null : mean ** (1 / power);
}
