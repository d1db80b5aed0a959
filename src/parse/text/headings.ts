import type { Line } from './lines';

/** A line that announces comments. */
export interface Heading {
  /** Index of its first line among the non-empty lines. */
  line: number;
  /** How many lines it takes: two where the count stands on a line of its own. */
  lines: number;
  count?: number;
  /** The words can mean nothing but comments ("11 Comments"), unlike "Discussion". */
  explicit: boolean;
  /** One noun without a number: "Comment" is also a section of newspapers and a button. */
  singular: boolean;
}

const singularNouns = new Set(
  `comment kommentar commentaire comentario comentário комментарий коментар commento komentarz komentář reactie`.split(
    /\s+/,
  ),
);
const explicitNouns = new Set(
  `comment comments kommentar kommentare commentaire commentaires comentario comentarios comentário comentários комментарий
  комментария комментариев комментарии коментар коментарі коментарів коментария commento commenti komentarz komentarze
  komentarzy komentář komentáře reactie reacties kommentarer kommentaarit kommentti yorum yorumlar σχόλια 评论 評論 コメント 댓글
  تعليق تعليقات תגובות hozzászólás hozzászólások comentarii komentari`.split(/\s+/),
);
const otherNouns = new Set(
  'response responses reply replies thought thoughts discussion conversation reactions opinions'.split(' '),
);
/** Words that may stand beside the noun: "All reader comments (11)", "Showing 11 of 25 comments". */
const companions = new Set(
  `all reader readers user users visitor view show hide showing viewing displaying read see top latest recent total the your our this
  article story post section so far on to of in there are is has have been received add yours join leave a one be and
  newest oldest best first sort sorted by yet what do people say from our community facebook disqus log logged alle de der von zu
  для к`.split(/\s+/),
);
const mayBeHeading = new RegExp([...explicitNouns, ...otherNouns, '💬', '🗨', '🗩'].join('|'), 'iu');
const numerals = new Map(
  'no one two three four five six seven eight nine ten eleven twelve'
    .split(' ')
    .map((word, index) => [word, index] as const),
);
const quotation = /\s(?:on|to|about|for)\s+["“«„‘'].*$/iu;
const emoji = /(?:\p{Extended_Pictographic}|\uFE0F)/gu;

/** Reads a line as a heading of comments: `11 Comments`, `Comments (11)`, `11 Responses to "Title"`, `Comments`. */
export function readHeading(text: string): { count?: number; explicit: boolean } | undefined {
  if (text.length > 200 || !mayBeHeading.test(text)) return undefined;
  const pictured = /💬|🗨|🗩/u.test(text);
  const bare = text.replace(quotation, '').replace(emoji, ' ').trim();
  // A sentence about comments is no heading: "The post drew 11 comments."
  if (
    bare.length > 60 ||
    /[.!?…]$/.test(bare.replace(/^\W+|\W+$/g, (edge) => edge.trim())) ||
    bare.includes('@') ||
    // "Comment *" is a field that must be filled in.
    /^[^*\d]+\*$/.test(bare)
  ) {
    return undefined;
  }
  let count: number | undefined;
  let numbers = 0;
  let explicit = pictured;
  let nouns = pictured ? 1 : 0;
  for (const match of bare.matchAll(
    /\d+(?:[.,'\u00A0\u202F ]\d{3})*(?:[.,]\d+)?\s?[kKmM]?(?![\p{L}])|[\p{L}\p{M}'’]+|[^\s]/gu,
  )) {
    const token = match[0].toLowerCase().replace(/['’]s?$/, '');
    if (/^\d/.test(token)) {
      numbers += 1;
      // "Showing 11 of 25 comments", "Comments 1-10 of 25": the last number is the total.
      count = readCount(token);
    } else if (explicitNouns.has(token)) {
      nouns += 1;
      explicit = true;
    } else if (otherNouns.has(token)) nouns += 1;
    else if (numerals.has(token) && count === undefined && nouns === 0) count = numerals.get(token)!;
    else if (/^\p{L}/u.test(token) && !companions.has(token)) return undefined;
  }
  if (nouns === 0 || numbers > 3) return undefined;
  // "Reply" is a button, "3 replies" may be a heading.
  if (count === undefined && /^\W*repl(?:y|ies)\b/i.test(bare)) return undefined;
  return { ...(count === undefined ? {} : { count }), explicit };
}

function readCount(token: string): number {
  const scale = token.endsWith('k') ? 1000 : token.endsWith('m') ? 1_000_000 : 1;
  const digits = token.replace(/[km\s\u00A0\u202F']/g, '');
  if (scale > 1) return Math.round(Number(digits.replace(',', '.')) * scale);
  return Number(digits.replace(/[.,]/g, ''));
}

const bareNumber = /^[([]?\d{1,6}[)\]]?$/;

/** Every line of a text that could announce comments, in order. */
export function findHeadings(lines: readonly Line[]): Heading[] {
  const headings: Heading[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const found = readHeading(lines[index]!.text);
    if (found === undefined) continue;
    const before = lines[index - 1]?.text;
    const after = lines[index + 1]?.text;
    const text = lines[index]!.text;
    const digits = (line: string): number => Number(line.replace(/\D/g, ''));
    // Copied from two elements of the page: "11" and "Comments" on lines of their own.
    if (found.count === undefined && found.explicit && !text.includes(' ')) {
      if (after !== undefined && bareNumber.test(after)) {
        headings.push({ line: index, lines: 2, count: digits(after), explicit: true, singular: false });
        continue;
      }
      if (before !== undefined && bareNumber.test(before)) {
        headings.push({ line: index - 1, lines: 2, count: digits(before), explicit: true, singular: false });
        continue;
      }
    }
    headings.push({ line: index, lines: 1, ...found, singular: singularNouns.has(text.toLowerCase()) });
  }
  return headings;
}
