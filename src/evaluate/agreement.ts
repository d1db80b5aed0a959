import { EvaluationError } from '../errors';
import { type Interval, intervalOf, resample } from '../statistics/bootstrap';
import { cohenKappa } from './confusion';
import { type Gold, readGold } from './gold';
import { resolveStatistics, type StatisticsOptions } from './options';

/** Agreement of annotators on one target or attribute. */
export interface Agreement {
  /** Comments that at least two annotators judged. */
  comments: number;
  /** Comments that all annotators judged; Fleiss' kappa is over these. */
  complete: number;
  /** Share of agreeing pairs of judgements, over the comments of at least two judgements. */
  observedAgreement: number | null;
  /** For each pair of annotators; null where chance alone gives full agreement, or nothing is shared. */
  cohenKappa: { first: string; second: string; comments: number; value: number | null }[];
  fleissKappa: number | null;
  /** Nominal; copes with missing judgements. */
  krippendorffAlpha: number | null;
  /** Bootstrap interval of Krippendorff's alpha, over groups where the rows name them. */
  krippendorffAlphaInterval: Interval | null;
}

export interface AgreementReport {
  schemaVersion: 1;
  kind: 'agreement';
  annotators: readonly string[];
  /** By target. */
  stance: Record<string, Agreement>;
  /** By attribute. */
  toxicity: Record<string, Agreement>;
}

/** One annotator's judgements, written as gold rows. */
export interface Annotator {
  name: string;
  rows: readonly unknown[];
}

export type AgreementOptions = Pick<StatisticsOptions, 'level' | 'samples' | 'seed'>;

/**
 * Measures how far annotators agree beyond chance, for every target and attribute that any of them judged.
 *
 * @param annotators two or more; each judges comments by gold rows, and need not judge every comment
 * @throws EvaluationError as `evaluate` does for gold rows, naming the annotator
 *
 * @example
 * const row = (id, label) => ({ id, text: '', gold: { stance: { europe: label } } });
 * agreement([
 *   { name: 'ann', rows: [row('1', 'favor'), row('2', 'none'), row('3', 'none')] },
 *   { name: 'ben', rows: [row('1', 'favor'), row('2', 'none'), row('3', 'against')] },
 * ]).stance.europe.cohenKappa[0].value; // 0.5
 */
export function agreement(annotators: readonly Annotator[], options: AgreementOptions = {}): AgreementReport {
  if (annotators.length < 2)
    throw new EvaluationError('Agreement needs at least two annotators.', { code: 'gold-invalid' });
  const statistics = resolveStatistics(options);
  const read = annotators.map(({ name, rows }) => ({ name, gold: readAnnotator(name, rows) }));
  const named = (pick: (gold: Gold) => readonly string[]) => [
    ...new Set(read.flatMap(({ gold }) => pick(gold))),
  ];
  const measure = (judge: (gold: Gold, row: number) => string | undefined) =>
    agreementOn(read, judge, statistics);
  return {
    schemaVersion: 1,
    kind: 'agreement',
    annotators: read.map(({ name }) => name),
    stance: Object.fromEntries(
      named(({ targets }) => targets).map((target) => [
        target,
        measure((gold, row) => gold.rows[row]!.gold.stance?.[target]),
      ]),
    ),
    toxicity: Object.fromEntries(
      named(({ attributes }) => attributes).map((attribute) => [
        attribute,
        measure((gold, row) => gold.rows[row]!.gold.toxicity?.[attribute]?.toString()),
      ]),
    ),
  };
}

function readAnnotator(name: string, rows: readonly unknown[]): Gold {
  try {
    return readGold(rows);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new EvaluationError(`Annotator "${name}": ${error.message}`, { code: error.code, cause: error });
  }
}

/** Judgements of one comment: for each annotator the index of the label, or −1. */
type Unit = { judgements: number[]; group: string };

function agreementOn(
  annotators: readonly { name: string; gold: Gold }[],
  judge: (gold: Gold, row: number) => string | undefined,
  statistics: { level: number; samples: number; seed: number },
): Agreement {
  const labels = new Map<string, number>();
  const units = new Map<string, Unit>();
  annotators.forEach(({ gold }, annotator) => {
    gold.rows.forEach(({ id, group }, row) => {
      const label = judge(gold, row);
      if (label === undefined) return;
      if (!labels.has(label)) labels.set(label, labels.size);
      let unit = units.get(id);
      if (unit === undefined) {
        unit = {
          judgements: annotators.map(() => -1),
          group: group === undefined ? `id ${id}` : `group ${group}`,
        };
        units.set(id, unit);
      }
      unit.judgements[annotator] = labels.get(label)!;
    });
  });
  const pairable = [...units.values()].filter(
    ({ judgements }) => judgements.filter((label) => label >= 0).length > 1,
  );
  const tables = pairable.map(({ judgements }) => labelCounts(judgements, labels.size));
  const complete = tables.filter((_, index) => !pairable[index]!.judgements.includes(-1));
  const alpha = krippendorffAlpha(tables);
  const numbers = new Map<string, number>();
  const group = pairable.map((unit) => {
    if (!numbers.has(unit.group)) numbers.set(unit.group, numbers.size);
    return numbers.get(unit.group)!;
  });
  const replicates = new Float64Array(statistics.samples);
  resample(numbers.size, statistics.samples, statistics.seed, (weights, sample) => {
    replicates[sample] =
      krippendorffAlpha(
        tables,
        group.map((index) => weights[index]!),
      ) ?? Number.NaN;
  });
  return {
    comments: pairable.length,
    complete: complete.length,
    observedAgreement: observedAgreement(tables),
    cohenKappa: pairwiseKappa(annotators, pairable, labels.size),
    fleissKappa: fleissKappa(complete),
    krippendorffAlpha: alpha,
    krippendorffAlphaInterval:
      alpha === null || statistics.samples === 0
        ? null
        : intervalOf(alpha, replicates, numbers.size, statistics.level, [-1, 1]),
  };
}

function labelCounts(judgements: readonly number[], labels: number): number[] {
  const counts = new Array<number>(labels).fill(0);
  for (const label of judgements) if (label >= 0) counts[label]!++;
  return counts;
}

function pairwiseKappa(annotators: readonly { name: string }[], units: readonly Unit[], labels: number) {
  return annotators.flatMap(({ name: first }, one) =>
    annotators.slice(one + 1).map(({ name: second }, offset) => {
      const other = one + 1 + offset;
      const confusion = new Array<number>(labels * labels).fill(0);
      let comments = 0;
      for (const { judgements } of units) {
        if (judgements[one]! < 0 || judgements[other]! < 0) continue;
        confusion[judgements[one]! * labels + judgements[other]!]!++;
        comments++;
      }
      return { first, second, comments, value: cohenKappa(confusion) };
    }),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

function observedAgreement(tables: readonly (readonly number[])[]): number | null {
  let agreeing = 0;
  let pairs = 0;
  for (const counts of tables) {
    const judgements = sum(counts);
    agreeing += sum(counts.map((count) => count * (count - 1)));
    pairs += judgements * (judgements - 1);
  }
  return pairs === 0 ? null : agreeing / pairs;
}

/**
 * Fleiss' kappa [Fleiss 1971].
 *
 * @param tables for each comment the number of annotators that chose each label; every comment has the same number
 * @returns null where there are no comments or only one label is ever used
 */
export function fleissKappa(tables: readonly (readonly number[])[]): number | null {
  const observed = observedAgreement(tables);
  if (observed === null) return null;
  const judgements = sum(tables.map(sum));
  const labels = tables[0]!.length;
  let chance = 0;
  for (let label = 0; label < labels; label++)
    chance += (sum(tables.map((counts) => counts[label]!)) / judgements) ** 2;
  return chance === 1 ? null : (observed - chance) / (1 - chance);
}

/**
 * Krippendorff's alpha for nominal labels [Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"].
 *
 * @param tables for each comment the number of annotators that chose each label; comments with fewer than two
 *   judgements count for nothing
 * @param weights how often each comment counts; once by default
 * @returns null where there is nothing to pair or only one label is ever used
 */
export function krippendorffAlpha(
  tables: readonly (readonly number[])[],
  weights?: readonly number[],
): number | null {
  const labels = tables[0]?.length ?? 0;
  const totals = new Array<number>(labels).fill(0);
  let pairable = 0;
  let disagreement = 0;
  tables.forEach((counts, index) => {
    const judgements = sum(counts);
    const weight = weights?.[index] ?? 1;
    if (judgements < 2 || weight === 0) return;
    pairable += weight * judgements;
    for (let label = 0; label < labels; label++) {
      totals[label]! += weight * counts[label]!;
      disagreement += (weight * counts[label]! * (judgements - counts[label]!)) / (judgements - 1);
    }
  });
  const expected = pairable ** 2 - sum(totals.map((total) => total ** 2));
  return expected === 0 ? null : 1 - ((pairable - 1) * disagreement) / expected;
}
