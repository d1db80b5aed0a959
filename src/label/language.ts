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

/**
 * Loads eld (n-gram tables of 60 languages, no network).
 *
 * The detector errs on the side of English: on 1,500 English news comments it took none for another language, and a
 * comment that is skipped by mistake is worse than one that is labelled for nothing.
 */
export async function loadLanguageDetector(): Promise<LanguageDetector> {
  const { eld } = (await import('eld/small')) as { eld: typeof Eld };
  return (text) => {
    const letters = text.replace(/https?:\/\/\S+|[@#]\w+|\P{L}/gu, '');
    if (letters.length === 0) return { language: 'und', reliable: false };
    const latin = letters.replace(/\P{Script=Latin}/gu, '').length > letters.length / 2;
    if (latin && letters.length < fewestLetters) return { language: 'und', reliable: false };
    const result = eld.detect(text);
    if (result.language === '') return { language: 'und', reliable: false };
    const margin = (result.getScores()[result.language] ?? 0) - (result.getScores().en ?? 0);
    const reliable = result.isReliable() && (!latin || margin >= clearMargin || result.language === 'en');
    return reliable ? { language: result.language, reliable } : { language: 'und', reliable };
  };
}
