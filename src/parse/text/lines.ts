/** One line of a text, without the space around it. */
export interface Line {
  text: string;
  /** Offsets in the source. */
  start: number;
  end: number;
  /** Line number, from 1. */
  number: number;
  /** Whether empty lines stand between this line and the one before. */
  gap: boolean;
  /** Width of the white space at its beginning; a tab counts four. */
  indent: number;
}

// Trimming must take the invisible marks that copying brings along, but keep those that order right-to-left text.
const edge = /^[\s\u200B\u2060\uFEFF]+|[\s\u200B\u2060\uFEFF]+$/g;
const lineEnd = /\r\n|[\n\r\u2028\u2029\u0085]/g;

/** The non-empty lines of a text. */
export function splitLines(source: string): Line[] {
  const lines: Line[] = [];
  let number = 0;
  let gap = false;
  const add = (from: number, to: number): void => {
    number += 1;
    const raw = source.slice(from, to);
    const text = raw.replace(edge, '');
    if (text === '') {
      gap = true;
      return;
    }
    const start = from + raw.indexOf(text);
    const indent = [...source.slice(from, start)].reduce((width, mark) => width + (mark === '\t' ? 4 : 1), 0);
    lines.push({ text, start, end: start + text.length, number, gap, indent });
    gap = false;
  };
  let from = 0;
  for (const match of source.matchAll(lineEnd)) {
    add(from, match.index);
    from = match.index + match[0].length;
  }
  add(from, source.length);
  return lines;
}
