import type { BinaryColumn } from './binary';
import type { Gold } from './gold';
import {
  type AttributeAnswers,
  noLabel,
  type Predictions,
  type StanceAnswers,
  statuses,
} from './predictions';
import { type StanceColumn, stanceLabels } from './stance';

/** What became of the gold rows, all together or those that judge one target or attribute. */
export interface Coverage {
  /** Gold rows. */
  gold: number;
  /** Of those: answered, and so part of the metrics. */
  labelled: number;
  /** Of those: set aside by the classifier, for example for their language. */
  skipped: number;
  failed: number;
  /** Of those: no prediction row, or a row without this target or attribute. */
  missing: number;
  /** labelled / gold. */
  share: number;
  /** Why rows were skipped or failed, with counts. */
  reasons: Record<string, number>;
}

/** Threshold of every attribute, or one for each; a row's own decision or threshold stands where this is undefined. */
export type Thresholds = number | Record<string, number> | undefined;

export interface Columns {
  coverage: Coverage;
  stance: { target: string; column: StanceColumn; coverage: Coverage }[];
  toxicity: { attribute: string; column: BinaryColumn; coverage: Coverage }[];
}

/** A score at or over this is positive where neither the options nor the row say otherwise. */
export const defaultThreshold = 0.5;

/** The gold rows that judge one target or attribute. Parallel arrays. */
interface GoldColumn {
  rows: Int32Array;
  group: Int32Array;
  gold: Uint8Array;
}

/** What the gold rows say, target by target and attribute by attribute; the same for every classifier. */
export interface GoldColumns {
  rows: readonly number[];
  stance: { target: string; column: GoldColumn }[];
  toxicity: { attribute: string; column: GoldColumn }[];
}

/** @param among indices of the gold rows to look at; all by default */
export function goldColumns(gold: Gold, among?: readonly number[]): GoldColumns {
  const rows = among ?? gold.rows.map((_, index) => index);
  const stance = gold.targets.map((target) => ({ target, column: growingColumn(rows.length) }));
  const toxicity = gold.attributes.map((attribute) => ({ attribute, column: growingColumn(rows.length) }));
  for (const row of rows) {
    const judged = gold.rows[row]!.gold;
    const group = gold.group[row]!;
    for (const { target, column } of stance) {
      const label = judged.stance?.[target];
      if (label !== undefined) column.add(row, group, stanceLabels.indexOf(label));
    }
    for (const { attribute, column } of toxicity) {
      const label = judged.toxicity?.[attribute];
      if (label !== undefined) column.add(row, group, label);
    }
  }
  return {
    rows,
    stance: stance.map(({ target, column }) => ({ target, column: column.finish() })),
    toxicity: toxicity.map(({ attribute, column }) => ({ attribute, column: column.finish() })),
  };
}

function growingColumn(most: number) {
  const rows = new Int32Array(most);
  const groups = new Int32Array(most);
  const labels = new Uint8Array(most);
  let size = 0;
  return {
    add(row: number, group: number, label: number): void {
      rows[size] = row;
      groups[size] = group;
      labels[size] = label;
      size += 1;
    },
    finish: (): GoldColumn => ({
      rows: rows.slice(0, size),
      group: groups.slice(0, size),
      gold: labels.slice(0, size),
    }),
  };
}

/** Brings gold and predictions together, target by target and attribute by attribute. */
export function alignColumns(gold: GoldColumns, predictions: Predictions, thresholds: Thresholds): Columns {
  const coverage = emptyCoverage();
  for (const row of gold.rows) count(coverage, predictions, row, true);
  return {
    coverage,
    stance: gold.stance.map(({ target, column }) => ({
      target,
      ...stanceColumn(column, predictions, predictions.stance.get(target)!),
    })),
    toxicity: gold.toxicity.map(({ attribute, column }) => ({
      attribute,
      ...binaryColumn(
        column,
        predictions,
        predictions.toxicity.get(attribute)!,
        typeof thresholds === 'number' ? thresholds : thresholds?.[attribute],
      ),
    })),
  };
}

function stanceColumn(
  gold: GoldColumn,
  predictions: Predictions,
  { label, scores }: StanceAnswers,
): { column: StanceColumn; coverage: Coverage } {
  const { answered, coverage } = keepAnswered(gold, predictions, (row) => label[row] !== noLabel);
  const { rows } = answered;
  const predicted = new Uint8Array(rows.length);
  const ofRows = new Float64Array(3 * rows.length);
  let scored = true;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    predicted[index] = label[row]!;
    for (let score = 0; score < 3; score++) ofRows[3 * index + score] = scores[3 * row + score]!;
    if (Number.isNaN(scores[3 * row])) scored = false;
  }
  return { column: { ...answered, predicted, scores: scored ? ofRows : null }, coverage };
}

function binaryColumn(
  gold: GoldColumn,
  predictions: Predictions,
  { label, score, threshold }: AttributeAnswers,
  given: number | undefined,
): { column: BinaryColumn; coverage: Coverage } {
  const { answered, coverage } = keepAnswered(
    gold,
    predictions,
    (row) => label[row] !== noLabel || !Number.isNaN(score[row]),
  );
  const { rows } = answered;
  // The options' threshold goes before the row's own label, that before the row's threshold, that before the default.
  const isPositive = (row: number): boolean => {
    if (given !== undefined && !Number.isNaN(score[row])) return score[row]! >= given;
    if (label[row] !== noLabel) return label[row] === 1;
    return score[row]! >= (Number.isNaN(threshold[row]) ? defaultThreshold : threshold[row]!);
  };
  const predicted = new Uint8Array(rows.length);
  const scores = new Float64Array(rows.length);
  let scored = true;
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index]!;
    predicted[index] = Number(isPositive(row));
    scores[index] = score[row]!;
    if (Number.isNaN(score[row])) scored = false;
  }
  return { column: { ...answered, predicted, scores: scored ? scores : null }, coverage };
}

/** The gold rows that have an answer, and what became of the others. */
function keepAnswered(
  gold: GoldColumn,
  predictions: Predictions,
  hasAnswer: (row: number) => boolean,
): { answered: GoldColumn; coverage: Coverage } {
  const coverage = emptyCoverage();
  const places = new Int32Array(gold.rows.length);
  let size = 0;
  for (let place = 0; place < gold.rows.length; place++) {
    const row = gold.rows[place]!;
    const answered = hasAnswer(row);
    count(coverage, predictions, row, answered);
    if (answered) places[size++] = place;
  }
  if (size === gold.rows.length) return { answered: gold, coverage };
  const kept = places.subarray(0, size);
  return {
    answered: {
      rows: kept.map((place) => gold.rows[place]!),
      group: kept.map((place) => gold.group[place]!),
      gold: Uint8Array.from(kept, (place) => gold.gold[place]!),
    },
    coverage,
  };
}

const emptyCoverage = (): Coverage => ({
  gold: 0,
  labelled: 0,
  skipped: 0,
  failed: 0,
  missing: 0,
  share: 0,
  reasons: {},
});

function count(coverage: Coverage, predictions: Predictions, row: number, answered: boolean): void {
  const status = statuses[predictions.status[row]!]!;
  coverage.gold++;
  if (status === 'labelled') coverage[answered ? 'labelled' : 'missing']++;
  else coverage[status]++;
  if (status === 'skipped' || status === 'failed') {
    const reason = `${status}: ${predictions.reasons.get(row)}`;
    coverage.reasons[reason] = (coverage.reasons[reason] ?? 0) + 1;
  }
  coverage.share = coverage.labelled / coverage.gold;
}
