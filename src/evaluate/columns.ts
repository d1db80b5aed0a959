import type { StanceLabel } from '../types';
import type { BinaryColumn } from './binary';
import type { Gold } from './gold';
import type { AttributePrediction, Prediction, StancePrediction } from './predictions';
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

/**
 * Brings gold and predictions together, target by target and attribute by attribute.
 *
 * @param among indices of the gold rows to look at; all by default
 */
export function alignColumns(
  gold: Gold,
  predictions: readonly (Prediction | undefined)[],
  thresholds: Thresholds,
  among?: readonly number[],
): Columns {
  const rows = among ?? gold.rows.map((_, index) => index);
  return {
    coverage: coverageOf(rows, predictions),
    stance: gold.targets.map((target) => {
      const answered = collect(
        rows,
        predictions,
        (row) => gold.rows[row]!.gold.stance?.[target],
        ({ stance }) => (Object.hasOwn(stance, target) ? stance[target] : undefined),
      );
      return { target, coverage: answered.coverage, column: stanceColumn(gold, answered) };
    }),
    toxicity: gold.attributes.map((attribute) => {
      const answered = collect(
        rows,
        predictions,
        (row) => gold.rows[row]!.gold.toxicity?.[attribute],
        ({ toxicity }) => (Object.hasOwn(toxicity, attribute) ? toxicity[attribute] : undefined),
      );
      const threshold = typeof thresholds === 'number' ? thresholds : thresholds?.[attribute];
      return { attribute, coverage: answered.coverage, column: binaryColumn(gold, answered, threshold) };
    }),
  };
}

type Labelled = Extract<Prediction, { status: 'labelled' }>;

/** The rows that have both a gold label and an answer. */
interface Answered<Label, Answer> {
  rows: Int32Array;
  labels: Label[];
  answers: Answer[];
  coverage: Coverage;
}

function collect<Label, Answer>(
  rows: readonly number[],
  predictions: readonly (Prediction | undefined)[],
  labelOf: (row: number) => Label | undefined,
  answerOf: (prediction: Labelled) => Answer | undefined,
): Answered<Label, Answer> {
  const coverage = emptyCoverage();
  const answeredRows: number[] = [];
  const labels: Label[] = [];
  const answers: Answer[] = [];
  for (const row of rows) {
    const label = labelOf(row);
    if (label === undefined) continue;
    const prediction = predictions[row];
    const answer = prediction?.status === 'labelled' ? answerOf(prediction) : undefined;
    count(coverage, prediction, answer !== undefined);
    if (answer === undefined) continue;
    answeredRows.push(row);
    labels.push(label);
    answers.push(answer);
  }
  return { rows: Int32Array.from(answeredRows), labels, answers, coverage };
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

function count(coverage: Coverage, prediction: Prediction | undefined, answered: boolean): void {
  coverage.gold++;
  if (prediction === undefined) coverage.missing++;
  else if (prediction.status === 'labelled') coverage[answered ? 'labelled' : 'missing']++;
  else {
    coverage[prediction.status]++;
    const reason = `${prediction.status}: ${prediction.reason}`;
    coverage.reasons[reason] = (coverage.reasons[reason] ?? 0) + 1;
  }
  coverage.share = coverage.labelled / coverage.gold;
}

function coverageOf(rows: readonly number[], predictions: readonly (Prediction | undefined)[]): Coverage {
  const coverage = emptyCoverage();
  for (const row of rows) count(coverage, predictions[row], true);
  return coverage;
}

function stanceColumn(
  gold: Gold,
  { rows, labels, answers }: Answered<StanceLabel, StancePrediction>,
): StanceColumn {
  return {
    rows,
    group: rows.map((row) => gold.group[row]!),
    gold: Uint8Array.from(labels, (label) => stanceLabels.indexOf(label)),
    predicted: Uint8Array.from(answers, ({ label }) => label),
    scores: threeScores(answers),
  };
}

/** Scores of all answers in one array; null where any has none. */
function threeScores(answers: readonly StancePrediction[]): Float64Array | null {
  const all = new Float64Array(answers.length * 3);
  for (let index = 0; index < answers.length; index++) {
    const { scores } = answers[index]!;
    if (scores === null) return null;
    all.set(scores, index * 3);
  }
  return all;
}

function binaryColumn(
  gold: Gold,
  { rows, labels, answers }: Answered<0 | 1, AttributePrediction>,
  threshold: number | undefined,
): BinaryColumn {
  return {
    rows,
    group: rows.map((row) => gold.group[row]!),
    gold: Uint8Array.from(labels),
    predicted: Uint8Array.from(answers, (answer) => Number(isPositive(answer, threshold))),
    scores: answers.some(({ score }) => score === null)
      ? null
      : Float64Array.from(answers, ({ score }) => score!),
  };
}

function isPositive({ score, label, threshold }: AttributePrediction, given: number | undefined): boolean {
  if (given !== undefined && score !== null) return score >= given;
  if (label !== null) return label;
  return score! >= (threshold ?? defaultThreshold);
}
