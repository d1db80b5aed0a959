/**
 * A score for people: two decimals, or as many as it takes to stand on its own side of the threshold. A score that has
 * reached a limit must not look as if it had not, nor one just under it as if it had.
 *
 * @example
 * scoreText(0.1239, 0.1235); // '0.124'
 */
export function scoreText(score: number, threshold: number | undefined): string {
  for (let decimals = 2; decimals <= 16; decimals++) {
    const text = score.toFixed(decimals);
    if (threshold === undefined || Math.sign(Number(text) - threshold) === Math.sign(score - threshold))
      return text;
  }
  return String(score);
}
