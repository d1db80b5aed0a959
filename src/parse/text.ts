import { documentReader } from './document';
import type { CommentRecord, Format, Sink } from './format';

const heading = /^(?:(\d[\d.,]*)\s+comments?|comments?\s*[(:]\s*(\d[\d.,]*)\)?|comments)$/i;

/** Text copied from a page: an article, then perhaps a line such as `11 Comments` and the comments. */
export const text: Format = {
  name: 'text',
  description: 'plain text copied from a page',
  aliases: ['txt', 'plain', 'plain-text'],
  streaming: false,
  detect: () => 0.1,
  open: (sink, settings) => documentReader((source) => readText(source, sink), settings),
};

function readText(source: string, sink: Sink): void {
  const lines: { text: string; start: number }[] = [];
  let start = 0;
  for (const raw of source.split('\n')) {
    const trimmed = raw.trim();
    if (trimmed !== '') lines.push({ text: trimmed, start: start + raw.indexOf(trimmed) });
    start += raw.length + 1;
  }
  const at = lines.findIndex((line) => heading.test(line.text));
  const articleLines = (at === -1 ? lines : lines.slice(0, at)).map((line) => line.text);
  const titled = articleLines.length > 1 && articleLines[0]!.length < 150;
  const match = at === -1 ? null : heading.exec(lines[at]!.text);
  const count = match?.[1] ?? match?.[2];
  sink.thread({
    article: {
      title: titled ? articleLines[0]! : '',
      text: (titled ? articleLines.slice(1) : articleLines).join('\n\n'),
    },
    declaredCount: count === undefined ? undefined : Number(count.replaceAll(/[.,]/g, '')),
  });
  if (at === -1) return;
  for (let index = at + 1; index + 1 < lines.length; index += 2) {
    const author = lines[index]!;
    const body = lines[index + 1]!;
    const comment: CommentRecord = {
      author: { name: author.text },
      text: body.text,
      span: { start: body.start, end: body.start + body.text.length },
    };
    sink.comment(comment);
  }
}
