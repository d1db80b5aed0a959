import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  detectFormat,
  type Format,
  formatByName,
  formats,
  parseThread,
  parseThreads,
} from '../../src/parse/index';
import { checkFormat } from '../../src/testing/format-conformance';

const read = (name: string) => readFileSync(`tests/parse/data/${name}`, 'utf8');

const files: Record<string, string> = {
  'thread.jsonl': 'jsonl',
  'thread.csv': 'csv',
  'thread.json': 'json',
  'thread.disqus.xml': 'disqus',
  'thread.wxr.xml': 'wordpress',
  'thread.coral.json': 'coral',
  'thread.reddit.json': 'reddit',
  'thread.hacker-news.json': 'hacker-news',
  'thread.youtube.json': 'youtube',
  'thread.json-ld.json': 'json-ld',
  'thread.wordpress.html': 'html',
  'thread.microdata.html': 'html',
  'thread.txt': 'text',
};

describe('every format', () => {
  test('is proven by a file', () => {
    const proven = new Set([...Object.values(files), 'thread']);
    expect(formats.map((format) => format.name).filter((name) => !proven.has(name))).toEqual([]);
  });

  test.each(Object.entries(files))('%s is detected as %s', (file, name) => {
    expect(detectFormat(readFileSync(`tests/parse/data/${file}`)).format).toBe(name);
  });

  test.each(Object.entries(files))('%s keeps the rules of %s', (file, name) => {
    expect(checkFormat(formatByName(name), [{ name: file, input: read(file), entries: 4 }])).toEqual([]);
  });

  test('the printed thread keeps the rules, and comes back as it went', () => {
    const original = parseThread(read('thread.wordpress.html'));
    const printed = `${JSON.stringify(original)}\n`;
    expect(checkFormat(formatByName('thread'), [{ name: 'printed', input: printed, entries: 4 }])).toEqual(
      [],
    );
    expect(parseThread(printed)).toEqual({ ...original, format: 'thread' });
  });

  test.each(Object.entries(files))('%s holds the same conversation', (file) => {
    const { comments } = parseThread(read(file));
    const withId = (id: string) =>
      comments.find(
        (comment) => comment.id.replace(/^c/, '') === id || comment.id === `${Number(id) - 100}`,
      )!;
    const [first, second, third] = ['101', '102', '103'].map(withId);
    expect(first!.text).toBe(
      'Europe must pay for its own defence.\n\nNobody else will do it & nobody should.',
    );
    expect(second!.text.replace('> ', '')).toBe(
      'Nobody else will do it\n\nWashington did it for 70 years 🙂',
    );
    expect(second!.quotes).toHaveLength(1);
    const { start, end } = second!.quotes![0]!;
    expect(second!.text.slice(start, end).replace('> ', '')).toBe('Nobody else will do it');
    expect(third!.text).toBe('And look where that got us.');
    expect([first, second, third].map((comment) => comment!.author?.name)).toEqual([
      'Anna Kovács',
      'KittyKat99',
      'Noir Black',
    ]);
    expect(first!.createdAt).toMatch(/^2025-03-02T16:15:00Z?$/);
    expect(first!.parentId).toBeNull();
    expect(second!.parentId).toBe(first!.id);
    // YouTube has one level of answers.
    expect(third!.parentId).toBe(file.includes('youtube') ? first!.id : second!.id);
  });

  test.each([
    ['thread.disqus.xml', 'spam'],
    ['thread.wxr.xml', 'spam'],
    ['thread.coral.json', 'rejected'],
    ['thread.reddit.json', 'rejected'],
    ['thread.hacker-news.json', 'deleted'],
    ['thread.youtube.json', 'spam'],
    ['thread.wordpress.html', 'pending'],
    ['thread.jsonl', 'spam'],
  ])('%s keeps the last comment with status %s', (file, status) => {
    expect(parseThread(read(file)).comments.at(-1)!.status).toBe(status);
  });

  test('an unknown name lists the known ones', () => {
    expect(() => parseThread('x', { format: 'docx' })).toThrow(
      /unknown format "docx"; known: .*disqus.*text/,
    );
  });
});

describe('threads', () => {
  const row = (id: string, parentId?: string) => JSON.stringify({ id, parentId, text: `text of ${id}` });

  test('orphans are marked, cycles broken, both said', () => {
    const { comments, diagnostics } = parseThread(
      [row('a', 'gone'), row('b', 'c'), row('c', 'b'), row('d', 'd')].join('\n'),
    );
    expect(comments.map(({ id, parentId, depth, orphan }) => [id, parentId, depth, orphan ?? false])).toEqual(
      [
        ['a', 'gone', 0, true],
        ['b', 'c', 1, false],
        ['c', null, 0, false],
        ['d', null, 0, false],
      ],
    );
    expect(diagnostics.map((each) => each.code).sort()).toEqual(['cycle', 'cycle', 'orphan']);
  });

  test('an id that occurs twice keeps both comments', () => {
    const { comments, diagnostics } = parseThread(`${row('a')}\n${row('a')}\n`);
    expect(comments.map((comment) => comment.id)).toEqual(['a', 'a#2']);
    expect(diagnostics[0]!.code).toBe('duplicate-id');
  });

  test('answers that were not loaded are reported', () => {
    for (const file of ['thread.reddit.json', 'thread.youtube.json']) {
      expect(parseThread(read(file)).diagnostics.map((each) => each.code)).toContain('partial-replies');
    }
  });

  test('several threads in one export', () => {
    const post = (id: number, thread: number) =>
      `<post dsq:id="${id}"><message><![CDATA[<p>text ${id}</p>]]></message><thread dsq:id="${thread}" /></post>`;
    const source = `<disqus xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="1"><title>One</title></thread><thread dsq:id="2"><title>Two</title></thread>${post(1, 1)}${post(2, 2)}${post(3, 1)}</disqus>`;
    expect(parseThreads(source).map((thread) => [thread.article?.title, thread.comments.length])).toEqual([
      ['One', 2],
      ['Two', 1],
    ]);
    expect(() => parseThread(source)).toThrow(/holds 2 threads; read it with parseThreads/);
  });
});

describe('malformed records', () => {
  test('a bad line costs that line', () => {
    const { comments, diagnostics } = parseThread(
      '{"id":"1","text":"a"}\n{"id":"2","text":\n[1]\n{"id":"4"}\n{"id":"5","text":"e"}\n',
    );
    expect(comments.map((comment) => comment.id)).toEqual(['1', '5']);
    expect(diagnostics.map(({ code, lost, place }) => [code, lost, place?.line])).toEqual([
      ['malformed-record', 1, 2],
      ['malformed-record', 1, 3],
      ['no-text', 1, 4],
    ]);
  });

  test('no row with a text is an error', () => {
    expect(() => parseThread('{"id":"1"}\n{"id":"2"}\n', { format: 'jsonl' })).toThrow(
      /no line is a JSON object with a text/,
    );
  });

  test('a quotation mark that is never closed costs its line', () => {
    const { comments, diagnostics } = parseThread(
      'id,author,text\n1,Anna,"one, two"\n2,Boris,"never closed\n3,Carla,three\n4,Dmitri,"four\nlines"\n',
    );
    expect(comments.map(({ id, text }) => [id, text])).toEqual([
      ['1', 'one, two'],
      ['3', 'three'],
      ['4', 'four\nlines'],
    ]);
    expect(diagnostics.map(({ lost, place }) => [lost, place?.line])).toEqual([[1, 3]]);
  });

  test('a text with delimiters that nobody quoted is kept', () => {
    const { comments, diagnostics } = parseThread('id,author,text\n1,Anna,Well, well, well\n');
    expect(comments[0]!.text).toBe('Well, well, well');
    expect(diagnostics[0]!.code).toBe('unquoted-delimiter');
  });

  test('a missing end tag costs no other post', () => {
    const source = `<disqus xmlns:dsq="x"><post dsq:id="1"><message>one</message><post dsq:id="2"><message>two</message></post><post dsq:id="3"><message>three</message></post></disqus>`;
    expect(parseThread(source).comments.map(({ id, text }) => [id, text])).toEqual([
      ['1', 'one'],
      ['2', 'two'],
      ['3', 'three'],
    ]);
  });

  test('a missing end tag of a thread costs no post and no other thread', () => {
    const thread = (id: number) => `<thread dsq:id="${id}"><title>Title ${id}</title>`;
    const post = (id: number, thread: number) =>
      `<post dsq:id="${id}"><message>text</message><thread dsq:id="${thread}" /></post>`;
    for (const threads of [`${thread(1)}${thread(2)}</thread>`, `${thread(1)}</thread>${thread(2)}`]) {
      const source = `<disqus xmlns:dsq="x">${threads}${post(3, 1)}${post(4, 2)}${post(5, 2)}</disqus>`;
      expect(
        parseThreads(source).map(({ article, comments }) => [article?.title, comments.map(({ id }) => id)]),
      ).toEqual([
        ['Title 1', ['3']],
        ['Title 2', ['4', '5']],
      ]);
    }
  });
});

describe('columns', () => {
  test('may be named', () => {
    const source = 'nr;wer;was\n7;Anna;Good.\n';
    const columns = { id: 'nr', author: 'wer', text: 'was' };
    expect(parseThread(source, { format: 'csv', columns }).comments[0]).toMatchObject({
      id: '7',
      author: { name: 'Anna' },
      text: 'Good.',
    });
    expect(() => parseThread(source, { format: 'csv', columns: { text: 'body' } })).toThrow(
      /no column "body" for text; the columns are nr, wer, was/,
    );
    expect(() => parseThread(source, { format: 'csv' })).toThrow(/no column holds the text/);
  });

  test('are known in German too', () => {
    const source = 'ID;Name;Kommentar;Antwort auf;Datum\n1;Anna;Good.;;2.3.2025\n2;Bert;No.;1;3.3.2025\n';
    expect(parseThread(source).comments).toMatchObject([
      { id: '1', author: { name: 'Anna' }, text: 'Good.' },
      { id: '2', author: { name: 'Bert' }, text: 'No.', parentId: '1' },
    ]);
  });

  test.each(['text', 'body', 'comment', 'content', 'message', 'comment_text', 'Comment Text', 'commentText'])(
    '%s is a text',
    (name) => {
      expect(parseThread(`${JSON.stringify({ id: 1, [name]: 'Good.' })}\n`).comments[0]!.text).toBe('Good.');
      expect(parseThread(`id\t${name}\n1\tGood.\n`).comments[0]!.text).toBe('Good.');
    },
  );

  test('rows of the label command are read, each input a thread', () => {
    const row = (source: string) =>
      JSON.stringify({
        id: '1',
        source,
        parentId: null,
        author: null,
        text: 'Good.',
        status: 'labelled',
        labels: {},
      });
    expect(parseThreads(`${row('a.txt')}\n${row('b.txt')}\n`).map((thread) => thread.id)).toEqual([
      'a.txt',
      'b.txt',
    ]);
  });
});

const anyText = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((text) => text.trim() !== '');
const anyRows = fc
  .array(fc.record({ text: anyText, good: fc.boolean() }), { minLength: 1, maxLength: 25 })
  .filter((rows) => rows.some((row) => row.good));

describe('nothing is lost in silence', () => {
  test('JSON lines: texts come back, bad lines are counted', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const source = rows
          .map(({ text, good }, id) => (good ? JSON.stringify({ id, text }) : `{"id":${id},"text":`))
          .join('\n');
        const { comments, diagnostics } = parseThread(source, { format: 'jsonl' });
        expect(comments.map((comment) => comment.text)).toEqual(
          rows.filter((row) => row.good).map((row) => row.text),
        );
        expect(diagnostics.reduce((sum, each) => sum + each.lost, 0)).toBe(
          rows.filter((row) => !row.good).length,
        );
      }),
    );
  });

  test('CSV: texts come back', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 25 }), (texts) => {
        const source = `id,text\n${texts.map((text, id) => `${id},"${text.replaceAll('"', '""')}"`).join('\n')}\n`;
        expect(parseThread(source, { format: 'csv' }).comments.map((comment) => comment.text)).toEqual(texts);
      }),
    );
  });

  test('Disqus and WordPress: a comment for every record', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 15 }), (texts) => {
        const escaped = (text: string) =>
          text
            .replaceAll('&', '&amp;')
            .replaceAll('<', '&lt;')
            .replaceAll('>', '&gt;')
            .replaceAll(/[\u0000-\u001f]/g, ' ');
        const posts = texts
          .map((text, id) => `<post dsq:id="${id}"><message>${escaped(escaped(text))}</message></post>`)
          .join('');
        const items = texts
          .map(
            (text, id) =>
              `<wp:comment><wp:comment_id>${id + 1}</wp:comment_id><wp:comment_content>${escaped(escaped(text))}</wp:comment_content></wp:comment>`,
          )
          .join('');
        const normal = (text: string) =>
          text
            .replaceAll(/[\u0000-\u001f]/g, ' ')
            .replaceAll(/ +/g, ' ')
            .trim();
        for (const source of [
          `<disqus xmlns:dsq="x">${posts}</disqus>`,
          `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item>${items}</item></channel></rss>`,
        ]) {
          expect(parseThread(source).comments.map((comment) => normal(comment.text))).toEqual(
            texts.map(normal),
          );
        }
      }),
    );
  });
});

test('a format of one’s own can be given instead of a name', () => {
  const lines: Format = {
    name: 'lines',
    description: 'a comment a line',
    aliases: [],
    streaming: true,
    detect: () => 0,
    open: (sink) => {
      let all = '';
      return {
        write(text) {
          all += text;
        },
        end() {
          for (const text of all.split('\n')) sink.comment({ text });
        },
      };
    },
  };
  expect(parseThread('one\ntwo', { format: lines }).comments.map((comment) => comment.text)).toEqual([
    'one',
    'two',
  ]);
  expect(
    checkFormat(lines, [{ name: 'x', input: 'one\ntwo', entries: 3 }]).map((problem) => problem.rule),
  ).toEqual(['detects-its-own', 'counts-every-entry']);
});

describe('prose is no table and no markup', () => {
  test.each([
    'Comment, analysis and opinion: Europe\nThe leaders met, and nothing came of it.\n',
    'Europe, Russia, and the US\nParis, Berlin, and London agreed.\nRome, Madrid, and Vienna did not.\n',
    '<< Back to the front page\nThe leaders met.\n',
    '[Update] The leaders met\nNothing came of it.\n',
    'Title; with a semicolon\nText; with one.\n',
  ])('%j', (source) => {
    expect(detectFormat(source).format).toBe('text');
  });
});

describe('dumps as they are found', () => {
  const idsOf = (source: string) => {
    const { format, comments } = parseThread(source);
    return [format, ...comments.map(({ id, parentId, text }) => [id, parentId, text])];
  };
  test.each([
    [
      'Reddit, a comment a line',
      '{"author":"anna","body":"hi &gt; there","created_utc":"1740932100","id":"a","link_id":"t3_z","parent_id":"t3_z"}\n{"author":"b","body":"no","id":"b","link_id":"t3_z","parent_id":"t1_a"}\n',
      ['reddit', ['a', null, 'hi > there'], ['b', 'a', 'no']],
    ],
    [
      'Coral out of MongoDB',
      '{"_id":{"$oid":"5f"},"id":"a","storyID":"s","authorID":"u","status":"NONE","revisions":[{"body":"<b>hi</b>"}],"createdAt":{"$date":"2025-03-02T16:15:00Z"}}\n{"id":"b","storyID":"s","authorID":"v","status":"APPROVED","revisions":[{"body":"no"}],"parentID":"a"}\n',
      ['coral', ['a', null, 'hi'], ['b', 'a', 'no']],
    ],
    [
      'ids of a data frame',
      'id,comment_text,created_date,parent_id\n59848,Cool.,2015-09-29 10:50:41+00,\n59849,Thanks,2015-09-29 10:50:42+00,59848.0\n',
      ['csv', ['59848', null, 'Cool.'], ['59849', '59848', 'Thanks']],
    ],
    [
      'a video downloader',
      '{"id":"v","title":"Video","comments":[{"id":"a","text":"hi","author":"@x","parent":"root"},{"id":"b","text":"no","author":"@y","parent":"a"}]}',
      ['json', ['a', null, 'hi'], ['b', 'a', 'no']],
    ],
  ])('%s', (_, source, expected) => {
    expect(idsOf(source)).toEqual(expected);
  });

  test('a list of something else is an error', () => {
    expect(() => parseThread('["a","b"]')).toThrow(/nothing in the input looks like/);
  });
});
