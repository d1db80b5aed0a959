/** Batch lengths are rounded up to a multiple of this, so that the runtime's memory arena meets few distinct shapes. */
const lengthStep = 8;

export interface Batch<Item> {
  items: Item[];
  /** Tokens that every sequence of the batch is padded to. */
  paddedLength: number;
}

/**
 * Groups sequences of similar length, so that little is computed for padding.
 *
 * @param items with their numbers of tokens
 * @param tokenBudget most tokens of a batch, padding included; a longer sequence makes a batch of its own
 * @returns batches over all items, shortest first
 */
export function planBatches<Item extends { tokens: { ids: readonly number[] } }>(
  items: readonly Item[],
  tokenBudget: number,
): Batch<Item>[] {
  const sorted = [...items].sort((a, b) => a.tokens.ids.length - b.tokens.ids.length);
  const batches: Batch<Item>[] = [];
  let current: Batch<Item> | undefined;
  for (const item of sorted) {
    const paddedLength = Math.ceil(item.tokens.ids.length / lengthStep) * lengthStep;
    if (current === undefined || (current.items.length + 1) * paddedLength > tokenBudget) {
      current = { items: [], paddedLength };
      batches.push(current);
    }
    current.items.push(item);
    current.paddedLength = paddedLength;
  }
  return batches;
}
