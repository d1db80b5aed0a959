import { describe, expect, test } from 'vitest';
import { detectFormat, type ParseOptions, parseStream, parseThread } from '../../src/parse/index';
import { errorCode } from './parsing';

const comments = (input: unknown, options: ParseOptions = {}) =>
  parseThread(typeof input === 'string' ? input : JSON.stringify(input), options).comments;
/** The one comment of a row with a text. */
const row = (fields: object, options: ParseOptions = {}) =>
  comments(`${JSON.stringify({ text: 'Hi', ...fields })}\n`, { format: 'jsonl', ...options })[0]!;
const texts = (input: unknown, options?: ParseOptions) => comments(input, options).map(({ text }) => text);
async function* pieces(text: string) {
  yield* text;
}
const codes = (input: string, options?: ParseOptions) =>
  parseThread(input, options).diagnostics.map(({ code }) => code);

describe('HTML in rows', () => {
  test.each([
    ['tags', '<p>One.</p>\n<p>Two &amp; three.</p>', 'One.\n\nTwo & three.'],
    ['line ends', 'One.<br/>Two.<br />Three.', 'One.\nTwo.\nThree.'],
    ['references alone', 'It&#39;s &quot;fine&quot;.\nReally.', 'It\'s "fine".\nReally.'],
    ['rarer names', 'Caf&eacute; <small>&copy;</small> &oelig;', 'Café © œ'],
    ['a link', 'See <a href="https://x.org">this</a>.', 'See this.'],
    ['less and greater', 'a <b and c> d, 1<2 & 3>2, AT&T; <3', 'a <b and c> d, 1<2 & 3>2, AT&T; <3'],
    ['an arrow and a name', '<- him, not <him> & R&D', '<- him, not <him> & R&D'],
    ['lines and spaces', '  a\n\n\n\nb  ', '  a\n\n\n\nb  '],
  ])('%s', (_, written, expected) => {
    expect(row({ text: written }).text).toBe(expected);
    expect(texts([{ id: 1, text: written }])).toEqual([expected]);
    expect(texts(`id,text\n1,"${written.replaceAll('"', '""')}"\n`)).toEqual([expected]);
  });

  test('is text where `moderato label` has written it', () => {
    const text = 'Write &lt;br&gt; or <br>.';
    expect(row({ status: 'labelled', text }).text).toBe(text);
  });
});

describe('names of rows', () => {
  test.each<[object, object]>([
    [{ from: 'Ann', from_id: 'user1' }, { author: { name: 'Ann', id: 'user1' } }],
    [{ account: { id: '1', username: 'ann', display_name: 'Ann' } }, { author: { name: 'Ann', id: '1' } }],
    [{ owner: { user_id: 1, display_name: 'Ann' } }, { author: { name: 'Ann', id: '1' } }],
    [
      { autor: 'Ann', datum: '2020-01-02' },
      { author: { name: 'Ann' }, createdAt: '2020-01-02' },
    ],
    [{ author: 'Ann', from: 'shop' }, { author: { name: 'Ann' } }],
    [{ votes: '12' }, { likes: 12 }],
    [
      { uniqueId: 'ann', diggCount: 4, createTime: 1577836800 },
      { author: { name: 'ann' }, likes: 4, createdAt: '2020-01-01T00:00:00Z' },
    ],
    [
      { profileName: 'Ann', profileId: '5', likesCount: '4' },
      { author: { name: 'Ann', id: '5' }, likes: 4 },
    ],
    [{ userDisplayName: 'Ann', userID: '7.0' }, { author: { name: 'Ann', id: '7' } }],
    [
      { comment_author: 'Ann', timestamp: '', post_time: '2020-01-02', TotalVotes: -1 },
      { author: { name: 'Ann' }, createdAt: '2020-01-02', likes: -1 },
    ],
    [{ counts: { comment_id: 1, score: 3 } }, { likes: 3 }],
    [
      { id: 2, relationships: { parent: { data: { type: 'comments', id: '1' } } } },
      { id: '2', parentId: '1' },
    ],
    [{ favouritesCount: 2 }, { likes: 2 }],
    [
      { favorite_count: 3, created_time: '2020-01-01T10:00:00+0000' },
      { likes: 3, createdAt: '2020-01-01T10:00:00+00:00' },
    ],
    [{ creation_date: 1577836800 }, { createdAt: '2020-01-01T00:00:00Z' }],
    [{ time: '2 years ago', time_parsed: 1650000000.5 }, { createdAt: '2022-04-15T05:20:00.500Z' }],
    [{ author: { node: { name: 'Ann' } } }, { author: { name: 'Ann' } }],
    [{ likes: '1,234' }, { likes: 1234 }],
    [{ likes: '12,345,678' }, { likes: 12345678 }],
    [{ id: 1050118621198921700, id_str: '1050118621198921729' }, { id: '1050118621198921729' }],
    [{ text: '', body: 'x' }, { text: '' }],
    [{ text: ['Hi ', { type: 'bold', text: 'you' }, '!'] }, { text: 'Hi you!' }],
    [{ text: undefined, raw_message: 'Hi you', message: '<p>Hi <b>you</b></p>' }, { text: 'Hi you' }],
    [
      { text: undefined, content: { rendered: '<p>Nice &amp; good</p><blockquote>No.</blockquote>\n' } },
      { text: 'Nice & good\n\nNo.', quotes: [{ start: 13, end: 16 }] },
    ],
  ])('%j', (fields, expected) => {
    expect(row(fields)).toMatchObject(expected);
  });

  test.each(['1,23', '1234,567', '1.2K', '1.234', ',123'])('%s is no count', (likes) => {
    expect(row({ likes })).not.toHaveProperty('likes');
  });

  test('a list of comments is no text in pieces', () => {
    const list = [{ type: 'comment', id: 1, text: 'a' }];
    expect(errorCode(() => row({ text: list }))).toBe('input-malformed');
  });

  test.each([
    ['comment_parent_id', 'b'],
    ['in_reply_to_status_id', 'b'],
    ['in_reply_to_status_id_str', 'b'],
    ['reply_to_message_id', 'b'],
    ['parent_comment_id_str', 'b'],
    ['parent_id', 't1_b'],
  ])('%s names the parent', (name, parent) => {
    const [, reply] = comments([
      { id: 'b', text: 'x' },
      { id: 'c', text: 'y', [name]: parent },
    ]);
    expect(reply).toMatchObject({ parentId: 'b', depth: 1 });
  });

  test('replies on YouTube are called after their parents', () => {
    const [first, second] = comments('{"cid":"Ugx","text":"a"}\n{"cid":"Ugx.abc","text":"b"}\n');
    expect([first!.parentId, second!.parentId]).toEqual([null, 'Ugx']);
    expect(row({ id: 'Ugx.abc' }).parentId).toBeNull();
  });
});

describe('flags of rows', () => {
  test.each<[object, string | undefined]>([
    [{ deleted: true }, 'deleted'],
    [{ isDeleted: 'True' }, 'deleted'],
    [{ is_deleted: 1 }, 'deleted'],
    [{ isSpam: true, isApproved: false }, 'spam'],
    [{ is_spam: '1' }, 'spam'],
    [{ isHidden: 'yes' }, 'rejected'],
    [{ dead: 'true', status: 'approved' }, 'rejected'],
    [{ isApproved: false }, 'pending'],
    [{ deleted: false, dead: '', is_spam: 0, isHidden: 'no' }, undefined],
    [{ deleted: '0', status: 'approved' }, 'approved'],
    [{ deleted: 'the word was cut' }, undefined],
  ])('%j gives %s', (fields, status) => {
    expect(row(fields).status).toBe(status);
  });

  test('a column that the caller names decides alone', () => {
    expect(row({ deleted: true, seen: 'approved' }, { columns: { status: 'seen' } }).status).toBe('approved');
  });

  test('tables too', () => {
    const source = 'text,dead,by,id,parent,deleted\nfine,,a,2,1,\nbad,true,z,3,2,\n,,,4,2,true\n';
    expect(comments(source).map(({ status }) => status)).toEqual([undefined, 'rejected', 'deleted']);
  });
});

describe('dates of rows', () => {
  test.each([
    ['Wed Oct 10 20:19:24 +0000 2018', '2018-10-10T20:19:24Z'],
    ['Wed Oct 10 20:19:24 +0530 2018', '2018-10-10T20:19:24+05:30'],
    ['October 10, 2018 8:19 PM -0500', '2018-10-11T01:19:00Z'],
    ['10 Oct, 20:19 - 2018', '2018-10-10T20:19:00'],
    ['10 Oct, 20:19 -2018', '2018-10-10T20:19:00'],
  ])('%s', (date, expected) => {
    expect(row({ date }).createdAt).toBe(expected);
  });
});

describe('tables', () => {
  const long = 'What do you think about the proposed new law on migration within the European Union?';
  const survey = `Timestamp,"${long}"\n2020-01-01,"I like it, a lot"\n2020-01-02,No\n`;

  test('a column with a long name is found by it', () => {
    expect(texts(survey, { columns: { text: long } })).toEqual(['I like it, a lot', 'No']);
    expect(errorCode(() => parseThread(survey, { columns: { text: 'Answer' } }))).toBe('input-malformed');
  });

  test.each([
    ['one column', 'text\nHello, there\n"a\n""b"""\nBye\n', ['Hello, there', 'a\n"b"', 'Bye']],
    [
      'line ends of old spreadsheets',
      'id,author,text\r1,Ann,Hello there\r2,Bob,"a\rb"\r',
      ['Hello there', 'a\nb'],
    ],
    ['a line break in a name', '"id","my\nauthor","text"\n1,Ann,Hello\n2,Bob,Bye\n', ['Hello', 'Bye']],
    ['delimiters in names', 'id;"a, b, c, d";text\n1;;Hello\n', ['Hello']],
    [
      'a name that occurs twice',
      'id,text,text,author\n1,,Hello,Ann\n2,x,Bye,Bob\n3,,,Eve\n',
      ['Hello', 'x', ''],
    ],
  ])('%s', async (_, source, expected) => {
    expect(detectFormat(source).format).toBe('csv');
    expect(texts(source)).toEqual(expected);
    expect(codes(source)).toEqual([]);
    const streamed: string[] = [];
    for await (const { text } of parseStream(pieces(source), { format: 'csv' })) streamed.push(text);
    expect(streamed).toEqual(expected);
  });

  test('names that nobody knows are an error, not an article', () => {
    const source = '"id","author","text\n(required)"\n1,Ann,Hello there\n2,Bob,Bye\n';
    expect(() => parseThread(source)).toThrow(/no column holds the text/);
    expect(texts(source, { columns: { text: 'text (required)' } })).toEqual(['Hello there', 'Bye']);
  });

  test.each([
    'Comment\n\nAnn\n2 days ago\nWell said.\n',
    'Comment, analysis and opinion\nby Ann, Bob and Eve\n',
    '"No," he said, "not now"\nand left.\n',
  ])('prose is no table: %j', (source) => {
    expect(detectFormat(source).format).toBe('text');
  });
});

describe('Coral and others of its shape', () => {
  test('nodes without a body are not of Coral', () => {
    const source = JSON.stringify({ data: { comments: { nodes: [{ id: '1', content: '<p>Hello</p>' }] } } });
    expect(detectFormat(source).format).not.toBe('coral');
    const nodes = [
      { id: '1', content: 'x' },
      { id: '2', body: null },
      { id: '3', body: 'Hi' },
    ];
    const thread = parseThread(JSON.stringify({ comments: { nodes } }), { format: 'coral' });
    expect(thread.comments.map(({ text, status }) => [text, status])).toEqual([
      ['', 'deleted'],
      ['Hi', undefined],
    ]);
    expect(thread.diagnostics).toMatchObject([{ code: 'no-text', lost: 1, place: { id: '1' } }]);
  });

  test.each(['body', 'revision'])('nodes with %s are', (key) => {
    const source = JSON.stringify({ data: { comments: { nodes: [{ id: '1', [key]: null }] } } });
    expect(detectFormat(source).format).toBe('coral');
  });
});

describe('Reddit outside of listings', () => {
  const rows = [
    { id: 'h1', author: 'ann', body: 'top', link_id: 't3_p', parent_id: 't3_p' },
    { id: 'h2', author: 'bob', body: 're &amp; x', link_id: 't3_p', parent_id: 't1_h1' },
  ];
  const shapeOf = (input: unknown) =>
    comments(input).map(({ id, parentId, depth, orphan }) => [id, parentId, depth, orphan]);
  const expected = [
    ['h1', null, 0, undefined],
    ['h2', 'h1', 1, undefined],
  ];

  test.each([
    ['an archive', { data: rows, metadata: {} }],
    ['a table', 'id,author,body,link_id,parent_id\nh1,ann,top,t3_p,t3_p\nh2,bob,"re, x",t3_p,t1_h1\n'],
    [
      'renamed keys',
      rows.map((each) => ({
        comment_id: each.id,
        comment_body: each.body,
        comment_parent_id: each.parent_id,
      })),
    ],
    [
      'numbers for parents',
      [
        { ...rows[0], parent_id: null },
        { ...rows[1], parent_id: Number.parseInt('h1', 36) },
      ],
    ],
  ])('%s', (_, input) => {
    expect(shapeOf(input)).toEqual(expected);
  });

  test('an archive is read as Reddit writes it, and what is no comment is reported', () => {
    const thread = parseThread(JSON.stringify({ data: [...rows, { id: 'h3' }, null] }));
    expect(thread.comments[1]!.text).toBe('re & x');
    expect(thread.diagnostics.map(({ code, lost }) => [code, lost])).toEqual([
      ['malformed-record', 1],
      ['malformed-record', 1],
    ]);
  });

  test('ids with their kinds keep parents with theirs', () => {
    const [, reply] = comments('id,text,parent_id\nt1_a,x,t3_p\nt1_b,y,t1_a\n');
    expect(reply).toMatchObject({ parentId: 't1_a', depth: 1 });
  });
});
