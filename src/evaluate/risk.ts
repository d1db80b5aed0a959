import { descendingOrder } from './order';

/** Comments of one confidence each, from the most confident on. */
export interface ConfidenceRanking {
  order: Int32Array;
  /** 1 where the next in the order has the same confidence. */
  tied: Uint8Array;
}

export function rankByConfidence(confidence: Float64Array): ConfidenceRanking {
  const order = descendingOrder(confidence);
  const tied = new Uint8Array(order.length);
  for (let position = 0; position + 1 < order.length; position++)
    tied[position] = Number(confidence[order[position]!] === confidence[order[position + 1]!]);
  return { order, tied };
}

/**
 * Area under the risk–coverage curve: mean error rate over the comments in order of confidence, ties together
 * [Geifman & El-Yaniv 2017].
 *
 * @param comments how many comments each entry of the ranking stands for
 * @param errors how many of them are wrongly labelled
 * @returns a number in [0, 1]; null without comments
 */
export function riskCoverageArea(
  { order, tied }: ConfidenceRanking,
  comments: ArrayLike<number>,
  errors: ArrayLike<number>,
): number | null {
  let covered = 0;
  let wrong = 0;
  let together = 0;
  let area = 0;
  for (let position = 0; position < order.length; position++) {
    const at = order[position]!;
    together += comments[at]!;
    wrong += errors[at]!;
    if (tied[position] === 1) continue;
    covered += together;
    if (together > 0) area += (together * wrong) / covered;
    together = 0;
  }
  return covered === 0 ? null : area / covered;
}
