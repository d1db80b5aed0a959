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

/** What became of the gold rows: of all, of those that judge a task, or of those that judge one target or attribute. */
export interface Coverage {
  /** Gold rows. */
  gold: number;
  /** Of those: answered in every target and attribute that gold judges. */
  labelled: number;
  /** Of those: answered in some of what gold judges; the metrics of the others lack them. */
  partial: number;
  /** Of those: set aside by the classifier, for example for their language. */
  skipped: number;
  failed: number;
  /** Of those: no prediction row, or a row that answers nothing of what gold judges. */
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
  /** Of the rows that judge any target, and of those that judge any attribute. */
  stanceCoverage: Coverage;
  toxicityCoverage: Coverage;
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
      const label = ownEntry(judged.stance, target);
      if (label !== undefined) column.add(row, group, stanceLabels.indexOf(label));
    }
    for (const { attribute, column } of toxicity) {
      const label = ownEntry(judged.toxicity, attribute);
      if (label !== undefined) column.add(row, group, label);
    }
  }
  return {
    rows,
    stance: stance.map(({ target, column }) => ({ target, column: column.finish() })),
    toxicity: toxicity.map(({ attribute, column }) => ({ attribute, column: column.finish() })),
  };
}

/** Names come from files, and every object has a "constructor" that is no entry. */
function ownEntry<Value>(entries: Record<string, Value> | undefined, name: string): Value | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
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

/** The part of the gold labels that a classifier answered: on these rows others can be measured beside it. */
export function answeredGold({ rows }: GoldColumns, { stance, toxicity }: Columns): GoldColumns {
  return { rows, stance, toxicity };
}

/** Brings gold and predictions together, target by target and attribute by attribute. */
export function alignColumns(gold: GoldColumns, predictions: Predictions, thresholds: Thresholds): Columns {
  const stance = gold.stance.map(({ target, column }) => ({
    target,
    ...stanceColumn(column, predictions, predictions.stance.get(target)!),
  }));
  const toxicity = gold.toxicity.map(({ attribute, column }) => ({
    attribute,
    ...binaryColumn(
      column,
      predictions,
      predictions.toxicity.get(attribute)!,
      typeof thresholds === 'number' ? thresholds : ownEntry(thresholds, attribute),
    ),
  }));
  const rows = predictions.status.length;
  const ofStance = answersIn(gold.stance, stance, rows);
  const ofToxicity = answersIn(gold.toxicity, toxicity, rows);
  const coverage = emptyCoverage();
  const stanceCoverage = emptyCoverage();
  const toxicityCoverage = emptyCoverage();
  for (const row of gold.rows) {
    const [inStance, inToxicity] = [ofStance[row]!, ofToxicity[row]!];
    count(coverage, predictions, row, inStance | inToxicity);
    if (inStance !== 0) count(stanceCoverage, predictions, row, inStance);
    if (inToxicity !== 0) count(toxicityCoverage, predictions, row, inToxicity);
  }
  return {
    coverage,
    stanceCoverage,
    toxicityCoverage,
    stance,
    toxicity,
  };
}

/** Bits of what a row has, over several targets and attributes: one that is answered, one that is not. */
const someAnswered = 1;
const someLeftOut = 2;

/** @returns for each row which of these bits it has; 0 where nothing of it is judged */
function answersIn(
  judged: readonly { column: GoldColumn }[],
  answered: readonly { column: GoldColumn }[],
  rows: number,
): Uint8Array {
  const answers = new Uint8Array(rows);
  judged.forEach(({ column }, index) => {
    const kept = answered[index]!.column.rows;
    let place = 0;
    // What is answered is in the order of what is judged.
    for (const row of column.rows)
      if (kept[place] === row) {
        answers[row]! |= someAnswered;
        place++;
      } else answers[row]! |= someLeftOut;
  });
  return answers;
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
    if (Number.isNaN(scores[3 * row])) scored = false;
    const sum = sumOf(scores[3 * row]!, scores[3 * row + 1]!, scores[3 * row + 2]!);
    for (let score = 0; score < 3; score++) ofRows[3 * index + score] = scores[3 * row + score]! / sum;
  }
  return { column: { ...answered, predicted, scores: scored ? ofRows : null }, coverage };
}

/** Files hold rounded probabilities. What is off by the machine's own rounding counts as 1, so that equal scores stay equal. */
function sumOf(favor: number, against: number, none: number): number {
  const sum = favor + against + none;
  if (Math.abs(sum - 1) < 1e-9) return 1;
  // In one order, so that the same three probabilities have the same sum whichever label each is of.
  const [least, middle, most] = [favor, against, none].sort((a, b) => a - b);
  return least! + middle! + most!;
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
    count(coverage, predictions, row, answered ? someAnswered : someLeftOut);
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
  partial: 0,
  skipped: 0,
  failed: 0,
  missing: 0,
  share: 0,
  reasons: {},
});

function count(coverage: Coverage, predictions: Predictions, row: number, answers: number): void {
  const status = statuses[predictions.status[row]!]!;
  coverage.gold++;
  if (status !== 'labelled') coverage[status]++;
  else if ((answers & someLeftOut) === 0) coverage.labelled++;
  else coverage[(answers & someAnswered) === 0 ? 'missing' : 'partial']++;
  if (status === 'skipped' || status === 'failed') {
    const reason = `${status}: ${predictions.reasons.get(row)}`;
    coverage.reasons[reason] = (coverage.reasons[reason] ?? 0) + 1;
  }
  coverage.share = coverage.labelled / coverage.gold;
}
