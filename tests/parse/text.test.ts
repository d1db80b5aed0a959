import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseThread } from '../../src/parse/index';

const seed = readFileSync('seeds/000_ee73bf0fadc786d5.txt', 'utf8');
const lines = seed.split('\n');
const heading = lines.indexOf('11 Comments');
const article = lines.slice(0, heading);
const pairs = Array.from({ length: 11 }, (_, index): [string, string] => [
  lines[heading + 1 + index * 2]!,
  lines[heading + 2 + index * 2]!,
]);
const authors = pairs.map(([author]) => author);
const texts = pairs.map(([, text]) => text);
const body = (write: (author: string, text: string, index: number) => string, between = '\n') =>
  pairs.map(([author, text], index) => write(author, text, index)).join(between);
const page = (head: string, comments: string, after = '') =>
  `${article.join('\n')}\n${head}\n${comments}${after}`;
const plain = body((author, text) => `${author}\n${text}`);
const sentences = (text: string) => text.split(/(?<=\.) /);
const found = (source: string) => {
  const thread = parseThread(source);
  return {
    authors: thread.comments.map((comment) => comment.author?.name),
    texts: thread.comments.map((comment) => comment.text.replaceAll(/\n+/g, ' ')),
    title: thread.article?.title,
    end: thread.article?.text.endsWith(article.at(-1)!),
  };
};
const expected = { authors, texts, title: article[0], end: true };

describe('headings', () => {
  test.each([
    '11 comments',
    'Comments (11)',
    'Comments: 11',
    'COMMENTS',
    'Comments',
    '11 Responses to "Europe Pushes for Truce"',
    '11 thoughts on “Europe Pushes for Truce”',
    '11\nComments',
    'Comments\n11',
    '11 Comments\nSort by Best\nJoin the discussion…',
    'Leave a comment\n11 Comments\nLog in to reply',
    'Showing 11 of 11 comments',
    'Комментарии (11)',
    '11 Kommentare',
    '## 11 Comments',
    '11 Comments\nPlease keep comments civil. Abusive posts will be removed.',
  ])('%j opens the comments', (head) => {
    expect(found(page(head, plain))).toEqual(expected);
  });

  test('a count in the byline of the article does not open them', () => {
    const source = page('11 Comments', plain).replace('\n', '\nBy John Smith\n11 Comments\nShare\n');
    expect(found(source).authors).toEqual(authors);
  });

  test('a sentence about comments does not open them', () => {
    const source = `${article.slice(0, 3).join('\n')}\nThe post drew 11 comments in an hour.\n${article.slice(3).join('\n')}`;
    expect(parseThread(source).comments).toEqual([]);
    expect(parseThread(source).declaredCount).toBeUndefined();
  });
});

describe('layouts', () => {
  const layouts: Record<string, string> = {
    'carriage returns': seed.replaceAll('\n', '\r\n'),
    'byte-order mark': `\uFEFF${seed}`,
    'empty lines between comments': page(
      '11 Comments',
      body((author, text) => `${author}\n${text}`, '\n\n'),
    ),
    'empty lines everywhere': page(
      '\n11 Comments\n',
      body((author, text) => `${author}\n\n${text}`, '\n\n'),
    ),
    'several paragraphs': page(
      '11 Comments',
      body((author, text) => [author, ...sentences(text)].join('\n')),
    ),
    'several paragraphs, parted': page(
      '11 Comments',
      body((author, text) => `${author}\n${sentences(text).join('\n\n')}`, '\n\n'),
    ),
    'date and button': page(
      '11 Comments',
      body((author, text, index) => `${author}\n${index + 1} hours ago\n${text}\nReply`),
    ),
    'many buttons': page(
      '11 Comments',
      body(
        (author, text, index) =>
          `${author}\nMarch ${index + 1}, 2025 at 4:15 pm\n${text}\nLike\n${index}\nReply\nShare\nReport`,
      ),
    ),
    'date beside the name': page(
      '11 comments',
      body((author, text, index) => `${author} · ${index + 1}h\n${text}\nLike · Reply`),
    ),
    says: page(
      '11 comments',
      body((author, text, index) => `${author} says:\nMarch ${index + 1}, 2025 at 4:15 pm\n${text}\nReply`),
    ),
    'avatar and edited': page(
      '11 comments',
      body((author, text) => `${author}'s avatar\n${author}\n1 day ago\nEdited\n${text}\nReply`),
    ),
    'on one line': page(
      '11 comments',
      body((author, text) => `${author}: ${text}`),
    ),
    numbered: page(
      '11 comments',
      body((author, text, index) => `#${index + 1} ${author}\n${text}`),
    ),
  };
  test.each(Object.keys(layouts))('%s', (name) => {
    expect(found(layouts[name]!)).toEqual(expected);
  });

  test.each([
    ['digits', authors.map((_, index) => `Reader${1970 + index}`)],
    ['three words', authors.map((author) => `${author.split(' ')[0]} van Houten`)],
    ['small letters', authors.map((author) => author.toLowerCase())],
    ['handles', authors.map((author) => `@${author.replace(' ', '_')}`)],
    [
      'other scripts',
      'Иван Петров|Анна|たろう|王伟|Олег К.|محمد|Łukasz Żak|Σωκράτης|José María|Øyvind|Müller'.split('|'),
    ],
    [
      'common words',
      'A concerned citizen|The truth|not a bot|Just saying|European and proud|Guest|Anonymous|Moderator|John Q. Public|Dr. Strange|J. P. Morgan'.split(
        '|',
      ),
    ],
  ])('names of %s', (_, names) => {
    const source = page('11 Comments', names.map((name, index) => `${name}\n${texts[index]}`).join('\n'));
    expect(found(source)).toEqual({ ...expected, authors: names });
  });

  test('short comments, some like names', () => {
    const short = [
      'Agreed.',
      'Agreed',
      'So true',
      'Angela Merkel',
      'Putin',
      'Yes!',
      'No',
      'lol',
      'Exactly this',
      'Nonsense',
      '👍👍👍',
    ];
    const source = page('11 Comments', authors.map((name, index) => `${name}\n${short[index]}`).join('\n'));
    expect(found(source)).toEqual({ ...expected, texts: short });
  });

  test('what follows the comments is none', () => {
    const after =
      '\nRelated posts\nGazprom Neft Reaches Preliminary Agreement\nJohn Smith\nWhy Europe should pay more\nThis website uses cookies to improve your experience.\n© 2025 London News. All rights reserved.';
    expect(found(page('11 Comments', plain, after))).toEqual(expected);
    const { diagnostics } = parseThread(page('11 Comments', plain, after));
    expect(diagnostics.map((each) => each.code)).toEqual(['lines-after-comments']);
  });

  test('without a heading, on the marks of comments alone', () => {
    const comments = body((author, text, index) => `${author}\n${index + 1} hours ago\n${text}\nReply`);
    expect(found(`${article.join('\n')}\n${comments}`)).toEqual(expected);
  });

  test('indentation and "in reply to" give parents', () => {
    const { comments } = parseThread(
      '3 Comments\nAnna\nEurope must pay for it.\n    Boris\n    It does already.\nCarla\nIn reply to Anna\nNot alone, it will not.',
    );
    expect(comments.map(({ parentId, depth }) => [parentId, depth])).toEqual([
      [null, 0],
      ['1', 1],
      ['1', 1],
    ]);
  });
});

describe('counts', () => {
  test.each([10, 12, 25])('%i declared, eleven found, is said', (declared) => {
    const thread = parseThread(page(`${declared} comments`, plain));
    expect(thread.comments).toHaveLength(11);
    expect(thread.declaredCount).toBe(declared);
    expect(thread.diagnostics.map((each) => each.code)).toEqual(['count-mismatch']);
  });

  test('none', () => {
    const thread = parseThread(page('0 Comments', 'Be the first to comment'));
    expect(thread.comments).toEqual([]);
    expect(thread.declaredCount).toBe(0);
    expect(thread.diagnostics.map((each) => each.code)).toEqual(['interface-lines']);
  });
});

const name = fc.constantFrom(
  'Cerebro',
  'KittyKat99',
  'Noir Black',
  'anna_k',
  'José María',
  'Oleg K.',
  'Truth Seeker',
  'reader 12',
);
const sentence = fc
  .array(
    fc.constantFrom(
      ...'they should pay for it and nobody will help because europe waits too long again'.split(' '),
    ),
    {
      minLength: 5,
      maxLength: 25,
    },
  )
  .map((words) => `${words.join(' ').replace(/^./, (letter) => letter.toUpperCase())}.`);

test('any comments in the layout of the seed are found, and lines add up', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, sentence), { minLength: 3, maxLength: 30 }), (comments) => {
      const source = `${article.join('\n')}\n${comments.length} Comments\n${comments.flat().join('\n')}\n`;
      const thread = parseThread(source);
      expect(thread.comments.map((comment) => [comment.author?.name, comment.text])).toEqual(comments);
    }),
    { numRuns: 60 },
  );
});

test('an author line that names whom it answers gives author and parent', () => {
  const source =
    'Title of it all\nArticle text is here for you.\n3 Comments\nCerebro\n2 hours ago\nThey should pay for it.\nReply\nKaramba replied to Cerebro\n1 hour ago\nThey should not pay at all.\nReply\nAnna\n1 hour ago\nI see it so, too.\nReply\n';
  expect(parseThread(source).comments).toMatchObject([
    { author: { name: 'Cerebro' } },
    { author: { name: 'Karamba' }, parentId: '1' },
    { author: { name: 'Anna' }, parentId: null },
  ]);
});
