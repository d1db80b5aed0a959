/** Batch lengths are multiples of this, so that the runtime's memory arena meets few distinct shapes. */
const lengthStep = 8;

export interface Batch<Item> {
  items: Item[];
  /** Tokens that every sequence of the batch is padded to. */
  paddedLength: number;
}

/** The one length that a sequence is ever padded to, whatever its neighbours: its score cannot depend on them. */
export function paddedLength(tokens: number): number {
  return Math.max(1, Math.ceil(tokens / lengthStep)) * lengthStep;
}

/**
 * Groups sequences of the same padded length. Little is computed for padding that way, and the same comment has the
 * same score to the last bit in every batch. The batches of one length are of equal size: a full one and a rest of a
 * few rows would take longer than two halves.
 *
 * @param items with their numbers of tokens
 * @param tokenBudget most tokens of a batch, padding included; a longer sequence makes a batch of its own
 * @returns batches over all items, shortest first
 */
export function planBatches<Item extends { tokens: { ids: readonly number[] } }>(
  items: readonly Item[],
  tokenBudget: number,
): Batch<Item>[] {
  const byLength = new Map<number, Item[]>();
  for (const item of items) {
    const length = paddedLength(item.tokens.ids.length);
    const alike = byLength.get(length);
    if (alike) alike.push(item);
    else byLength.set(length, [item]);
  }
  const batches: Batch<Item>[] = [];
  for (const [length, alike] of [...byLength].sort(([a], [b]) => a - b)) {
    const count = Math.ceil(alike.length / Math.max(1, Math.floor(tokenBudget / length)));
    for (let part = 0; part < count; part++) {
      const cut = (at: number) => Math.round((at * alike.length) / count);
      batches.push({ items: alike.slice(cut(part), cut(part + 1)), paddedLength: length });
    }
  }
  return batches;
}
