import { readdirSync, readFileSync } from 'node:fs';

const seeds = new URL('../seeds/', import.meta.url);

/**
 * Comments of the seeds' words and lengths: windows over the sentences of the five documents, as long as the eleven
 * comments of the first one are (65 to 125 characters).
 */
export function seedLikeComments(count) {
  const words = readdirSync(seeds)
    .sort()
    .flatMap((name) => readFileSync(new URL(name, seeds), 'utf8').split(/\s+/))
    .filter(Boolean);
  let state = 7;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Array.from({ length: count }, (_, index) => {
    let at = Math.floor(random() * (words.length - 40));
    const length = 65 + random() * 60;
    let text = words[at];
    while (text.length < length) text += ` ${words[++at]}`;
    return { id: String(index), text };
  });
}
