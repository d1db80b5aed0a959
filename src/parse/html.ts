import { Parser } from 'htmlparser2';
import { documentReader } from './document';
import type { Format, Sink } from './format';

/** A rendered page. */
export const html: Format = {
  name: 'html',
  description: 'rendered HTML page',
  aliases: ['htm', 'xhtml'],
  streaming: false,
  detect({ text }) {
    const head = text.trimStart().slice(0, 1000).toLowerCase();
    if (head.startsWith('<!doctype html') || head.startsWith('<html')) return 0.9;
    return head.startsWith('<') && !head.startsWith('<?xml') ? 0.5 : 0;
  },
  open: (sink, settings) => documentReader((source) => readHtml(source, sink), settings),
};

function readHtml(source: string, sink: Sink): void {
  let title = '';
  let inTitle = false;
  const parser = new Parser({
    onopentagname(name) {
      inTitle = name === 'title';
    },
    ontext(data) {
      if (inTitle) title += data;
    },
    onclosetag() {
      inTitle = false;
    },
  });
  parser.end(source);
  sink.thread({ article: { title: title.trim(), text: '' } });
}
