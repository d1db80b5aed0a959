/**
 * A square confusion matrix in one array: entry `gold * classes + predicted` counts (or weighs) the comments of class
 * `gold` that were predicted as `predicted`.
 */
export type Confusion = ArrayLike<number>;

/** The value of 0/0: 0 as in scikit-learn's default and the SemEval script, or null for "undefined". */
export type ZeroDivision = 0 | 1 | null;

export function ratio(numerator: number, denominator: number, zeroDivision: ZeroDivision): number | null {
  return denominator === 0 ? zeroDivision : numerator / denominator;
}

/** Mean of the defined values; null where none is. */
export function meanOf(values: readonly (number | null)[]): number | null {
  let sum = 0;
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

const sizeOf = (confusion: Confusion) => Math.round(Math.sqrt(confusion.length));

function goldCount(confusion: Confusion, label: number): number {
  const classes = sizeOf(confusion);
  let sum = 0;
  for (let predicted = 0; predicted < classes; predicted++) sum += confusion[label * classes + predicted]!;
  return sum;
}

function predictedCount(confusion: Confusion, label: number): number {
  const classes = sizeOf(confusion);
  let sum = 0;
  for (let gold = 0; gold < classes; gold++) sum += confusion[gold * classes + label]!;
  return sum;
}

function hits(confusion: Confusion, label: number): number {
  return confusion[label * sizeOf(confusion) + label]!;
}

function total(confusion: Confusion): number {
  let sum = 0;
  for (let cell = 0; cell < confusion.length; cell++) sum += confusion[cell]!;
  return sum;
}

/** TP / (TP + FP) of one class. */
export function precision(confusion: Confusion, label: number, zeroDivision: ZeroDivision): number | null {
  return ratio(hits(confusion, label), predictedCount(confusion, label), zeroDivision);
}

/** TP / (TP + FN) of one class. */
export function recall(confusion: Confusion, label: number, zeroDivision: ZeroDivision): number | null {
  return ratio(hits(confusion, label), goldCount(confusion, label), zeroDivision);
}

/** 2 TP / (2 TP + FP + FN) of one class. */
export function f1(confusion: Confusion, label: number, zeroDivision: ZeroDivision): number | null {
  return ratio(
    2 * hits(confusion, label),
    goldCount(confusion, label) + predictedCount(confusion, label),
    zeroDivision,
  );
}

/** Unweighted mean of the classes' F1 over `labels`. */
export function averageF1(
  confusion: Confusion,
  labels: readonly number[],
  zeroDivision: ZeroDivision,
): number | null {
  return meanOf(labels.map((label) => f1(confusion, label, zeroDivision)));
}

export function accuracy(confusion: Confusion): number | null {
  let correct = 0;
  for (let label = 0; label < sizeOf(confusion); label++) correct += hits(confusion, label);
  return ratio(correct, total(confusion), null);
}

/** Mean recall of the classes that the gold labels hold; scikit-learn leaves absent classes out as well. */
export function balancedAccuracy(confusion: Confusion): number | null {
  const recalls: (number | null)[] = [];
  for (let label = 0; label < sizeOf(confusion); label++) recalls.push(recall(confusion, label, null));
  return meanOf(recalls);
}

/** Agreement beyond chance, in [-1, 1] [Cohen 1960]; null where chance alone gives full agreement. */
export function cohenKappa(confusion: Confusion): number | null {
  const n = total(confusion);
  if (n === 0) return null;
  let observed = 0;
  let expected = 0;
  for (let label = 0; label < sizeOf(confusion); label++) {
    observed += hits(confusion, label);
    expected += goldCount(confusion, label) * predictedCount(confusion, label);
  }
  return ratio(observed * n - expected, n * n - expected, null);
}

/** Correlation of gold and prediction for any number of classes, in [-1, 1] [Gorodkin 2004]. */
export function matthewsCorrelation(confusion: Confusion, zeroDivision: ZeroDivision): number | null {
  const n = total(confusion);
  let correct = 0;
  let both = 0;
  let goldSquares = 0;
  let predictedSquares = 0;
  for (let label = 0; label < sizeOf(confusion); label++) {
    const gold = goldCount(confusion, label);
    const predicted = predictedCount(confusion, label);
    correct += hits(confusion, label);
    both += gold * predicted;
    goldSquares += gold * gold;
    predictedSquares += predicted * predicted;
  }
  const spread = (n * n - goldSquares) * (n * n - predictedSquares);
  return spread === 0 ? zeroDivision : (correct * n - both) / Math.sqrt(spread);
}
