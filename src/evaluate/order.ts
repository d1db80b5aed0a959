import { remember } from './remember';

/** Whether this machine stores the lowest part of a number first. */
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Under this many values a comparing sort is faster than counting 65,536 keys four times. */
const fewestCounted = 5000;

/**
 * Indices of non-negative numbers from the greatest to the smallest, equal ones in their order.
 *
 * The bits of such numbers are in the same order as the numbers: four counting passes over 16 bits each sort them,
 * several times faster than a comparing sort. The result is kept for as long as the array is.
 */
export const descendingOrder = remember((values: Float64Array): Int32Array => {
  const size = values.length;
  if (size < fewestCounted)
    return Int32Array.from(values, (_, index) => index).sort((a, b) => values[b]! - values[a]! || a - b);
  // Adding 0 turns −0, whose bits are those of the greatest number, into 0.
  const parts = new Uint16Array(values.map((value) => value + 0).buffer);
  let order = Int32Array.from({ length: size }, (_, index) => index);
  let sorted = new Int32Array(size);
  const starts = new Int32Array(65537);
  for (let pass = 0; pass < 4; pass++) {
    const part = littleEndian ? pass : 3 - pass;
    starts.fill(0);
    for (let index = 0; index < size; index++) starts[65535 - parts[4 * index + part]! + 1]!++;
    const allEqual = starts[65535 - parts[part]! + 1] === size;
    if (allEqual) continue;
    for (let key = 1; key < 65537; key++) starts[key]! += starts[key - 1]!;
    for (let position = 0; position < size; position++) {
      const index = order[position]!;
      sorted[starts[65535 - parts[4 * index + part]!]!++] = index;
    }
    [order, sorted] = [sorted, order];
  }
  return order;
});
