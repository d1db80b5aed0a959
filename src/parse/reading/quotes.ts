import type { Span } from '../../types';

// `>` opens a quotation, but not in an emoticon (`>:(`, `>_<`), a comparison (`>= 5`, `> 50%`), a spoiler (`>!`) or a
// reference to another post (`>>1234`).
const quoteLine = /^\s{0,3}>(?![!:;._=<-]|\s?[\d.,]+\s?(?:%|$)|>\d+\s*$)/;

/** The lines of a text that start with `>`; neighbours make one span. */
export function markQuotes(text: string): Span[] {
  const spans: Span[] = [];
  if (!text.includes('>')) return spans;
  let start = 0;
  let open = false;
  for (const line of text.split('\n')) {
    const end = start + line.length;
    if (quoteLine.test(line)) {
      if (open) spans.at(-1)!.end = end;
      else spans.push({ start, end });
      open = true;
    } else if (line.trim() !== '') open = false;
    start = end + 1;
  }
  return spans;
}
