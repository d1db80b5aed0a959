import { type BinaryColumn, binaryCounter } from './binary';
import { meanOf } from './confusion';

export interface SubgroupBias {
  /** Comments of the subgroup that have a gold label and a score. */
  comments: number;
  /** ROC-AUC within the subgroup; null where it has one class only. */
  subgroupAuc: number | null;
  /** Background positive, subgroup negative: low where harmless comments of the subgroup score too high. */
  bpsnAuc: number | null;
  /** Background negative, subgroup positive: low where toxic comments of the subgroup score too low. */
  bnspAuc: number | null;
}

export interface Bias {
  subgroups: Record<string, SubgroupBias>;
  overallAuc: number | null;
  /** Generalised means (power −5) over the subgroups where the AUC is defined. */
  generalizedMean: { subgroupAuc: number | null; bpsnAuc: number | null; bnspAuc: number | null };
  /** The competition's final figure: a quarter of the overall AUC and of each generalised mean. */
  score: number | null;
  /** AUCs that have no value because a class is absent, as `<subgroup>.<measure>`; the means leave them out. */
  excluded: string[];
}

/**
 * Bias of an attribute's scores over subgroups [Borkan et al. 2019, "Nuanced Metrics for Measuring Unintended Bias";
 * power and weights as in the Jigsaw Unintended Bias competition]. The background of a subgroup is every other comment.
 *
 * @param membership names of the subgroups each comment of the column belongs to, in the column's order
 */
export function subgroupBias(column: BinaryColumn, membership: readonly (readonly string[])[]): Bias | null {
  if (column.scores === null) return null;
  const size = column.gold.length;
  const counter = binaryCounter(column, { bins: 1, precisionAim: 1, recallAim: 1 });
  const auc = (included: (index: number) => boolean): number | null => {
    const weights = new Int32Array(counter.cells);
    for (let index = 0; index < size; index++) if (included(index)) weights[counter.cell[index]!]!++;
    const { ranking } = counter.count(weights);
    const pairs = ranking!.positives * ranking!.negatives;
    return pairs === 0 ? null : ranking!.orderedPairs / pairs;
  };
  const names = [...new Set(membership.flat())].sort();
  const subgroups: Record<string, SubgroupBias> = {};
  const excluded: string[] = [];
  for (const name of names) {
    const inside = membership.map((groups) => groups.includes(name));
    const measures = {
      subgroupAuc: auc((index) => inside[index]!),
      bpsnAuc: auc((index) => inside[index] !== (column.gold[index] === 1)),
      bnspAuc: auc((index) => inside[index] === (column.gold[index] === 1)),
    };
    subgroups[name] = { comments: inside.filter(Boolean).length, ...measures };
    for (const [measure, value] of Object.entries(measures))
      if (value === null) excluded.push(`${name}.${measure}`);
  }
  const mean = (measure: 'subgroupAuc' | 'bpsnAuc' | 'bnspAuc') =>
    powerMean(Object.values(subgroups).map((subgroup) => subgroup[measure]));
  const generalizedMean = {
    subgroupAuc: mean('subgroupAuc'),
    bpsnAuc: mean('bpsnAuc'),
    bnspAuc: mean('bnspAuc'),
  };
  const overallAuc = auc(() => true);
  const parts = [overallAuc, ...Object.values(generalizedMean)];
  return {
    subgroups,
    overallAuc,
    generalizedMean,
    score: parts.includes(null) ? null : meanOf(parts),
    excluded,
  };
}

/** (mean of x^p)^(1/p), with p = −5 the lowest values weigh most. */
function powerMean(values: readonly (number | null)[], power = -5): number | null {
  const mean = meanOf(values.map((value) => (value === null ? null : value ** power)));
  return mean === null ? null : mean ** (1 / power);
}
