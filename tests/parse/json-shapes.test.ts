import { describe, expect, test } from 'vitest';
import { detectFormat, parseStream, parseThreads } from '../../src/parse/index';
import type { Thread } from '../../src/types';
import { errorCode } from './parsing';

const lines = (...values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
const pretty = (value: unknown) => JSON.stringify(value, null, 2);
const lost = (threads: Thread[]) =>
  threads.flatMap((thread) => thread.diagnostics).reduce((sum, each) => sum + each.lost, 0);
const texts = (input: string | Uint8Array, format?: string) =>
  parseThreads(input, format === undefined ? {} : { format }).map(({ comments }) =>
    comments.map(({ text, parentId }) => (parentId === null ? text : `${parentId}>${text}`)),
  );

describe('answers nested in rows', () => {
  const first = { id: 1, text: 'a', replies: [{ id: 2, text: 'b', replies: [{ id: 3, text: 'c' }] }] };
  test.each([
    ['lines', lines(first, { id: 4, text: 'd', replies: [] }), ['a', '1>b', '2>c', 'd']],
    ['no answers first', lines({ id: 4, text: 'd', replies: [] }, first), ['d', 'a', '1>b', '2>c']],
    ['null first', lines({ id: 4, text: 'd', replies: null }, first), ['d', 'a', '1>b', '2>c']],
    ['one line', JSON.stringify(first), ['a', '1>b', '2>c']],
    ['one document', pretty(first), ['a', '1>b', '2>c']],
    ['one comment', pretty({ id: 1, text: 'a', author: 'x' }), ['a']],
    [
      'ids of answers',
      lines({ id: 1, text: 'a', replies: [2] }, { id: 2, text: 'b', parent: 1 }),
      ['a', '1>b'],
    ],
    ['no ids', lines({ text: 'a', replies: [{ text: 'b' }] }), ['a', '_1>b']],
  ])('%s', (_, input, expected) => {
    expect(texts(input)).toEqual([expected]);
    expect(lost(parseThreads(input))).toBe(0);
  });

  test('are read where the format is named, and where the comment has no text', () => {
    expect(texts(lines(first), 'jsonl')).toEqual([['a', '1>b', '2>c']]);
    const threads = parseThreads(lines({ id: 1, text: 'a' }, { id: 2, replies: [{ id: 3, text: 'c' }, 4] }));
    expect(threads[0]!.comments.map(({ text }) => text)).toEqual(['a', 'c']);
    expect(lost(threads)).toBe(2);
  });

  test('may nest as deep as they like', () => {
    const depth = 20_000;
    const line = `${Array.from({ length: depth }, (_, id) => `{"id":${id},"text":"x","replies":[`).join('')}${']}'.repeat(depth)}`;
    expect(parseThreads(`{"id":"a","text":"a"}\n${line}\n`)[0]!.comments).toHaveLength(depth + 1);
  });
});

describe('what platforms answer', () => {
  test.each([
    [
      'Discourse',
      {
        title: 'Truce',
        post_stream: {
          posts: [
            {
              id: 11,
              username: 'ann',
              cooked: '<p>The EU <b>must</b> act.</p>',
              post_number: 1,
              reply_to_post_number: null,
            },
            { id: 12, username: 'bob', cooked: '<p>No.</p>', post_number: 2, reply_to_post_number: 1 },
          ],
          stream: [11, 12],
        },
      },
      ['The EU must act.', '1>No.'],
    ],
    [
      "Discourse's latest posts, of several topics",
      {
        latest_posts: [
          {
            id: 16,
            username: 'ann',
            cooked: '<p>a</p>',
            post_number: 2,
            reply_to_post_number: 1,
            topic_id: 13,
          },
          {
            id: 15,
            username: 'bob',
            cooked: '<p>b</p>',
            post_number: 1,
            reply_to_post_number: null,
            topic_id: 7,
          },
          {
            id: 14,
            username: 'cy',
            cooked: '<p>c</p>',
            post_number: 1,
            reply_to_post_number: null,
            topic_id: 13,
          },
        ],
      },
      ['13/1>a', 'b', 'c'],
    ],
    [
      'Mastodon',
      {
        ancestors: [],
        descendants: [
          {
            id: '1',
            in_reply_to_id: null,
            content: '<p>Act.</p><p>Now.</p>',
            account: { acct: 'eva@x.social' },
          },
          { id: '2', in_reply_to_id: '1', content: '<p>It&#39;s late.</p>', account: { acct: 'max' } },
        ],
      },
      ['Act.\n\nNow.', "1>It's late."],
    ],
    [
      'Bluesky',
      {
        thread: {
          post: {
            cid: 'a',
            author: { did: 'did:plc:a', handle: 'a.social' },
            record: { text: 'Truce?' },
            likeCount: 3,
          },
          replies: [
            { post: { cid: 'b', author: { handle: 'b.social' }, record: { text: 'Yes.' } }, replies: [] },
          ],
        },
      },
      ['Truce?', 'a>Yes.'],
    ],
    [
      'JSON:API',
      {
        data: [
          { type: 'comments', id: '1', attributes: { body: 'a' }, relationships: { parent: { data: null } } },
          {
            type: 'comments',
            id: '2',
            attributes: { body: 'b' },
            relationships: { parent: { data: { id: '1' } } },
          },
        ],
      },
      ['a', '1>b'],
    ],
    [
      'Commento',
      {
        comments: [
          { commentHex: 'h1', markdown: 'a', html: '<p>a</p>', parentHex: 'root' },
          { commentHex: 'h2', markdown: 'b', html: '<p>b</p>', parentHex: 'h1' },
        ],
        commenters: [{ commenterHex: 'u1', name: 'Ann' }],
      },
      ['a', 'h1>b'],
    ],
  ])('%s', (_, value, expected) => {
    expect(texts(pretty(value))).toEqual([expected]);
    expect(lost(parseThreads(pretty(value)))).toBe(0);
  });

  test("the Guardian's readers, dates and recommendations are read", () => {
    const comment = {
      id: 7,
      body: '<p>First.<br>Second.</p>',
      date: '01 March 2025 10:00am',
      isoDateTime: '2025-03-01T10:00:00Z',
      userProfile: { userId: '5', displayName: 'Ann' },
      numRecommends: 3,
    };
    expect(parseThreads(pretty({ discussion: { comments: [comment] } }))[0]!.comments[0]).toMatchObject({
      text: 'First.\nSecond.',
      author: { id: '5', name: 'Ann' },
      createdAt: '2025-03-01T10:00:00Z',
      likes: 3,
    });
  });
});

describe('rows whose fields stand one object deeper', () => {
  const lemmy = {
    comments: [
      { comment: { id: 12, content: 'a', path: '0.12' }, creator: { id: 5, name: 'bob' } },
      {
        comment: { id: 57, content: 'b', path: '0.12.57', published: '2024-05-01T10:00:00Z', removed: true },
        creator: { id: 4, name: 'ann' },
        post: { id: 9, name: 'A post', body: 'not a comment' },
        counts: { comment_id: 57, score: 3 },
      },
    ],
  };

  test.each([
    ['Lemmy', pretty(lemmy), ['a', '12>b']],
    ['Lemmy, a line each', lines(...lemmy.comments), ['a', '12>b']],
    ['JSON:API', pretty({ data: [{ id: '1', type: 'comment', attributes: { body: 'a' } }] }), ['a']],
    ['Elasticsearch', pretty({ hits: { hits: [{ _id: 'x', _source: { text: 'a' } }] } }), ['a']],
    ['CouchDB', pretty({ total_rows: 1, rows: [{ id: 'x', doc: { _id: 'x', text: 'a' } }] }), ['a']],
    ['Label Studio', pretty([{ id: 1, data: { text: 'a' }, annotations: [{ id: 7, result: [] }] }]), ['a']],
    [
      'answers',
      pretty([{ data: { id: 1, text: 'a', replies: [{ data: { id: 2, text: 'b' } }] } }]),
      ['a', '1>b'],
    ],
    ['a text of its own', lines({ id: 3, text: 'a', data: { message: 'about it' } }), ['a']],
    ['a path of other ids', lines({ id: 3, text: 'a', path: '0.1.2' }), ['a']],
  ])('%s', (_, input, expected) => {
    const threads = parseThreads(input);
    expect(
      threads.map(({ comments }) =>
        comments.map(({ text, parentId }) => (parentId === null ? text : `${parentId}>${text}`)),
      ),
    ).toEqual([expected]);
    expect(lost(threads)).toBe(0);
  });

  test('keep their author, date and status', () => {
    const [, second] = parseThreads(pretty(lemmy))[0]!.comments;
    expect(second).toMatchObject({
      id: '57',
      author: { name: 'ann', id: '4' },
      createdAt: '2024-05-01T10:00:00Z',
      status: 'rejected',
    });
  });
});

test.each(['person', 'reader', 'participant', 'writer'])('a comment has its author under "%s"', (name) => {
  const threads = parseThreads(
    pretty({ items: [{ commentId: 'a1', [name]: { displayName: 'Jana K.' }, content: 'a' }] }),
  );
  expect(threads[0]!.comments[0]).toMatchObject({ id: 'a1', author: { name: 'Jana K.' } });
});

describe('what shows only after the sample', () => {
  const info = {
    id: 'v',
    title: 'T',
    formats: Array.from({ length: 1000 }, (_, id) => ({
      id,
      url: `https://example.org/${id}`,
      note: 'x'.repeat(60),
    })),
    description: 'About the video.',
    comments: [
      { id: 'c1', text: 'Nice', author: '@ann', parent: 'root' },
      { id: 'c2', text: 'No', author: '@bob', parent: 'c1' },
    ],
  };
  const child = (id: number) => ({
    author: `a${id}`,
    children: [],
    created_at: '2020-01-01T00:00:00.000Z',
    created_at_i: 1577836800,
    id,
    parent_id: 1,
    story_id: 1,
    text: `Comment ${id} ${'word '.repeat(60)}`,
    type: 'comment',
  });
  const story = (text: string | null) => ({
    author: 'pg',
    children: Array.from({ length: 300 }, (_, id) => child(id + 2)),
    created_at: '2020-01-01T00:00:00.000Z',
    created_at_i: 1577836800,
    id: 1,
    story_id: 1,
    text,
    title: 'T',
    type: 'story',
  });
  /** Marks of another format, after a long article. */
  const late = { note: 'x'.repeat(70_000), hits: [{ objectID: '1', comment_text: 'a' }], hitsPerPage: 20 };
  const inputs: [string, unknown, string, number][] = [
    ['a list', info, 'json', 2],
    ['a tree', story(null), 'hacker-news', 300],
    ['a tree with a text', story('Ask HN: what?'), 'hacker-news', 300],
    ['the marks of a format', late, 'hacker-news', 1],
  ];

  test.each(
    inputs.flatMap(([name, value, format, count]) => [
      [name, JSON.stringify(value), format, count] as const,
      [`${name}, a line`, `${JSON.stringify(value)}\n`, format, count] as const,
      [`${name}, printed`, pretty(value), format, count] as const,
    ]),
  )('%s', async (_, input, format, count) => {
    for (const each of [input, new TextEncoder().encode(input)]) {
      const threads = parseThreads(each);
      expect(threads.map((thread) => [thread.format, thread.comments.length])).toEqual([[format, count]]);
      expect(threads[0]!.comments.some((comment) => comment.orphan)).toBe(false);
    }
    const streamed = [];
    const source = (async function* () {
      yield new TextEncoder().encode(input);
    })();
    for await (const comment of parseStream(source)) streamed.push(comment);
    expect(streamed).toHaveLength(count);
  });

  test('JSON lines whose first line is longer stay lines', () => {
    const [thread] = parseThreads(lines({ id: 1, text: 'x'.repeat(70_000) }, { id: 2, text: 'b' }));
    expect([thread!.format, thread!.comments.length]).toEqual(['jsonl', 2]);
  });
});

describe('JSON is no prose', () => {
  const rows = [
    { id: '1', text: 'a' },
    { id: '2', text: 'b', parent_id: '1' },
  ];
  const byId = { c1: { text: 'a', author: 'x' }, c2: { id: 'c2', text: 'b', parent_id: 'c1' } };
  test.each([
    ['a list inside', { result: { comments: rows } }, ['a', '1>b']],
    ['a list under an unusual name', { ancestors: [], thread: { descendants: rows } }, ['a', '1>b']],
    ['rows by id', byId, ['a', 'c1>b']],
    ['a list of rows by id', { comments: byId }, ['a', 'c1>b']],
  ])('%s', (_, value, expected) => {
    expect(texts(pretty(value))).toEqual([expected]);
    expect(texts(JSON.stringify(value))).toEqual([expected]);
  });

  test.each([
    ['an error', { error: { code: 403, message: 'Disabled.', errors: [{ message: 'x' }] } }],
    ['an error with a message', { error: 'Not Found', message: 'No such page.' }],
    ['a list of unknown objects', { shop: { orders: [{ id: 1, colour: 'red' }], stream: [1] } }],
    ['numbers', [1, 2, 3]],
    ['nothing', {}],
  ])('%s is an error that helps', (_, value) => {
    for (const input of [pretty(value), JSON.stringify(value)]) {
      expect(errorCode(() => parseThreads(input))).toBe('input-malformed');
      expect(() => parseThreads(input)).toThrow(/columns/);
    }
  });

  test('prose may begin with a footnote or quote a line', () => {
    for (const input of [
      '[1] See the report.\n\nIt is long.',
      'Send this:\n{"id":1}\nand wait.\nThen read on.',
    ])
      expect(detectFormat(input).format).toBe('text');
  });

  test.each([
    ['values as jq prints them', rows.map((row) => `${pretty(row)}\n`).join(''), ['a', '1>b'], 0],
    ['a value that is cut', `${pretty(rows[0])}\n{\n  "id": "2",\n  "text": "b",\n  "li`, ['a', 'b'], 0],
    ['other text between', `${pretty(rows[0])}\n---\n"\n${pretty(rows[1])}`, ['a', '1>b'], 2],
    ['a note first', `# dump\n${lines(...rows)}`, ['a', '1>b'], 1],
    ['a bad line first', `{"id":"0","te\n${lines(...rows)}`, ['a', '1>b'], 1],
    [
      'a list with a row a line',
      `{"comments": [\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}`,
      ['a', '1>b'],
      0,
    ],
  ])('%s', (_, input, expected, count) => {
    expect(texts(input)).toEqual([expected]);
    expect(lost(parseThreads(input))).toBe(count);
  });
});

describe('several articles', () => {
  const articles = [
    {
      id: 'a1',
      title: 'One',
      comments: [
        { id: 1, text: 'x' },
        { id: 2, text: 'y', parent_id: 1 },
      ],
    },
    { id: 'a2', title: 'Two', comments: [{ id: 1, text: 'z' }] },
  ];
  const withBody = articles.map((article) => ({ ...article, body: 'The article.' }));
  const silent = [{ ...withBody[0]!, comments: [] }, withBody[1]!];
  test.each([
    ['lines', lines(...articles)],
    ['lines with texts', lines(...withBody)],
    ['a list', pretty(articles)],
    ['a list with texts', pretty(withBody)],
    ['a list in an object', pretty({ articles })],
  ])('%s', (_, input) => {
    const threads = parseThreads(input);
    expect(
      threads.map(({ id, article, comments }) => [id, article?.title, comments.map((each) => each.id)]),
    ).toEqual([
      ['a1', 'One', ['1', '2']],
      ['a2', 'Two', ['1']],
    ]);
    expect(threads.flatMap((thread) => thread.diagnostics)).toEqual([]);
  });

  test('the first may have no comments', () => {
    expect(texts(lines(...silent))).toEqual([[], ['z']]);
  });

  test('JSON-LD', () => {
    const article = (name: string, more: object) => ({
      '@context': 'https://schema.org',
      '@type': 'Article',
      headline: name,
      comment: [{ '@type': 'Comment', text: `on ${name}` }],
      ...more,
    });
    const both = [article('One', { '@id': 'a1' }), article('Two', { url: 'https://example.org/2' })];
    for (const input of [JSON.stringify(both), lines(...both)]) {
      expect(
        parseThreads(input).map(({ id, article, comments }) => [
          id,
          article?.title,
          comments.map((each) => each.text),
        ]),
      ).toEqual([
        [undefined, 'One', ['on One']],
        ['https://example.org/2', 'Two', ['on Two']],
      ]);
    }
    // Described twice, it is one.
    expect(texts(lines(both[0], both[0]))).toHaveLength(1);
  });
});

describe('JSON-LD: what stands under `comment` is a comment', () => {
  const posting = { '@type': 'SocialMediaPosting', author: 'A', text: 'hi' };
  const forum = (comment: object[]) =>
    pretty({ '@context': 'https://schema.org', '@type': 'DiscussionForumPosting', headline: 'T', comment });
  const reply = { '@type': 'Comment', '@id': 'c2', text: 'yes' };

  test.each<[string, object[], string[]]>([
    ['a posting', [posting], ['hi']],
    ['a review', [{ ...posting, '@type': 'Review' }], ['hi']],
    ['a posting with answers', [{ ...posting, '@id': 'c1', comment: [reply] }], ['hi', 'c1>yes']],
    [
      'what is mentioned again with its answers',
      [
        { '@type': 'Comment', '@id': 'c1', text: 'hi' },
        { '@type': 'Comment', '@id': 'c1', comment: [reply] },
      ],
      ['hi', 'c1>yes'],
    ],
  ])('%s', (_, comment, expected) => {
    expect(texts(forum(comment))).toEqual([expected]);
    expect(parseThreads(forum(comment))[0]!.article?.title).toBe('T');
  });
});

test('Hacker News: items are put to their story', () => {
  const items = [
    { by: 's', id: 1, kids: [2], time: 1577836800, title: 'T', type: 'story', descendants: 2 },
    { by: 'a', id: 2, parent: 1, text: 'A', time: 1577836801, type: 'comment' },
    { by: 'b', id: 3, parent: 2, text: 'B', time: 1577836802, type: 'comment' },
  ];
  const loop = { by: 'c', id: 4, parent: 4, text: 'C', time: 1, type: 'comment' };
  for (const input of [JSON.stringify(items), lines(...items), JSON.stringify(items.toReversed())]) {
    const threads = parseThreads(input);
    expect(threads.map(({ id, comments }) => [id, comments.map((each) => each.parentId).sort()])).toEqual([
      ['1', ['2', null]],
    ]);
    expect(threads[0]!.diagnostics).toEqual([]);
  }
  expect(parseThreads(lines(...items, loop))).toHaveLength(2);
});

describe('long numbers', () => {
  const rows =
    '{"id":1050118621198921728,"text":"a \\"1050118621198921729\\" \\\\"}\n{"id":1050118621198921729,"score":0.12345678901234567,"text":"b","parent":1050118621198921728}\n{"text":"c","id":1050118621198921730,"parent":1050118621198921729,"x":[-1050118621198921731,1e21,1577836800000]}\n';
  const expected = ['a "1050118621198921729" \\', '1050118621198921728>b', '1050118621198921729>c'];
  test.each([
    ['JSON lines', rows],
    ['a list', `[${rows.trim().replaceAll('\n', ',')}]`],
  ])('stay whole as ids in %s', (_, input) => {
    expect(texts(input)).toEqual([expected]);
  });
});
