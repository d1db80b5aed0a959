import { describe, expect, test } from 'vitest';
import { parseThread } from '../../src/parse/index';

const page = (body: string) => `<!doctype html><html><body>${body}</body></html>`;
const article = '<article><h1>Truce</h1><p>Leaders met in London.</p></article>';
const found = (body: string) =>
  parseThread(page(body)).comments.map(({ author, text, createdAt }) => [author?.name, text, createdAt]);
const codes = (body: string) => parseThread(page(body)).diagnostics.map(({ code }) => code);

describe('pages as sites write them', () => {
  const row = (id: number, indent: number, name: string, text: string) =>
    `<tr class="athing comtr" id="${id}"><td><table><tr><td class="ind" indent="${indent}"></td><td class="default"><div><span class="comhead"><a class="hnuser">${name}</a> <span class="age" title="2025-03-02T10:30:00 1740911400"><a>1 hour ago</a></span> <span class="navs"> | <a href="#4" class="clicky">next</a> <a class="togg clicky">[–]</a></span></span></div><br><div class="comment">${text}<div class="reply"><p><u><a>reply</a></u></div></div></td></tr></table></td></tr>`;

  test.each([
    ['with an element for the text', (text: string) => `<div class="commtext c00">${text}</div>`],
    ['without', (text: string) => text],
  ])('Hacker News %s: buttons beside the name are no text', (_, write) => {
    const rows = row(2, 0, 'anna', write('Good.<p>Really.')) + row(3, 1, 'ben', write('Bad.'));
    const { comments } = parseThread(page(`<table class="comment-tree">${rows}</table>`));
    expect(comments.map(({ id, parentId, author, text }) => [id, parentId, author?.name, text])).toEqual([
      ['2', null, 'anna', 'Good.\n\nReally.'],
      ['3', '2', 'ben', 'Bad.'],
    ]);
  });

  test('XenForo', () => {
    const post = (id: number, name: string, text: string) =>
      `<article class="message message--post js-post" data-author="${name}" id="js-post-${id}"><h4 class="message-name"><a class="username">${name}</a></h4><time class="u-dt" datetime="2025-03-02T10:00:00Z">Mar 2</time><article class="message-body"><div class="bbWrapper">${text}</div></article><aside class="message-signature"><div class="bbWrapper">Peace wins</div></aside></article>`;
    const { comments, article: read } = parseThread(
      page(`<h1>Truce talk</h1>${post(11, 'Anna', 'They should talk.')}${post(12, 'Ben', 'No way.')}`),
    );
    expect(comments).toMatchObject([
      { id: '11', author: { name: 'Anna' }, text: 'They should talk.', createdAt: '2025-03-02T10:00:00Z' },
      { id: '12', author: { name: 'Ben' }, text: 'No way.' },
    ]);
    expect(read).toEqual({ title: 'Truce talk', text: '' });
  });

  test('phpBB', () => {
    const post = (id: number, name: string, text: string) =>
      `<div id="p${id}" class="post has-profile bg2"><dl class="postprofile"><dt><a class="username">${name}</a></dt><dd>Member</dd></dl><div class="postbody"><h3><a>Truce talk</a></h3><p class="author">by <strong><a class="username">${name}</a></strong> » <time datetime="2025-03-02T10:00:00Z">Sun</time></p><div class="content">${text}</div><div class="signature">Peace wins</div></div></div>`;
    expect(found(post(101, 'Anna', 'They should talk.') + post(102, 'Ben', 'No way.'))).toEqual([
      ['Anna', 'They should talk.', '2025-03-02T10:00:00Z'],
      ['Ben', 'No way.', '2025-03-02T10:00:00Z'],
    ]);
  });

  const replies = ['They should talk.', 'No way.<blockquote>They should talk.</blockquote>Never.'];
  test.each([
    [
      'XenForo 1',
      (id: number, name: string, text: string) =>
        `<li id="${id === 101 ? '' : 'fc-'}post-${id}" class="message" data-author="${name}"><div class="messageUserInfo"><h3 class="userText"><a class="username">${name}</a><em class="userTitle">Member</em></h3></div><div class="messageInfo primaryContent"><div class="messageContent"><article><blockquote class="messageText SelectQuoteContainer ugc baseHtml">${text}<div class="messageTextEndMarker">&nbsp;</div></blockquote></article></div><div class="messageMeta"><span class="authorEnd"><a class="username author">${name}</a>,</span> <a class="datePermalink"><abbr class="DateTime" data-time="1740909600" title="Mar 2, 2025 at 10:00 AM">Mar 2, 2025</abbr></a></div></div></li>`,
    ],
    [
      'MyBB',
      (id: number, name: string, text: string) =>
        `<a name="pid${id}" id="pid${id}"></a><div class="post classic" id="post_${id}"><div class="post_author"><div class="author_information"><strong><span class="largetext"><a>${name}</a></span></strong><br><span class="smalltext">Senior Member</span></div><div class="author_statistics">Posts: 312<br>Joined: Jan 2020</div></div><div class="post_content"><div class="post_head"><span class="post_date">2025-03-02, 10:00 AM</span></div><div class="post_body scaleimages" id="pid_${id}">${text}</div><div class="signature">Peace wins</div></div><div class="post_controls"><a>Reply</a></div></div>`,
    ],
    [
      'vBulletin 4',
      (id: number, name: string, text: string) =>
        `<li class="postbitlegacy postbitim postcontainer old" id="post_${id}"><div class="posthead"><span class="postdate old"><span class="date">2025-03-02, <span class="time">10:00 AM</span></span></span><span class="nodecontrols"><a class="postcounter">#1</a></span></div><div class="postdetails"><div class="userinfo"><a class="username offline popupctrl"><strong>${name}</strong></a><span class="usertitle">Senior Member</span></div><div class="postbody"><div class="postrow"><h2 class="title icon">Truce talk</h2><div class="content"><div id="post_message_${id}"><blockquote class="postcontent restore">${text}</blockquote></div></div></div></div></div><div class="postfoot"><a class="newreply">Reply</a></div></li>`,
    ],
    [
      'Invision 4',
      (id: number, name: string, text: string) =>
        `<a id="comment-${id}"></a><article id="elComment_${id}" class="cPost ipsBox ipsComment ipsComment_parent ipsClearfix"><aside class="ipsComment_author cAuthorPane ipsColumn"><h3 class="ipsType_sectionHead cAuthorPane_author"><strong><a>${name}</a></strong></h3><ul class="cAuthorPane_info"><li data-role="group">Members</li><li>312 posts</li></ul></aside><div class="ipsColumn"><div id="comment-${id}_wrap" class="ipsComment_content ipsType_medium"><div class="ipsComment_meta"><a>Posted <time datetime="2025-03-02T10:00:00">March 2</time></a></div><div class="cPost_contentWrap"><div data-role="commentContent" class="ipsType_normal ipsType_richText ipsContained">${text}</div></div><div class="ipsItemControls"><a>Quote</a></div></div></div></article>`,
    ],
  ])('%s', (_, post) => {
    const body = `<h1>Truce talk</h1>${post(101, 'Anna', replies[0]!)}${post(102, 'Ben', replies[1]!)}`;
    const { comments, article: read, diagnostics } = parseThread(page(body));
    const createdAt = expect.stringMatching(/^2025-03-02T10:00:00Z?$/);
    expect(comments).toMatchObject([
      { id: '101', author: { name: 'Anna' }, text: 'They should talk.', createdAt },
      {
        id: '102',
        author: { name: 'Ben' },
        text: 'No way.\n\nThey should talk.\n\nNever.',
        quotes: [{ start: 9, end: 26 }],
      },
    ]);
    expect(comments).toHaveLength(2);
    expect(comments[0]).not.toHaveProperty('quotes');
    expect(read).toEqual({ title: 'Truce talk', text: '' });
    expect(diagnostics).toEqual([]);
  });

  test('old Reddit: the score is the one without a vote', () => {
    const body =
      '<div class="thing comment" data-fullname="t1_a" data-author="anna"><span class="score dislikes" title="4">4 points</span><span class="score unvoted" title="5">5 points</span><span class="score likes" title="6">6 points</span><div class="md">Hi.</div></div>';
    expect(parseThread(page(body)).comments).toMatchObject([{ id: 'a', likes: 5 }]);
  });

  test.each([
    ['<div class="comment-author">Anna on March 2, 2025 at 10:15 am</div>', '2025-03-02T10:15:00'],
    ['<p class="author">Anna am 02.03.2025 um 10:15 Uhr</p>', '2025-03-02T10:15:00'],
    ['<div class="comment-author">Anna <span>March 2, 2025</span></div>', '2025-03-02'],
    ['<b class="author">Anna</b><span class="datetime secondary-text">March 2, 2025</span>', '2025-03-02'],
  ])('name and date: %s', (head, date) => {
    expect(found(`<div class="comment">${head}<div class="comment-text">They pay.</div></div>`)).toEqual([
      ['Anna', 'They pay.', date],
    ]);
  });
});

describe('what only looks like a comment', () => {
  const signIn = '<div class="comment-box"><p>Sign in to join the conversation.</p></div>';

  test('a box for signing in is none, and is reported', () => {
    expect(found(article + signIn)).toEqual([]);
    expect(codes(article + signIn)).toEqual(['interface-lines']);
  });

  test('comments that are nothing but text are not alone', () => {
    const body = '<div class="comment"><p>They pay.</p></div><div class="comment"><p>They do.</p></div>';
    expect(found(article + body).map(([, text]) => text)).toEqual(['They pay.', 'They do.']);
  });

  test('a heading is no name', () => {
    const body = '<div class="comment-wrapper"><h3>Comments</h3><p>Be polite to each other.</p></div>';
    expect(found(article + body)).toEqual([]);
  });

  test('an opinion piece is an article', () => {
    const body =
      '<article class="article comment"><h1>Opinion: Truce</h1><p class="author">Jane Doe</p><p>Leaders met.</p></article>';
    const comment = '<div class="comment"><b class="author">Anna</b><p>They pay.</p></div>';
    expect(found(body)).toEqual([]);
    expect(parseThread(page(body)).article).toMatchObject({ title: 'Opinion: Truce' });
    expect(parseThread(page(body)).article!.text).toContain('Leaders met.');
    expect(found(body + comment)).toEqual([['Anna', 'They pay.', undefined]]);
  });

  test('a comment that holds the only h1 is one', () => {
    const body = ['<h1>No</h1>', '<p>They pay.</p>'].map(
      (text, index) => `<li class="comment" id="comment-${index}"><b class="author">Anna</b>${text}</li>`,
    );
    expect(found(`<ol>${body.join('')}</ol>`)).toHaveLength(2);
  });
});

describe('markup and JSON-LD', () => {
  const linked = (texts: readonly string[]) =>
    `<script type="application/ld+json">${JSON.stringify({
      '@context': 'https://schema.org',
      '@type': 'NewsArticle',
      comment: texts.map((text) => ({ '@type': 'Comment', text, author: { name: 'Anna' } })),
    })}</script>`;
  const card = (text: string) => `<div class="comment-card"><b class="author">Ben</b><p>${text}</p></div>`;

  test.each([
    ['the side with more is read', linked(['One.', 'Two.']), card('Two.'), ['One.', 'Two.'], []],
    ['markup where both are alike', linked(['One.']), card('One.'), ['One.'], []],
    ['what is left out is counted', linked(['One.', 'Two.']), card('Three.'), ['One.', 'Two.'], [1]],
    ['of JSON-LD, too', linked(['Three.']), card('One.') + card('Two.'), ['One.', 'Two.'], [1]],
  ])('%s', (_, script, cards, texts, lost) => {
    const { comments, diagnostics } = parseThread(page(script + article + cards));
    expect(comments.map(({ text }) => text)).toEqual(texts);
    expect(diagnostics.filter(({ code }) => code === 'second-source').map((each) => each.lost)).toEqual(lost);
  });
});

describe('the article', () => {
  test('is none of several side by side', () => {
    const body =
      '<main><article><p>First of all.</p></article><article><p>Second to it.</p></article></main>';
    expect(parseThread(page(body)).article!.text).toBe('First of all.\n\nSecond to it.');
  });

  test('has no count from beside the page', () => {
    const comment = '<div class="comment"><b class="author">Anna</b><p>They pay.</p></div>';
    const aside = '<aside><h3>12 comments</h3><p>Elsewhere</p></aside>';
    const around = `<aside class="comments"><h3>1 comment</h3>${comment}</aside>`;
    expect(parseThread(page(article + aside + comment)).declaredCount).toBeUndefined();
    expect(parseThread(page(article + aside + around)).declaredCount).toBe(1);
  });
});
