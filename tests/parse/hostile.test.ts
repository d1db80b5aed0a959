import { describe, expect, test } from 'vitest';
import { errorCode, formats, parseThread } from './parsing';

const deep = 100_000;

/** CPU seconds for one run; other processes do not count. */
function seconds(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

describe('entities', () => {
  test('that a document declares are not expanded', () => {
    const source =
      '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;">]><disqus xmlns:dsq="x"><post dsq:id="1"><message>&b; &amp; &#33;</message></post></disqus>';
    expect(parseThread(source).comments[0]!.text).toBe('&b; & !');
  });

  test('that are files are not read', () => {
    const source =
      '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><disqus xmlns:dsq="x"><post dsq:id="1"><message>&x;</message></post></disqus>';
    expect(parseThread(source).comments[0]!.text).toBe('&x;');
  });

  test('are decoded once', () => {
    const source =
      '<disqus xmlns:dsq="x"><post dsq:id="1"><message><![CDATA[<p>&amp;lt;b&amp;gt;</p>]]></message></post></disqus>';
    expect(parseThread(source).comments[0]!.text).toBe('&lt;b&gt;');
  });
});

describe('nesting of 100,000', () => {
  test('answers in JSON', () => {
    const source = `[${Array.from({ length: deep }, (_, id) => `{"id":"${id}","text":"hi","replies":[`).join('')}${']}'.repeat(deep)}]`;
    const { comments } = parseThread(source);
    expect(comments).toHaveLength(deep);
    expect(comments.at(-1)!.depth).toBe(deep - 1);
  });

  test('brackets in one row of JSON lines', () => {
    const source = `{"id":"1","text":"a","x":${'['.repeat(deep)}${']'.repeat(deep)}}\n{"id":"2","text":"b"}\n`;
    expect(parseThread(source).comments).toHaveLength(2);
  });

  test('elements of a page', () => {
    expect(errorCode(() => parseThread(`<html><body>${'<div>'.repeat(deep)}x`))).toBe('input-malformed');
  });

  test.each([
    ['wrappers', '<div class="comment"><blockquote>'],
    ['comments', '<div class="comment"><b class="author">Ann</b><p>Well said.</p><blockquote>'],
    ['authors', '<div class="comment"><b class="author">Ann</b><blockquote>'],
  ])('HTML: 4,000 %s in one another take time in proportion to their number', (_, opened) => {
    const parse = (depth: number) =>
      seconds(() => parseThread(`<html><body>${opened.repeat(depth)}hi there`));
    parse(100);
    const [short, long] = [parse(1000), parse(4000)];
    expect(long).toBeLessThan(Math.max(0.5, 10 * short));
  });

  test('elements in one comment', () => {
    const post = (id: number, message: string) =>
      `<post dsq:id="${id}"><message><![CDATA[${message}]]></message></post>`;
    const source = `<disqus xmlns:dsq="x">${post(1, `${'<b>'.repeat(deep)}deep`)}${post(2, 'flat')}</disqus>`;
    expect(parseThread(source).comments.map((comment) => comment.text)).toEqual(['deep', 'flat']);
  });
});

describe('names of prototypes', () => {
  test('are names like others', () => {
    const { comments } = parseThread(
      '{"__proto__":{"polluted":1},"id":"1","text":"a"}\n{"id":"__proto__","parentId":"__proto__","text":"b"}\n{"id":"constructor","parentId":"__proto__","text":"c"}\n',
    );
    expect(comments.map(({ id, parentId }) => [id, parentId])).toEqual([
      ['1', null],
      ['__proto__', null],
      ['constructor', '__proto__'],
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(parseThread('__proto__,id,text\na,__proto__,hi\n').comments[0]!.id).toBe('__proto__');
  });
});

describe('unreadable input', () => {
  test.each([
    ['input-empty', ''],
    ['input-empty', ' \n\t\n'],
    ['input-empty', new Uint8Array([0xef, 0xbb, 0xbf])],
    ['input-binary', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3])],
    ['input-binary', new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3])],
    ['input-encoding', new Uint8Array([0x61, 0x62, 0xff, 0xfe, 0x63])],
    ['input-encoding', new TextEncoder().encode('<?xml version="1.0" encoding="klingon"?><disqus/>')],
    ['input-malformed', '[{"id":"1","text":"a"},{"id":2 "text":"b"}]'],
  ])('%s', (code, input) => {
    expect(errorCode(() => parseThread(input))).toBe(code);
  });

  test.each(formats.map((format) => format.name).filter((name) => name !== 'text' && name !== 'html'))(
    'prose that is said to be %s',
    (format) => {
      expect(errorCode(() => parseThread('Just a text.\nAnd another line.\n', { format }))).toBe(
        'input-malformed',
      );
    },
  );
});

describe('files that end early', () => {
  test('keep what is complete, and say so', () => {
    const disqus = parseThread(
      '<disqus xmlns:dsq="x"><post dsq:id="1"><message>hi</message></post><post dsq:id="2"><message>hi the',
    );
    expect(disqus.comments).toHaveLength(1);
    expect(disqus.diagnostics[0]).toMatchObject({ code: 'truncated', lost: 1 });
    const json = parseThread('[{"id":"1","text":"a"},{"id":"2","text":"b"},{"id":"3","te');
    expect(json.comments).toHaveLength(2);
    expect(json.diagnostics.map((each) => each.code)).toEqual(['truncated', 'no-text']);
  });
});

describe('time is linear', () => {
  test.each([
    ['letters', 'a'.repeat(1e6)],
    ['spaces', `${' '.repeat(1e6)}x`],
    ['less-than signs', '<'.repeat(1e6)],
    ['ampersands', '&'.repeat(1e6)],
    ['numbers', '1 '.repeat(5e5)],
    ['addresses', 'a@'.repeat(5e5)],
    ['brackets', '('.repeat(1e6)],
    ['names', 'Anna '.repeat(2e5)],
    ['tags', '<a '.repeat(3e5)],
    ['quotation marks of CSV', `id,text\n${'1,"a\n'.repeat(2e5)}`],
    ['brackets of JSON', '[{'.repeat(3e5)],
  ])('a megabyte of %s', (_, source) => {
    const run = (input: string) => {
      try {
        parseThread(input, { pseudonymize: { key: 'k' } });
      } catch (error) {
        expect(error).toMatchObject({ name: 'InputError' });
      }
    };
    // Loaded machines are slow, but not quadratic: that would be minutes.
    expect(seconds(() => run(source))).toBeLessThan(6);
  });
});
