import { describe, expect, test } from 'vitest';
import { parseThread } from './parsing';

const article = `Council backs plan to close High Street to cars
The city council voted 7-4 on Tuesday night to close High Street to private cars on weekends, starting in June.
Supporters said the move would help cafes and shops, while opponents warned of traffic in side streets.`;
const comments: [string, string][] = [
  ['Ted', 'I doubt this will help anyone but the cafe owners.'],
  ['Lou Graham', 'You clearly do not live there at all.'],
  ['mary_r', 'It really was about time for this.'],
  ['Kim', 'Who is going to pay for it?'],
];
const write = (line: (name: string, text: string) => string) =>
  comments.map(([name, text]) => line(name, text)).join('\n');
const plain = write((name, text) => `${name}\n${text}`);
const dated = write((name, text) => `${name}\n2 hours ago\n${text}\nReply`);
const found = (source: string) =>
  parseThread(source).comments.map(({ author, text }) => [author?.name, text.replaceAll(/\s+/g, ' ')]);

describe('names', () => {
  test.each<[string, (name: string) => string]>([
    ['ellipsis', (name) => `${name} said...`],
    ['controls behind the date', (name) => `${name} 2 days ago | next [–]`],
    ['points before the date', (name) => `[–]${name} 145 points 2 days ago*`],
    ['a place before the date', (name) => `${name}, from London, 3 hours ago`],
    ['bold', (name) => `**${name}**`],
    ['bold, with a date', (name) => `**${name}** (3 hours ago):`],
    ['a heading', (name) => `### ${name}`],
    ['brackets', (name) => `[${name}]`],
    [
      'a picture described',
      (name) => `Comment posted by ${name}, at 10:22 3 Mar 2025\n${name}\n10:22 3 Mar 2025`,
    ],
  ])('%s', (_, line) => {
    expect(found(`${article}\n4 Comments\n${write((name, text) => `${line(name)}\n${text}`)}`)).toEqual(
      comments,
    );
  });

  test('points are likes', () => {
    const { comments: read } = parseThread(
      `1 Comment\nted 14 points 2 days ago\nI doubt this will help anyone.`,
    );
    expect(read).toMatchObject([{ author: { name: 'ted' }, likes: 14 }]);
  });

  test('a deleted author and text', () => {
    const { comments: read } = parseThread(
      `${article}\n1 Comment\n[–][deleted] 2 points 1 day ago\n[removed]`,
    );
    expect(read).toMatchObject([{ author: { name: '[deleted]' }, status: 'deleted' }]);
  });

  test('an account that no name stands above is the name', () => {
    const source =
      '3 Comments\nSort by\nPinned by Daily Post\n@dailypost\n3 days ago\nThanks for watching, folks.\n55\nReply\nDaily Post\n·\n3 replies\n@TedB\n2 days ago\nlol\n@sue2\n1 day ago\nI love this channel!\n2\nReply';
    expect(found(source).map(([name]) => name)).toEqual(['@dailypost', '@TedB', '@sue2']);
  });

  test('a date on the line of the text', () => {
    expect(
      found(`${article}\n\n## Comments\n\n${write((name, text) => `- **${name}** (2 days ago): ${text}`)}`),
    ).toEqual(comments);
  });
});

describe('headings', () => {
  test.each(["Readers' comments (4)", 'Discussion\n4 comments', 'Have your say\nComments (4)'])(
    '%j',
    (head) => {
      const source = `${article}\n${head}\n${plain}`;
      expect(found(source)).toEqual(comments);
      expect(parseThread(source).article?.text).toBe(article.split('\n').slice(1).join('\n\n'));
    },
  );

  test('none, where every name has a date', () => {
    expect(found(write((name, text) => `${name}\n3 hours ago\n${text}`))).toEqual(comments);
  });

  test('a section of the newspaper gives way to the count', () => {
    expect(found(`Home\nNews\nComment\nSport\n${article}\nShare\n4 comments\n${plain}`)).toEqual(comments);
  });

  test.each([
    'Sort by: Newest\nFilter\nAll comments',
    'Reader Picks\nNYT Picks\nAll',
    'Order by newest\nThreads expanded',
    'Search Comments\nExpand comment search',
  ])('%j stands before the first comment', (controls) => {
    expect(found(`${article}\n4 Comments\n${controls}\n${dated}`)).toEqual(comments);
  });
});

describe('pages without comments', () => {
  test.each([
    [
      'a form',
      `${article}\nLeave a Reply\nRequired fields are marked *\nComment *\nName *\nEmail *\nWebsite`,
    ],
    [
      'a count in the byline',
      "Grandma's apple cake\nBy Maria Holt\n12 Comments\nIngredients\n3 apples\n200 g flour\n2 eggs\nMethod\nPeel the apples and cut them into slices.\nBake for 40 minutes.\nServe warm with cream.",
    ],
    [
      'a large count in the byline',
      `Council backs plan\nBy Maria Holt\n3 hours ago\n143 comments\nShare\n${article}\nKey points\nTrial to last six months\nBuses are exempt\nWhat next?\nThe council will review the results.`,
    ],
    [
      'an opinion',
      `Comment\nMaria Holt\nClosing High Street is only a start\n${article}\nThat is not enough.`,
    ],
    [
      'a list of articles',
      'Latest news\nTraffic falls by a third\n3 hours ago\n12 comments\nMayor promises bus lanes\n5 hours ago\n3 comments\nHeavy rain to hit the north\n6 hours ago\n45 comments\nPolice name man killed\nYesterday\n0 comments',
    ],
    ['links to services', `${article}\nTags\nCouncil\nComments\nFacebook\nTwitter\nWhatsApp\nEmail`],
  ])('%s', (_, source) => {
    expect(found(source)).toEqual([]);
  });

  test('a page that shows a few of many comments has some', () => {
    const shown = comments.concat(
      comments.map(([name, text]) => [`${name} II`, text.replace('.', ', too.')]),
    );
    expect(found(`${article}\n25 comments\n${shown.flat().join('\n')}`)).toEqual(shown);
  });
});

describe('what follows the comments', () => {
  const footers = [
    'Previous\nTown centre traffic falls by a third\nNext\nMayor promises new bus lanes',
    'We value your privacy\nWe and our partners store information on a device.\nAccept all\nReject all',
    "Editor's note: comments on this story are closed.\nTopics: traffic, council",
    'Trending\n1\nHeavy rain to hit the north\n2\nPolice name man killed in crash',
  ];
  test.each(footers)('%j, where comments have dates', (footer) => {
    const source = `${article}\nComments\n${dated}\n${footer}`;
    expect(found(source)).toEqual(comments);
    expect(parseThread(source).diagnostics.map(({ code }) => code)).toContain('lines-after-comments');
  });
  test.each(footers.filter((footer) => !footer.startsWith('Editor')))(
    '%j, below as many comments as declared',
    (footer) => {
      expect(found(`${article}\n4 Comments\n${plain}\n${footer}`)).toEqual(comments);
    },
  );

  test('the last comment may lack the buttons of the others', () => {
    const source = `${article}\nComments\n${write((name, text) => `${name}\n${text}\nReply`)}`;
    expect(found(source.slice(0, -'\nReply'.length))).toEqual(comments);
  });
});

describe('texts', () => {
  test('a greeting and a list are part of the comment', () => {
    const source = `${article}\n\nComments (3)\n\nTed\n3 March 2025\n\nI doubt this will help.\n\nRegards,\nTed\n\nLou\n3 March 2025\n\nThree reasons:\n1. Noise\n2. Dirt\n3. Speed\n\nmary_r\n4 March 2025\n\nAbout time.`;
    expect(found(source)).toEqual([
      ['Ted', 'I doubt this will help. Regards, Ted'],
      ['Lou', 'Three reasons: 1. Noise 2. Dirt 3. Speed'],
      ['mary_r', 'About time.'],
    ]);
  });

  test('buttons behind a tab are not', () => {
    const source = `${article}\n4 Comments\n${write((name, text) => `${name}\t2h ago\n${text}\t3\tReply\tShare`)}`;
    expect(found(source)).toEqual(comments);
    const { comments: read } = parseThread(source);
    expect(read.map(({ span }) => source.slice(span!.start, span!.end))).toEqual(
      comments.map(([, text]) => text),
    );
  });
});

describe('markup', () => {
  const page = (body: string) => `<html><body><h1>Title</h1><p>Article.</p>${body}</body></html>`;
  test.each([
    [
      'Drupal',
      '<section class="comment-wrapper"><h2>Comments</h2><article class="comment"><p class="comment__submitted">Submitted by <span class="username">Ted</span></p><div class="content"><p>They pay.</p><ul class="links"><li class="comment-reply"><a>reply</a></li></ul></div></article><article class="comment"><span class="username">Lou</span><div class="content"><p>They do.</p></div></article></section>',
    ],
    [
      'badges and buttons',
      '<div class="comments"><div class="comment"><div class="comment-author"><span class="badge">Subscriber</span> <a class="name">Ted</a> <span class="date">3h</span></div><div class="comment-body"><p>They pay.</p><p><a class="reply">Reply</a> <a>Report</a></p></div></div><div class="comment"><div class="comment-author"><a>Lou</a> <span class="badge">Top fan</span></div><div class="comment-body">They do.</div></div></div>',
    ],
    [
      'Blogger',
      '<dl id="comments-block"><dt class="comment-author" id="c1">Ted said...</dt><dd class="comment-body"><p>They pay.</p></dd><dd class="comment-footer">March 3, 2025 10:15 AM</dd><dt class="comment-author" id="c2">Lou said...</dt><dd class="comment-body"><p>They do.</p></dd></dl>',
    ],
    [
      'a name in a header',
      '<article class="comment"><header><strong>Ted</strong> <time>3h</time></header><p>They pay.</p></article><article class="comment"><header><strong>Lou</strong></header><p>They do.</p></article>',
    ],
    [
      'cells of a table',
      '<h3>2 Comments</h3><table><tr><td><b>Ted</b><br>3 March 2025</td><td>They pay.</td></tr><tr><td><b>Lou</b><br>3 March 2025</td><td>They do.</td></tr></table>',
    ],
    [
      'test ids',
      '<div data-testid="comment"><b data-testid="comment-author">Ted</b><div data-testid="comment-text">They pay.</div></div><div data-testid="comment"><b data-testid="comment-author">Lou</b><div data-testid="comment-text">They do.</div></div>',
    ],
  ])('%s', (_, body) => {
    expect(found(page(body))).toEqual([
      ['Ted', 'They pay.'],
      ['Lou', 'They do.'],
    ]);
  });

  test('comments without names that read like buttons stay', () => {
    const body = ['Reply', 'No comment'].map(
      (text, index) => `<div class="comment" id="comment-${index}">${text}</div>`,
    );
    expect(found(page(body.join(''))).map(([, text]) => text)).toEqual(['Reply', 'No comment']);
  });

  test('what the visible text leaves out is said', () => {
    const source = page(
      `<h3>4 Comments</h3>${write((name, text) => `<p><b>${name}</b></p><p>2h</p><p>${text}</p>`)}`,
    );
    expect(parseThread(source).diagnostics.map(({ code }) => code)).toEqual(['interface-lines']);
  });
});
