import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseThread, parseThreads } from '../../src/parse/index';

const answers = [
  { id: 2, text: 'b' },
  { id: 3, text: 'c' },
];
const wrappers: [string, (rows: object[]) => unknown][] = [
  ['a list', (rows) => rows],
  ['edges', (rows) => ({ edges: rows.map((node) => ({ node })) })],
  ['nodes', (rows) => ({ nodes: rows })],
  ['a page', (rows) => ({ data: rows, paging: { next: null } })],
  ['rows by id', (rows) => Object.fromEntries(rows.map((row, index) => [`k${index}`, row]))],
];
const names = 'replies comments children kids child_comments reply_comment threaded_replies subComments';

describe('answers', () => {
  test.each(wrappers)('in %s are read', (_, wrap) => {
    const row = { id: 1, text: 'a', author: { name: 'Ann' }, replies: wrap(answers) };
    const inputs = [
      JSON.stringify([row]),
      `${JSON.stringify(row)}\n`,
      `{"id":9,"text":"z"}\n${JSON.stringify(row)}\n`,
    ];
    for (const input of inputs) {
      const { comments, diagnostics } = parseThread(input);
      expect(comments.slice(-3).map(({ id, parentId }) => [id, parentId])).toEqual([
        ['1', null],
        ['2', '1'],
        ['3', '1'],
      ]);
      expect(diagnostics).toEqual([]);
    }
  });

  test.each(names.split(' '))('are read under %s', (name) => {
    const { comments, diagnostics } = parseThread(JSON.stringify([{ id: 1, text: 'a', [name]: answers }]));
    expect(comments.map(({ parentId }) => parentId)).toEqual([null, '1', '1']);
    expect(diagnostics).toEqual([]);
  });

  test('one answer alone is read', () => {
    const source = JSON.stringify([{ id: 1, text: 'a', replies: { id: 2, text: 'b' } }]);
    expect(parseThread(source).comments.map(({ parentId }) => parentId)).toEqual([null, '1']);
  });

  test('are comments or lost, whatever holds them', () => {
    const name = fc.constantFrom(...names.split(' '), 'reactions_of_readers', 'thread');
    const wrap = fc.constantFrom(...wrappers.slice(0, 3).map(([, each]) => each));
    const tree: fc.Memo<object[]> = fc.memo(
      (depth): fc.Arbitrary<object[]> =>
        fc.array(
          fc
            .record({ name, wrap, inner: depth > 1 ? tree() : fc.constant<object[]>([]) })
            .map(({ name, wrap, inner }) => ({ text: 'x', author: 'Ann', [name]: wrap(inner) }) as object),
          { maxLength: 3 },
        ),
    );
    const top = (rows: readonly object[]): object[] => rows.map((row) => ({ id: 'n', ...row }));
    /** A list that is not read counts what stands in it, not what is nested further. */
    const entries = (rows: readonly object[]): number =>
      rows.reduce((sum, row) => {
        const [key, held] = Object.entries(row).find(([key]) => !['id', 'text', 'author'].includes(key))!;
        const list: { node?: object }[] = held.edges ?? held.nodes ?? held;
        const inner = list.map((each) => each.node ?? each);
        const isRead = key !== 'reactions_of_readers' && key !== 'thread';
        return sum + 1 + (isRead ? entries(inner) : inner.length);
      }, 0);
    fc.assert(
      fc.property(
        tree(4).filter((rows) => rows.length > 0),
        (rows) => {
          const { comments, diagnostics } = parseThread(JSON.stringify(top(rows)), { format: 'json' });
          const lost = diagnostics.reduce((sum, each) => sum + each.lost, 0);
          expect(comments.length + lost).toBe(entries(rows));
        },
      ),
    );
  });
});

describe('lists under other names', () => {
  test.each([
    ['a list', JSON.stringify([{ id: 1, text: 'a', beneath: answers }])],
    ['lines', `{"id":1,"text":"a","beneath":${JSON.stringify(answers)}}\n{"id":4,"text":"d"}\n`],
  ])('are reported if they look like comments: %s', (_, source) => {
    expect(parseThread(source).diagnostics).toMatchObject([{ code: 'unread-list', lost: 2 }]);
  });

  const read = [{ id: 9, text: 'z' }];
  const byId = { k1: { text: 'b', author: 'Ann' }, k2: { text: 'c', author: 'Ben' } };
  test.each<[string, object, number]>([
    ['beside it', { comments: read, pinned: answers }, 2],
    ['beside it in a wrapper', { data: { comments: read, pinned: answers } }, 2],
    ['in GraphQL', { comments: { nodes: read }, pinned: { edges: answers.map((node) => ({ node })) } }, 2],
    ['by id', { comments: { k0: read[0] }, pinned: byId }, 2],
    ['of threads by id', { art1: { comments: read }, art2: { comments: answers } }, 2],
    ['of threads and comments by id', { art1: { comments: { k0: read[0] } }, art2: { comments: byId } }, 2],
    ['of an article', { title: 'T', comments: read, featured: answers }, 2],
    ['beside an article', { article: { title: 'T', comments: read }, page: { featured: answers } }, 2],
    ['of another article', { comments: read, related: [{ title: 'T', comments: answers }] }, 2],
    [
      'of a post in a wrapper',
      { data: { id: 1, text: 'Post', author: 'A', comments: read, pinned: answers } },
      2,
    ],
    ['of some at many places', { comments: read, users: [{ pinned: answers }, { pinned: answers }] }, 4],
    ['without a title', { comments: read, pinned: [{ id: 2, title: null, author: 'A', text: 'x' }] }, 1],
    ['of users', { comments: read, users: [{ id: 7, name: 'Anna', description: 'Writer' }] }, 0],
    [
      'of users and articles in JSON:API',
      {
        data: [{ type: 'comments', id: '1', attributes: { body: 'z' } }],
        included: [
          { type: 'users', id: '7', attributes: { name: 'Anna', description: 'Writer' } },
          { type: 'articles', id: '9', attributes: { title: 'T', body: 'Text' } },
        ],
      },
      0,
    ],
    [
      'of paragraphs and options, where comments have authors',
      {
        blocks: [{ id: 'b1', text: 'A paragraph' }],
        poll: { options: [{ id: 1, text: 'Yes' }] },
        comments: [{ id: 1, author: 'A', text: 'z' }],
      },
      0,
    ],
    ['of comments that are read', { comments: read, topComments: read }, 0],
    ['of one post', { comments: read, meta: { post: { id: 1, text: 'Post', author: 'A' } } }, 0],
    ['of articles', { comments: read, related: [{ id: 1, title: 'T', description: 'About it.' }] }, 0],
    [
      'of nothing else',
      { data: { comments: { nodes: read } }, tags: ['x'], user: { id: 1, name: 'Ann' } },
      0,
    ],
  ])('are reported beside the one that is read: %s', (_, value, lost) => {
    for (const source of [
      JSON.stringify(value),
      `${JSON.stringify(value)}\n`,
      JSON.stringify(value, null, 2),
    ]) {
      const { comments, diagnostics } = parseThread(source);
      expect(comments.map(({ text }) => text)).toEqual(['z']);
      expect(diagnostics.map((each) => [each.code, each.lost])).toEqual(
        lost === 0 ? [] : [['unread-list', lost]],
      );
    }
  });

  test.each([
    [{ mentions: [{ id: 1, name: 'Ann' }] }],
    [{ parts: [{ text: 'a' }] }],
    [{ kids: [2, 3] }],
    [{ replies: { count: 3 } }],
    [{ replies: { text: '3 replies', count: 3 } }],
  ])('%j is no list of comments', (more) => {
    const source = JSON.stringify([{ id: 1, text: 'a', ...more }]);
    expect(parseThread(source)).toMatchObject({ comments: [{ id: '1' }], diagnostics: [] });
  });
});

describe('what the comments are on is no comment', () => {
  const comments = [
    { id: 'c1', message: 'Hi', from: { name: 'Anna' } },
    { id: 'c2', message: 'Yo', from: { name: 'Ben' } },
  ];
  test.each<[string, object, string, string]>([
    ['a post', { id: '1_2', message: 'Our article', comments: { data: comments } }, '', 'Our article'],
    ['a text', { id: '1_2', author: 'Jane', body: 'Leaders …', comments }, '', 'Leaders …'],
    ['a subject', { id: '1_2', subject: 'Truce', content: 'Leaders …', comments }, 'Truce', 'Leaders …'],
  ])('%s', (_, value, title, text) => {
    for (const source of [
      JSON.stringify(value),
      `${JSON.stringify(value)}\n`,
      JSON.stringify(value, null, 2),
    ])
      expect(parseThreads(source)).toMatchObject([
        {
          format: 'json',
          id: '1_2',
          article: { title, text },
          comments: [
            { id: 'c1', parentId: null },
            { id: 'c2', parentId: null },
          ],
          diagnostics: [],
        },
      ]);
  });

  test('with a list of articles in GraphQL', () => {
    const nodes = [{ databaseId: 1, content: 'Top', replies: { nodes: [{ databaseId: 2, content: 'Re' }] } }];
    const source = JSON.stringify({ data: { post: { title: 'T', comments: { nodes } } } });
    expect(parseThread(source)).toMatchObject({
      article: { title: 'T' },
      comments: [{ text: 'Top' }, { text: 'Re', depth: 1 }],
    });
  });

  test('one of several lines, or an answer, is a comment with its answers', () => {
    const row = { id: 'a', text: 'x', author: 'Ann', comments: [{ id: 'b', text: 'y' }] };
    expect(parseThread(`${JSON.stringify(row)}\n{"id":"c","text":"z"}\n`).comments).toHaveLength(3);
    expect(parseThread(JSON.stringify({ ...row, parent_id: 'q' })).comments).toHaveLength(2);
  });
});

describe('flags', () => {
  test.each<[object, string | undefined]>([
    [{ hidden: true }, 'rejected'],
    [{ visible: false }, 'rejected'],
    [{ is_visible: '0' }, 'rejected'],
    [{ isPublished: false }, 'pending'],
    [{ hidden: false, visible: true, isPublished: 'yes' }, undefined],
    [{ visible: null }, undefined],
  ])('%j gives %s', (fields, status) => {
    const source = JSON.stringify([{ id: 1, text: 'a', ...fields }]);
    expect(parseThread(source).comments[0]!.status).toBe(status);
  });
});

test('Coral: a list of records is read in its order, in time in proportion to its length', () => {
  const seconds = (count: number) => {
    const source = JSON.stringify(
      Array.from({ length: count }, (_, id) => ({ id: `c${id}`, storyID: 's', status: 'NONE', body: 'x' })),
    );
    const start = process.cpuUsage();
    expect(parseThread(source, { format: 'coral' }).comments.at(-1)!.id).toBe(`c${count - 1}`);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
  seconds(1000);
  const [short, long] = [seconds(20_000), seconds(160_000)];
  expect(long).toBeLessThan(Math.max(1, 24 * short));
});
