import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { expect, it } from 'vitest';
import { findListedWords } from '../../src/evaluate/word-list';

const texts = readFileSync('fixtures/functional.jsonl', 'utf8')
  .trim()
  .split('\n')
  .map((line): string => JSON.parse(line).text);
const matcher = new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });

it('finds in texts searched together what the list finds in each alone', () => {
  const found = texts.map((text) => matcher.hasMatch(text));
  expect(found.filter(Boolean).length).toBeGreaterThan(50);
  expect(findListedWords(texts)).toEqual(found);
});

it('finds no word that begins in one text and ends in the next', () => {
  const pieces = fc
    .tuple(fc.constantFrom(...texts), fc.nat(), fc.nat(12))
    .map(([text, start, length]) => text.slice(start % text.length).slice(0, length));
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 60 }), (cut) => {
      expect(findListedWords(cut)).toEqual(cut.map((text) => text !== '' && matcher.hasMatch(text)));
    }),
    { numRuns: 200 },
  );
});
