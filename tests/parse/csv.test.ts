import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectFormat, parseThread } from '../../src/parse/index';

const texts = (input: string) => parseThread(input, { format: 'csv' }).comments.map(({ text }) => text);
const losses = (input: string) =>
  parseThread(input, { format: 'csv' })
    .diagnostics.filter(({ lost }) => lost > 0)
    .map(({ lost, place }) => [lost, place?.line]);

describe('quotation marks that are part of the text', () => {
  test('in two rows cost none of the rows between them', () => {
    const source =
      'id,author,text\n1,Anna,"Never" is a word\n2,Ben,plain\n3,Cy,plain\n4,Dee,He said "yes"\n5,Ed,fine\n';
    expect(texts(source)).toEqual(['"Never" is a word', 'plain', 'plain', 'He said "yes"', 'fine']);
    expect(losses(source)).toEqual([]);
  });

  test('at the beginning of a field, with a quoted field in a later row', () => {
    const source = 'id,text,author\n1,"Never" is a word,Anna\n2,plain,Ben\n3,"fine, thanks",Cy\n';
    expect(texts(source)).toEqual(['"Never" is a word', 'plain', 'fine, thanks']);
    expect(losses(source)).toEqual([]);
  });

  test('rows that one record turns out to be are reported by their own lines', () => {
    const source = 'id,text,author\n1,"Never" is a word,Anna\n2,a,b,c,d\n3,He said "yes"\n4,fine,Ed\n';
    expect(texts(source)).toEqual(['"Never" is a word', 'He said "yes"', 'fine']);
    expect(losses(source)).toEqual([[1, 3]]);
  });

  test('every line is a comment or lost', () => {
    const piece = fc.constantFrom('a', 'b ', '"', '""', ' "', '" ', 'c"d', '"e" f');
    const text = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 12 }), (rows) => {
        const source = `id,text\n0,first\n${rows.map((row, index) => `${index + 1},x${row}\n`).join('')}`;
        const quoted = `id,text\n0,first\n${rows.map((row, index) => `${index + 1},${row}\n`).join('')}`;
        // Marks within a field hide nothing; at its beginning they may enclose the lines that follow.
        expect(texts(source)).toEqual(['first', ...rows.map((row) => `x${row}`)]);
        const { comments, diagnostics } = parseThread(quoted, { format: 'csv' });
        const lines = comments.reduce((sum, each) => sum + each.text.split('\n').length, 0);
        const lost = diagnostics.reduce((sum, each) => sum + each.lost, 0);
        expect(lines + lost).toBe(rows.length + 1);
      }),
    );
  });
});

describe('what stands above the names of the columns', () => {
  test.each(['sep=;\n', 'sep=;\r\n', 'SEP=;\r\n', '"sep=;"\r\n'])('%j names the delimiter', (line) => {
    const source = `${line}id;author;text\n1;Anna;Hi, all\n`;
    expect(detectFormat(source)).toEqual({ format: 'csv', confidence: 0.9 });
    expect(parseThread(source).comments).toMatchObject([
      { id: '1', author: { name: 'Anna' }, text: 'Hi, all' },
    ]);
  });

  test.each([
    ['# exported 2025-03-02\nid,text\n1,Hi\n2,Yo\n', 2],
    ['Comments export 2025\r\n\r\nid;author;text\r\n1;Anna;Hi\r\n2;Ben;Yo\r\n', 3],
    ['Comments, all of them\nfrom news.example\n\nid\ttext\n1\tHi\n2\tYo\n', 4],
    [
      'Post URL,https://x.org/1\n\n,,Name,Date,Comment,(view) Source\n1,,Ann,2025-03-01,Hi,view\n2,,Ben,2025-03-01,Yo,view\n',
      3,
    ],
  ])('%j is a table with a caption', (source, line) => {
    expect(detectFormat(source).format).toBe('csv');
    const { comments, diagnostics } = parseThread(source);
    expect(comments.map(({ text }) => text)).toEqual(['Hi', 'Yo']);
    expect(diagnostics).toMatchObject([{ code: 'lines-before-header', lost: 0 }]);
    expect(diagnostics[0]!.message).toContain(`line ${line};`);
    expect(losses(`${source}x\n`)).toEqual([[1, line + 3]]);
  });

  test.each([
    'Europe pushes for truce\nLeaders met, and talked\nabout the author, comment and id of it.\nNothing came of it.\n',
    'Europe pushes for truce\n\nAuthor, comment\n\nNothing came of it.\n',
  ])('prose has no caption: %j', (source) => {
    expect(detectFormat(source).format).toBe('text');
  });
});

test('spaces after delimiters belong to no id and no name', () => {
  const source = 'id, author, parent_id, text\n1, Anna, , Hello\n2, Ben, 1, Yes\n';
  expect(parseThread(source).comments).toMatchObject([
    { id: '1', parentId: null, author: { name: 'Anna' } },
    { id: '2', parentId: '1', depth: 1, author: { name: 'Ben' } },
  ]);
  expect(parseThread(source).diagnostics).toEqual([]);
});
