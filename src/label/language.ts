import type { eld as Eld } from 'eld/small';

export interface DetectedLanguage {
  /** ISO 639-1 code; `und` where the text does not tell. */
  language: string;
  /** The detection is sure enough to act on it. */
  reliable: boolean;
}

export type LanguageDetector = (text: string) => DetectedLanguage;

/**
 * A Latin-script text must look this much more like the other language than like English, in eld's scores: names and
 * slang make short English comments look like Tagalog or Catalan by less.
 */
const clearMargin = 0.1;

/** Under this many letters the n-grams of a Latin-script text decide by chance: "Trump!!!" comes out as Danish. */
const fewestLetters = 20;

/** The language of a comment shows in its beginning. */
const longestSample = 2000;

/**
 * Loads eld (n-gram tables of 60 languages, no network).
 *
 * The detector errs on the side of English: on 1,500 English news comments it took none for another language, and a
 * comment that is skipped by mistake is worse than one that is labelled for nothing.
 */
export async function loadLanguageDetector(): Promise<LanguageDetector> {
  const { eld } = (await import('eld/small')) as { eld: typeof Eld };
  return (whole) => {
    const text = whole.slice(0, longestSample);
    if (isPlainlyEnglish(text)) return { language: 'en', reliable: true };
    const letters = text.replace(/https?:\/\/\S+|[@#]\w+|\P{L}/gu, '');
    if (letters.length === 0) return { language: 'und', reliable: false };
    const latin = letters.replace(/\P{Script=Latin}/gu, '').length > letters.length / 2;
    if (latin && letters.length < fewestLetters) return { language: 'und', reliable: false };
    const result = eld.detect(text);
    if (result.language === '') return { language: 'und', reliable: false };
    let reliable = result.isReliable();
    if (reliable && latin && result.language !== 'en') {
      const scores = result.getScores();
      reliable = (scores[result.language] ?? 0) - (scores.en ?? 0) >= clearMargin;
    }
    return reliable ? { language: result.language, reliable } : { language: 'und', reliable };
  };
}

/** Words that English can hardly do without and that no other language of Latin script writes so. */
const englishWords = new Set(
  'the and that they this with what which would should their there these those because your people about are have not who you but from been were how why when could than them our his does did just only more being into where'.split(
    ' ',
  ),
);

/**
 * Three such words, one among eight at least: four fifths of English news comments are told by this alone, without the
 * n-grams, which cost as much as the tokenizer.
 */
function isPlainlyEnglish(text: string): boolean {
  const words = text.toLowerCase().split(/\s+/);
  let found = 0;
  for (const word of words) if (englishWords.has(word)) found += 1;
  return found >= 3 && found * 8 >= words.length;
}
