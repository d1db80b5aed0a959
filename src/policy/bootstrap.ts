/** A confidence interval; `level` is its coverage. */
export interface Interval {
  low: number;
  high: number;
  level: number;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Draws groups with replacement: as many as there are.
 *
 * @param groups positions of the rows of each group
 * @returns positions of the rows drawn
 */
export function resample(groups: readonly (readonly number[])[], random: () => number): number[] {
  const rows: number[] = [];
  for (let drawn = 0; drawn < groups.length; drawn++)
    for (const row of groups[Math.floor(random() * groups.length)]!) rows.push(row);
  return rows;
}

/** The percentile interval over bootstrap replicates [Efron 1979]; undefined when there are none. */
export function percentileInterval(replicates: readonly number[], level = 0.95): Interval | undefined {
  const sorted = replicates.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  if (sorted.length === 0) return undefined;
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return { low: at((1 - level) / 2), high: at((1 + level) / 2), level };
}

/** Rows by group; a row without one is a group of its own. */
export function groupsOf(names: readonly (string | undefined)[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [row, name] of names.entries()) {
    const key = name === undefined ? `#${row}` : `=${name}`;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()];
}
