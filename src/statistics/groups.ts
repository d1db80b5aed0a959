export interface Groups {
  /** For each row the number of its group, from 0. */
  of: Int32Array;
  count: number;
  /** At least one row names a group. */
  named: boolean;
}

/** Numbers the groups of rows in the order of their first rows; a row without a name is a group of its own. */
export function numberGroups(names: readonly (string | undefined)[]): Groups {
  const numbers = new Map<string, number>();
  let count = 0;
  const of = Int32Array.from(names, (name) => {
    if (name === undefined) return count++;
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, count);
    return count++;
  });
  return { of, count, named: numbers.size > 0 };
}
