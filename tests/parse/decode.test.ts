import { describe, expect, test } from 'vitest';
import { parseThread } from '../../src/parse/index';

const text = 'Zoë & Łukasz 🙂 שלום\u200F!';
const row = `${JSON.stringify({ id: '1', text })}\n`;

function utf16(source: string, bigEndian: boolean, mark: boolean): Uint8Array {
  const bytes = Buffer.from((mark ? '\uFEFF' : '') + source, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

describe('encodings', () => {
  test.each([
    ['UTF-8', new TextEncoder().encode(row)],
    ['UTF-8 with a mark', new TextEncoder().encode(`\uFEFF${row}`)],
    ['UTF-16LE with a mark', utf16(row, false, true)],
    ['UTF-16BE with a mark', utf16(row, true, true)],
    ['UTF-16LE without one', utf16(row, false, false)],
    ['UTF-16BE without one', utf16(row, true, false)],
  ])('%s', (_, bytes) => {
    expect(parseThread(bytes).comments[0]!.text).toBe(text);
  });

  test('that XML and HTML declare', () => {
    const latin = (source: string) => Buffer.from(source, 'latin1');
    const xml =
      '<?xml version="1.0" encoding="ISO-8859-1"?><disqus xmlns:dsq="x"><post dsq:id="1"><message>Caf\xe9</message></post></disqus>';
    expect(parseThread(latin(xml)).comments[0]!.text).toBe('Café');
    for (const meta of [
      '<meta charset="windows-1252">',
      '<META http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
    ]) {
      const page = `<html><head>${meta}</head><body><div class="comment"><b class="author">Zo\xeb</b><p>Caf\xe9 is open</p></div></body></html>`;
      expect(parseThread(latin(page)).comments[0]).toMatchObject({
        author: { name: 'Zoë' },
        text: 'Café is open',
      });
    }
  });

  test('spans count a mark in the source', () => {
    const source = '\uFEFFTitle of the page\n1 Comment\nAnna\nWell said by all.\n';
    for (const input of [source, new TextEncoder().encode(source)]) {
      const { span } = parseThread(input).comments[0]!;
      expect(source.slice(span!.start, span!.end)).toBe('Well said by all.');
    }
  });
});
