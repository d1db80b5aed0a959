import type { BinaryColumn } from './binary';
import { descendingOrder } from './order';

/** scikit-learn clips probabilities by the machine epsilon before it takes logarithms. */
const epsilon = 2 ** -52;

export const logLossOf = (probability: number) =>
  -Math.log(Math.min(1 - epsilon, Math.max(epsilon, probability)));

export const binOf = (probability: number, bins: number) =>
  Math.min(bins - 1, Math.floor(probability * bins));

/** Levels of a compressed column: comments of one level count as having the same score. */
const levelsWhenCompressed = 512;

/** The cells of an attribute's column; parallel arrays by level or by cell, two cells a level. */
export interface Levels {
  /** Twice the comment's level, plus 1 for a positive. */
  cell: Int32Array;
  bin: Uint16Array;
  predicted: Uint8Array;
  sameScoreFollows: Uint8Array;
  /** Score of the predicted label. */
  confidence: Float64Array;
  /** Means over the comments of a cell. */
  score: Float64Array;
  squared: Float64Array;
  loss: Float64Array;
}

/** Cuts the comments, in descending order of score, into levels of one score, one predicted label and one bin. */
export function levelsOf(
  column: BinaryColumn,
  scores: Float64Array,
  bins: number,
  compressed: boolean,
): Levels {
  const { gold, predicted } = column;
  const order = descendingOrder(scores);
  const positives = gold.reduce((sum, label) => sum + label, 0);
  const share = [0.5 / Math.max(1, gold.length - positives), 0.5 / Math.max(1, positives)] as const;
  const firsts = new Int32Array(gold.length);
  const cell = new Int32Array(gold.length);
  let size = 0;
  let mass = 0;
  for (let start = 0; start < order.length; ) {
    const score = scores[order[start]!]!;
    let end = start + 1;
    while (end < order.length && scores[order[end]!] === score) end++;
    const lastLevel = size - 1;
    const last = lastLevel < 0 ? -1 : firsts[lastLevel]!;
    const joins =
      compressed &&
      last >= 0 &&
      mass < 1 / levelsWhenCompressed &&
      binOf(score, bins) === binOf(scores[last]!, bins);
    // Rows of one score differ in their label only where predictions bring labels of their own.
    for (let label = 1; label >= 0; label--) {
      let opened = joins && predicted[last] === label;
      let level = lastLevel;
      for (let position = start; position < end; position++) {
        const row = order[position]!;
        if (predicted[row] !== label) continue;
        if (!opened) {
          opened = true;
          level = size++;
          firsts[level] = row;
          mass = 0;
        }
        mass += share[gold[row] as 0 | 1];
        cell[row] = 2 * level + gold[row]!;
      }
    }
    start = end;
  }
  const count = new Float64Array(2 * size);
  const score = new Float64Array(2 * size);
  const squared = new Float64Array(2 * size);
  const loss = new Float64Array(2 * size);
  for (let row = 0; row < gold.length; row++) {
    const at = cell[row]!;
    const miss = scores[row]! - gold[row]!;
    count[at]!++;
    score[at]! += scores[row]!;
    squared[at]! += miss * miss;
    loss[at]! += logLossOf(gold[row] === 1 ? scores[row]! : 1 - scores[row]!);
  }
  for (let at = 0; at < count.length; at++) {
    const comments = Math.max(1, count[at]!);
    score[at]! /= comments;
    squared[at]! /= comments;
    loss[at]! /= comments;
  }
  const bin = new Uint16Array(size);
  const predictedOf = new Uint8Array(size);
  const sameScoreFollows = new Uint8Array(size);
  const confidence = new Float64Array(size);
  for (let level = 0; level < size; level++) {
    const row = firsts[level]!;
    bin[level] = binOf(scores[row]!, bins);
    predictedOf[level] = predicted[row]!;
    confidence[level] = predicted[row] === 1 ? scores[row]! : 1 - scores[row]!;
    sameScoreFollows[level] = Number(level + 1 < size && scores[firsts[level + 1]!] === scores[row]);
  }
  return { cell, bin, predicted: predictedOf, sameScoreFollows, confidence, score, squared, loss };
}
