import { describe, expect, test } from 'vitest';
import { parseStream, parseThread } from '../../src/parse/index';
import type { Diagnostic } from '../../src/types';

const lines = (...rows: object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');

async function streamed(text: string) {
  const diagnostics: Diagnostic[] = [];
  const comments: [string, string | null, number][] = [];
  const source = (async function* () {
    yield text;
  })();
  for await (const { id, parentId, depth } of parseStream(source, {
    onDiagnostic: (each) => diagnostics.push(each),
  }))
    comments.push([id, parentId, depth]);
  return { comments, codes: diagnostics.map(({ code }) => code) };
}

describe('ids that are made up', () => {
  const table = 'nr,parent_id,author,text\n10,,Anna,Hello\n11,10,Ben,Yes\n12,1,Cy,Reply to another page\n';
  const rows = lines({ text: 'first' }, { id: '1', text: 'b' }, { id: '9', parent_id: '1', text: 'to b' });

  test('are no parents', () => {
    const { comments } = parseThread(table);
    expect(comments.map(({ parentId, orphan }) => [parentId, orphan])).toEqual([
      [null, undefined],
      ['10', true],
      ['1', true],
    ]);
    expect(comments.map(({ id }) => id)).not.toContain('1');
    expect(parseThread(rows).comments.map(({ text, depth }) => [text, depth])).toEqual([
      ['first', 0],
      ['b', 0],
      ['to b', 1],
    ]);
  });

  test('are no parents in a stream', async () => {
    expect((await streamed(rows)).comments).toEqual([
      ['1', null, 0],
      ['1#2', null, 0],
      ['9', '1#2', 1],
    ]);
    const later = lines({ text: 'a' }, { text: 'b', parent_id: '1' }, { text: 'c', parent_id: '3' });
    const { comments, codes } = await streamed(later);
    expect(comments.map(([, , depth]) => depth)).toEqual([0, 1, 1]);
    expect(comments.every(([id, parentId]) => id !== parentId)).toBe(true);
    expect(codes).toEqual([]);
  });

  test('are no parents in a stream of answers to what comes later', async () => {
    const { comments, codes } = await streamed(
      lines(
        { text: 'a' },
        { id: 'x', parent_id: '1', text: 'to the second' },
        { id: '1', text: 'the second' },
        { id: 'y', parent_id: '1', text: 'to the second, too' },
      ),
    );
    expect(comments).toEqual([
      ['1', null, 0],
      ['x', '1#2', 1],
      ['1#2', null, 0],
      ['y', '1#2', 1],
    ]);
    expect(codes).toEqual(['duplicate-id']);
  });

  test('a copy of an id is no parent, and the first of its id is', async () => {
    const source = lines(
      { id: 'a', text: 'x' },
      { id: 'a', text: 'y', parent_id: 'a' },
      { id: 'b', text: 'z', parent_id: 'a' },
    );
    const expected = [
      ['a', null, 0],
      ['a#2', 'a', 1],
      ['b', 'a', 1],
    ];
    expect(parseThread(source).comments.map(({ id, parentId, depth }) => [id, parentId, depth])).toEqual(
      expected,
    );
    expect((await streamed(source)).comments).toEqual(expected);
  });
});

test('an answer to itself stands at the top in a stream, too', async () => {
  const { comments, codes } = await streamed(
    lines({ id: 3, parent_id: 3, text: 'c' }, { id: 4, parent_id: 3, text: 'd' }),
  );
  expect(comments).toEqual([
    ['3', null, 0],
    ['4', '3', 1],
  ]);
  expect(codes).toEqual(['cycle']);
});

describe('answers nested in a comment are its answers', () => {
  const twice = [
    { id: 1, text: 'a', replies: [{ id: 5, text: 're a' }] },
    { id: 1, text: 'b', replies: [{ id: 6, text: 're b', replies: [{ id: 6, text: 're re b' }] }] },
  ];
  const expected = [
    ['1', null, 0],
    ['5', '1', 1],
    ['1#2', null, 0],
    ['6', '1#2', 1],
    ['6#2', '6', 2],
  ];

  test.each([
    ['a list', JSON.stringify(twice)],
    ['lines', lines(...twice)],
  ])('where its id occurs again: %s', async (_, source) => {
    expect(parseThread(source).comments.map(({ id, parentId, depth }) => [id, parentId, depth])).toEqual(
      expected,
    );
    expect((await streamed(source)).comments).toEqual(expected);
  });

  test('where there are no ids', () => {
    const rows = [
      { text: 'a', replies: [{ text: 're a' }, { id: '1', text: 're a too' }] },
      { text: 'b', replies: [{ text: 're b' }] },
      { text: 'c', parent_id: '4' },
    ];
    const { comments } = parseThread(JSON.stringify(rows));
    const parentOf = (text: string) => {
      const { parentId } = comments.find((each) => each.text === text)!;
      return comments.find((each) => each.id === parentId)?.text;
    };
    expect(['re a', 're a too', 're b', 'c'].map(parentOf)).toEqual(['a', 'a', 'b', undefined]);
  });
});
