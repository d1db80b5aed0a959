import type { BinaryColumn } from './binary';
import type { Columns, Coverage } from './columns';
import { attributeConfidence, rankingCurves, reliability, riskCoverage, stanceConfidence } from './curves';
import type { Gold } from './gold';
import type { AttributeReport, ErrorRow, StanceConfusion, TargetReport } from './report';
import { sliceValues } from './slices';
import { type StanceColumn, stanceLabels } from './stance';

export function emptyStanceConfusion(): StanceConfusion {
  const row = () => ({ favor: 0, against: 0, none: 0 });
  return { favor: row(), against: row(), none: row() };
}

/** Confusion matrix and curves of one target. */
export function targetReport(
  { column, coverage }: { column: StanceColumn; coverage: Coverage },
  bins: number,
): TargetReport {
  const confusion = emptyStanceConfusion();
  column.gold.forEach((label, index) => {
    confusion[stanceLabels[label]!][stanceLabels[column.predicted[index]!]!]++;
  });
  if (column.scores === null || column.gold.length === 0)
    return { coverage, confusion, reliability: null, riskCoverage: null };
  const { confidence, correct } = stanceConfidence(column);
  return {
    coverage,
    confusion,
    reliability: reliability(confidence, correct, bins),
    riskCoverage: riskCoverage({ confidence, correct }),
  };
}

/** Confusion matrix and curves of one attribute. */
export function attributeReport(
  { column, coverage }: { column: BinaryColumn; coverage: Coverage },
  bins: number,
): AttributeReport {
  const cells = [0, 0, 0, 0];
  column.gold.forEach((label, index) => {
    cells[label * 2 + column.predicted[index]!]!++;
  });
  const confusion = {
    trueNegatives: cells[0]!,
    falsePositives: cells[1]!,
    falseNegatives: cells[2]!,
    truePositives: cells[3]!,
  };
  if (column.scores === null || column.gold.length === 0)
    return { coverage, confusion, roc: null, precisionRecall: null, reliability: null, riskCoverage: null };
  const { roc, precisionRecall } = rankingCurves(column);
  return {
    coverage,
    confusion,
    roc,
    precisionRecall,
    reliability: reliability(column.scores, column.gold, bins),
    riskCoverage: riskCoverage(attributeConfidence(column)),
  };
}

/** The wrong answers, the most confident first. */
export function listErrors(
  gold: Gold,
  columns: Columns,
  fields: readonly string[],
  limit: number,
): { total: number; rows: ErrorRow[] } {
  const judged = [
    ...columns.stance.map(({ target, column }) => ({
      task: 'stance' as const,
      name: target,
      column,
      confidence: column.scores && stanceConfidence(column).confidence,
      labelOf: (label: number): string => stanceLabels[label]!,
      scoreOf: (_: number, confidence: number | null) => confidence,
    })),
    ...columns.toxicity.map(({ attribute, column }) => ({
      task: 'toxicity' as const,
      name: attribute,
      column,
      confidence: column.scores && attributeConfidence(column).confidence,
      labelOf: String,
      scoreOf: (index: number) => column.scores?.[index] ?? null,
    })),
  ];
  const wrong = (each: (of: (typeof judged)[number], index: number, confidence: number) => void) => {
    for (const of of judged) {
      const { gold, predicted } = of.column;
      for (let index = 0; index < gold.length; index++)
        if (gold[index] !== predicted[index]) each(of, index, of.confidence?.[index] ?? -1);
    }
  };
  // Few of very many errors are shown: which, their confidence tells before any row of theirs is made.
  const confidences: number[] = [];
  wrong((_, __, confidence) => confidences.push(confidence));
  const least = Float64Array.from(confidences).sort().at(-Math.max(1, limit)) ?? -1;
  const shown: { of: (typeof judged)[number]; index: number; confidence: number }[] = [];
  wrong((of, index, confidence) => {
    if (confidence >= least) shown.push({ of, index, confidence });
  });
  shown.sort((a, b) => b.confidence - a.confidence);
  return {
    total: confidences.length,
    rows: shown.slice(0, limit).map(({ of, index }) => {
      const row = gold.rows[of.column.rows[index]!]!;
      const confidence = of.confidence?.[index] ?? null;
      return {
        id: row.id,
        text: row.text.length > longestText ? `${row.text.slice(0, longestText)}…` : row.text,
        task: of.task,
        name: of.name,
        gold: of.labelOf(of.column.gold[index]!),
        predicted: of.labelOf(of.column.predicted[index]!),
        score: of.scoreOf(index, confidence),
        confidence,
        slices: Object.fromEntries(fields.map((field) => [field, sliceValues(row, field)])),
      };
    }),
  };
}

/** A report quotes this many characters of a comment. */
const longestText = 2000;
