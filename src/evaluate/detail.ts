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
  const errors: (Omit<ErrorRow, 'id' | 'text' | 'slices'> & { row: number })[] = [];
  for (const { target, column } of columns.stance) {
    const confidence = column.scores && stanceConfidence(column).confidence;
    column.gold.forEach((label, index) => {
      const predicted = column.predicted[index]!;
      if (label === predicted) return;
      const score = confidence?.[index] ?? null;
      errors.push({
        row: column.rows[index]!,
        task: 'stance',
        name: target,
        gold: stanceLabels[label]!,
        predicted: stanceLabels[predicted]!,
        score,
        confidence: score,
      });
    });
  }
  for (const { attribute, column } of columns.toxicity) {
    const confidence = column.scores && attributeConfidence(column).confidence;
    column.gold.forEach((label, index) => {
      const predicted = column.predicted[index]!;
      if (label === predicted) return;
      errors.push({
        row: column.rows[index]!,
        task: 'toxicity',
        name: attribute,
        gold: String(label),
        predicted: String(predicted),
        score: column.scores?.[index] ?? null,
        confidence: confidence?.[index] ?? null,
      });
    });
  }
  errors.sort((a, b) => (b.confidence ?? -1) - (a.confidence ?? -1));
  return {
    total: errors.length,
    rows: errors.slice(0, limit).map(({ row, ...error }) => {
      const { id, text } = gold.rows[row]!;
      return {
        id,
        text: text.length > longestText ? `${text.slice(0, longestText)}…` : text,
        ...error,
        slices: Object.fromEntries(fields.map((field) => [field, sliceValues(gold.rows[row], field)])),
      };
    }),
  };
}

/** A report quotes this many characters of a comment. */
const longestText = 2000;
