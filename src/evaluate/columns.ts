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
    coverage: coverageOf(rows, predictions, () => true),
    stance: gold.targets.map((target) => {
      const judged = rows.filter((row) => gold.rows[row]!.gold.stance?.[target] !== undefined);
      const answer = (row: number) => stanceAnswer(predictions[row], target);
      return {
        target,
        coverage: coverageOf(judged, predictions, (row) => answer(row) !== undefined),
        column: stanceColumn(
          gold,
          target,
          judged.filter((row) => answer(row) !== undefined),
          answer,
        ),
      };
    }),
    toxicity: gold.attributes.map((attribute) => {
      const judged = rows.filter((row) => gold.rows[row]!.gold.toxicity?.[attribute] !== undefined);
      const answer = (row: number) => attributeAnswer(predictions[row], attribute);
      return {
        attribute,
        coverage: coverageOf(judged, predictions, (row) => answer(row) !== undefined),
        column: binaryColumn(
          gold,
          attribute,
          judged.filter((row) => answer(row) !== undefined),
          answer,
          thresholds,
        ),
      };
    }),
  };
}

const stanceAnswer = (prediction: Prediction | undefined, target: string): StancePrediction | undefined =>
  prediction?.status === 'labelled' && Object.hasOwn(prediction.stance, target)
    ? prediction.stance[target]
    : undefined;

const attributeAnswer = (
  prediction: Prediction | undefined,
  attribute: string,
): AttributePrediction | undefined =>
  prediction?.status === 'labelled' && Object.hasOwn(prediction.toxicity, attribute)
    ? prediction.toxicity[attribute]
    : undefined;

function coverageOf(
  rows: readonly number[],
  predictions: readonly (Prediction | undefined)[],
  answered: (row: number) => boolean,
): Coverage {
  const coverage: Coverage = {
    gold: rows.length,
    labelled: 0,
    skipped: 0,
    failed: 0,
    missing: 0,
    share: 0,
    reasons: {},
  };
  for (const row of rows) {
    const prediction = predictions[row];
    if (prediction === undefined) coverage.missing++;
    else if (prediction.status === 'labelled') coverage[answered(row) ? 'labelled' : 'missing']++;
    else {
      coverage[prediction.status]++;
      const reason = `${prediction.status}: ${prediction.reason}`;
      coverage.reasons[reason] = (coverage.reasons[reason] ?? 0) + 1;
    }
  }
  coverage.share = rows.length === 0 ? 0 : coverage.labelled / rows.length;
  return coverage;
}

function stanceColumn(
  gold: Gold,
  target: string,
  rows: readonly number[],
  answer: (row: number) => StancePrediction | undefined,
): StanceColumn {
  const answers = rows.map((row) => answer(row)!);
  return {
    rows: Int32Array.from(rows),
    group: Int32Array.from(rows, (row) => gold.group[row]!),
    gold: Uint8Array.from(rows, (row) => stanceLabels.indexOf(gold.rows[row]!.gold.stance![target]!)),
    predicted: Uint8Array.from(answers, ({ label }) => label),
    scores: answers.every(({ scores }) => scores !== null)
      ? Float64Array.from(answers.flatMap(({ scores }) => [...scores!]))
      : null,
  };
}

function binaryColumn(
  gold: Gold,
  attribute: string,
  rows: readonly number[],
  answer: (row: number) => AttributePrediction | undefined,
  thresholds: Thresholds,
): BinaryColumn {
  const answers = rows.map((row) => answer(row)!);
  const given = typeof thresholds === 'number' ? thresholds : thresholds?.[attribute];
  return {
    rows: Int32Array.from(rows),
    group: Int32Array.from(rows, (row) => gold.group[row]!),
    gold: Uint8Array.from(rows, (row) => gold.rows[row]!.gold.toxicity![attribute]!),
    predicted: Uint8Array.from(answers, (one) => Number(isPositive(one, given))),
    scores: answers.every(({ score }) => score !== null)
      ? Float64Array.from(answers, ({ score }) => score!)
      : null,
  };
}

function isPositive({ score, label, threshold }: AttributePrediction, given: number | undefined): boolean {
  if (given !== undefined && score !== null) return score >= given;
  if (label !== null) return label;
  return score! >= (threshold ?? defaultThreshold);
}
