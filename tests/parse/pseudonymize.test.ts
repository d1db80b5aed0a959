import { describe, expect, test } from 'vitest';
import { parseStream, parseThread } from '../../src/parse/index';

const options = { pseudonymize: { key: 'secret' } };
const row = (id: number, author: string, text: string) =>
  JSON.stringify({ id, author, author_id: `u-${author}`, text });
const textOf = (text: string) => parseThread(row(1, 'Anna', text), options).comments[0]!.text;

describe('pseudonyms', () => {
  const source = [
    row(1, 'Anna', 'One.'),
    row(2, 'Boris', '@Anna no. @Nobody yes.'),
    row(3, 'Anna', 'Three.'),
  ].join('\n');

  test('are stable for a key, another for another key, and show no name', () => {
    const thread = parseThread(source, options);
    const [first, second, third] = thread.comments.map((comment) => comment.author!);
    expect(first).toEqual(third);
    expect(first!.name).not.toBe(second!.name);
    expect(first!.name).toMatch(/^user-[0-9a-f]{12}$/);
    expect(JSON.stringify(thread)).not.toMatch(/Anna|Boris/);
    expect(thread.comments[1]!.text).toBe(`@${first!.name} no. @Nobody yes.`);
    expect(parseThread(source, { pseudonymize: { key: 'other' } }).comments[0]!.author).not.toEqual(first);
  });

  test('are the same in a stream', async () => {
    const streamed = [];
    for await (const { author } of parseStream(
      (async function* () {
        yield source;
      })(),
      options,
    ))
      streamed.push(author);
    expect(streamed).toEqual(parseThread(source, options).comments.map((comment) => comment.author));
  });

  test.each([
    ['Anna Kovács', '@Anna Kovács is wrong, @anna kova\u0301cs.', '@* is wrong, @*.'],
    ['Anna', '@anna no, and @ANNA’s friend', '@* no, and @*’s friend'],
    ["Pat O'Brien", "@Pat O'Brien's view", "@*'s view"],
    ['J. R. Smith', 'So says @J. R. Smith.', 'So says @*.'],
    ['@kit_ty', '@Kit_Ty yes', '@* yes'],
    ['★ Anna ★', '@Anna yes', '@* yes'],
    ['Anna', '@Anna-Lena and @Annabel', '@Anna-Lena and @Annabel'],
    ['CK', 'f@ck, @ck', 'f@ck, @*'],
  ])('stand for %j in %j', (author, text, expected) => {
    const [comment] = parseThread(row(1, author, text), options).comments;
    expect(comment!.text.replaceAll(comment!.author!.name, '*')).toBe(expected);
  });

  test('are those of the name as it is written, where names differ by case or go on', () => {
    const rows = [
      row(1, 'Anna', 'a'),
      row(2, 'anna', 'b'),
      row(3, 'Anna Kovács', '@anna @Anna @Anna Kovács'),
    ];
    const { comments } = parseThread(rows.join('\n'), options);
    const [upper, lower, long] = comments.map(({ author }) => `@${author!.name}`);
    expect(comments[2]!.text).toBe(`${lower} ${upper} ${long}`);
  });

  test('stand before the first comment of whom they name in a stream that is read whole, too', async () => {
    const rows = [row(1, 'Anna', '@Boris no.'), row(2, 'Boris', 'Two.')];
    const document = JSON.stringify(rows.map((each) => JSON.parse(each)));
    const texts = [];
    for await (const { text } of parseStream(
      (async function* () {
        yield document;
      })(),
      options,
    ))
      texts.push(text);
    expect(texts).toEqual(parseThread(document, options).comments.map(({ text }) => text));
    expect(texts[0]).toMatch(/^@user-/);
  });

  test('stand in what a stream that is read whole tells of its article, and in no diagnostic', async () => {
    const document = JSON.stringify({
      title: 'To @Anna Kovács',
      comments: [{ id: 1, author: 'Anna Kovács', text: 'z' }],
      others: { 'Anna Kovács': [{ id: 2, author: 'B', text: 'b' }] },
    });
    const told: unknown[] = [];
    const stream = parseStream(
      (async function* () {
        yield document;
      })(),
      {
        ...options,
        onThread: ({ article }) => told.push(article?.title),
        onDiagnostic: ({ code, message }) => told.push(code, message),
      },
    );
    for await (const _ of stream);
    expect(told[0]).toMatch(/^To @user-/);
    expect(told).toContain('unread-list');
    expect(told.join()).not.toContain('Kovács');
  });

  test('and redactions cover what a stream tells of a thread', async () => {
    const export_ =
      '<disqus xmlns:dsq="x"><thread dsq:id="1"><title>Write to a@b.example</title></thread></disqus>';
    const titles: unknown[] = [];
    const stream = parseStream(
      (async function* () {
        yield export_;
      })(),
      { ...options, onThread: ({ article }) => titles.push(article?.title) },
    );
    for await (const _ of stream);
    expect(titles).toEqual(['Write to [email]']);
  });

  test('leave no name in what is said about a page', () => {
    const page =
      'A title of this page\n2 Comments\nAnna\nOne is here now.\nBoris\nIn reply to Anna\nNo, it is not.\n';
    expect(JSON.stringify(parseThread(page, options))).not.toMatch(/Anna|Boris/);
  });
});

describe('redaction', () => {
  test.each([
    ['Write to anna.k+news@mail.example.org!', 'Write to [email]!'],
    ['anna [at] mail [dot] example', '[email]'],
    ['Call +44 20 7946 0958 now', 'Call [phone] now'],
    ['Call (555) 123-4567 or 555-123-4567', 'Call [phone] or [phone]'],
    ['Call 020 7946 0958', 'Call [phone]'],
    ['From 192.168.10.1 and 2001:db8::ff00:42:8329.', 'From [ip] and [ip].'],
  ])('%s', (text, expected) => {
    expect(textOf(text)).toBe(expected);
  });

  test.each([
    'In 2014-2022 it was 1 000 000 000 euros, 3.5% more than on 2025-03-02 at 16:15:00.',
    'Version 1.2.3, article 5, 30 000 troops, $1,600,000 and 50% of 28 nations.',
    'Resolution 2202 (2015), see @ 10:30 and C::D.',
  ])('leaves numbers alone: %s', (text) => {
    expect(textOf(text)).toBe(text);
  });

  test('is counted, and quotations stay where they are', () => {
    const { comments, diagnostics } = parseThread(
      row(1, 'Anna', '> mail me at a@b.example\n\nNo, call +44 20 7946 0958.'),
      options,
    );
    expect(comments[0]!.text).toBe('> mail me at [email]\n\nNo, call [phone].');
    const { start, end } = comments[0]!.quotes![0]!;
    expect(comments[0]!.text.slice(start, end)).toBe('> mail me at [email]');
    expect(diagnostics.at(-1)).toMatchObject({
      code: 'redacted',
      message:
        'replaced 1 names of authors; redacted 1 e-mail addresses, 1 telephone numbers, 0 IP addresses',
    });
  });
});
