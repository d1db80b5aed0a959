import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';

let matcher: RegExpMatcher | undefined;

/** Texts are searched together up to about this many characters: the list has 140 patterns, and each search costs anew. */
const charactersTogether = 2000;

/** No pattern of the list crosses this, for each ends at a character that is no letter, save one that it may skip. */
const boundary = '\n\0\n';

/**
 * Whether obscenity's English list finds a word in each of the texts.
 *
 * @example
 * findListedWords(['Well said.', 'What utter shit']); // [false, true]
 */
export function findListedWords(texts: readonly string[]): boolean[] {
  matcher ??= new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  const found = new Array<boolean>(texts.length).fill(false);
  for (let first = 0; first < texts.length; ) {
    const ends: number[] = [];
    let joined = '';
    for (let next = first; next < texts.length && joined.length < charactersTogether; next++) {
      joined += texts[next] + boundary;
      ends.push(joined.length);
    }
    const starts = matcher.getAllMatches(joined).map(({ startIndex }) => startIndex);
    for (const start of starts) found[first + ends.findIndex((end) => start < end)] = true;
    first += ends.length;
  }
  return found;
}
