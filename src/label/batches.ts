/** Batch lengths are multiples of this, so that the runtime's memory arena meets few distinct shapes. */
const lengthStep = 8;

export interface Batch<Item> {
  items: Item[];
  /** Tokens that every sequence of the batch is padded to. */
  paddedLength: number;
}

/** The one length that a sequence is ever padded to, whatever its neighbours: its score cannot depend on them. */
export function paddedLength(tokens: number): number {
  return Math.ceil(tokens / lengthStep) * lengthStep;
}

/**
 * Groups sequences of the same padded length. Little is computed for padding that way, and the same comment has the
 * same score to the last bit in every batch.
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
    const length = paddedLength(item.tokens.ids.length);
    if (current?.paddedLength !== length || (current.items.length + 1) * length > tokenBudget) {
      current = { items: [], paddedLength: length };
      batches.push(current);
    }
    current.items.push(item);
  }
  return batches;
}
