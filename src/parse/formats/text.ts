import type { CommentRecord, Format, Sink } from '../format';
import { documentReader } from '../reading/document';
import { markQuotes } from '../reading/quotes';
import { readArticle } from '../text/article';
import { assemble } from '../text/comments';
import { splitLines } from '../text/lines';
import { findSection } from '../text/section';
import { shapeLines } from '../text/shapes';

/** Text copied from a page: an article, then perhaps a line such as `11 Comments` and the comments. */
export const text: Format = {
  name: 'text',
  description: 'plain text copied from a page',
  aliases: ['txt', 'plain', 'plain-text', 'plaintext'],
  streaming: false,
  detect: () => 0.1,
  open: (sink, settings) => documentReader((source) => readText(source, sink), settings),
};

/** Reads a page's text into a sink. */
export function readText(source: string, sink: Sink): void {
  const lines = shapeLines(splitLines(source));
  const section = findSection(lines);
  const article = readArticle(lines.slice(0, section.start));
  sink.thread({ article, declaredCount: section.declaredCount });
  const { comments, left, after } = assemble(lines, section);
  for (const comment of comments) sink.comment({ ...comment, ...quotesOf(comment) });
  const report = (code: string, what: string, among: readonly { text: string; number: number }[]): void => {
    if (among.length === 0) return;
    const shown = [...new Set(among.map((line) => line.text))]
      .slice(0, 3)
      .map((each) => `"${each.slice(0, 60)}"`);
    sink.diagnostic({
      code,
      severity: 'info',
      message: `${among.length} ${among.length === 1 ? 'line' : 'lines'} ${what}: ${shown.join(', ')}${shown.length < among.length ? ', …' : ''}`,
      place: { line: among[0]!.number },
    });
  };
  report('interface-lines', 'of dates, buttons and counters stand between the comments', left);
  report('lines-after-comments', 'after the last comment are no comments', after);
}

function quotesOf(comment: CommentRecord): { quotes?: CommentRecord['quotes'] } {
  const quotes = markQuotes(comment.text);
  return quotes.length === 0 ? {} : { quotes };
}
