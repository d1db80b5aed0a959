/** A stream of pseudo-random numbers that a seed determines. */
export interface Random {
  /** Uniform integer in [0, 2³²). */
  uint32(): number;
  /** Uniform number in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, limit). */
  below(limit: number): number;
  /** Draws as many indices as `counts` is long, and sets each count to how often its index was drawn. */
  drawCounts(counts: Uint16Array): void;
}

/**
 * The generator sfc32 [Doty-Humphrey, PractRand], seeded through splitmix32.
 *
 * @param seed any integer; the same seed gives the same numbers on every machine
 *
 * @example
 * createRandom(1).below(6); // the same number in 0…5, every time
 */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const seeded = () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let a = seeded();
  let b = seeded();
  let c = seeded();
  let counter = 1;

  const uint32 = () => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) uint32();
  return {
    uint32,
    uniform: () => uint32() / 4294967296,
    // The bias of the multiplication method is below limit / 2³², far under what a bootstrap can show.
    below: (limit) => Math.floor((uint32() / 4294967296) * limit),
    // The generator's step stands here once more, on local variables: this loop is most of a bootstrap's drawing.
    drawCounts(counts) {
      const size = counts.length;
      const scale = size / 4294967296;
      let [x, y, z, n] = [a, b, c, counter];
      counts.fill(0);
      for (let draw = 0; draw < size; draw++) {
        const sum = (((x + y) | 0) + n) | 0;
        n = (n + 1) | 0;
        x = y ^ (y >>> 9);
        y = (z + (z << 3)) | 0;
        z = (((z << 21) | (z >>> 11)) + sum) | 0;
        counts[((sum >>> 0) * scale) | 0]!++;
      }
      [a, b, c, counter] = [x, y, z, n];
    },
  };
}
