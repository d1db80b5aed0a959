import { describe, expect, test } from 'vitest';
import { parseThread } from '../../src/parse/index';

const page = (body: string) =>
  `<!doctype html><html><head><title>Site</title></head><body><h1>The Title</h1><p>Article text here.</p>${body}</body></html>`;
const outline = (body: string) =>
  parseThread(page(body)).comments.map(({ id, parentId, author, text }) => [
    id,
    parentId,
    author?.name,
    text,
  ]);

describe('comment markup', () => {
  test.each([
    [
      'classic WordPress',
      `<h3 id="comments">2 Responses</h3><ol class="commentlist"><li class="comment even" id="comment-1"><div id="div-comment-1" class="comment-body"><div class="comment-author vcard"><cite class="fn">Anna</cite> <span class="says">says:</span></div><div class="comment-meta commentmetadata"><a href="#comment-1">March 2, 2025 at 4:15 pm</a></div><p>First.</p><p>Second.</p><div class="reply"><a href="#">Reply</a></div></div><ul class="children"><li class="comment odd" id="comment-2"><div id="div-comment-2" class="comment-body"><div class="comment-author vcard"><cite class="fn">Boris</cite> <span class="says">says:</span></div><p>Answer.</p></div></li></ul></li></ol>`,
    ],
    [
      'Disqus',
      `<ul class="post-list"><li class="post" id="post-1"><div class="post-content"><header><span class="author publisher-anchor-color"><a href="x">Anna</a></span><a class="time-ago" title="Sunday, March 2, 2025 4:15 PM">3 months ago</a></header><div class="post-message"><p>First.</p><p>Second.</p></div><footer><a class="vote-up">4</a></footer></div><ul class="children"><li class="post" id="post-2"><span class="author">Boris</span><div class="post-message"><p>Answer.</p></div></li></ul></li></ul>`,
    ],
    [
      'nested blocks',
      `<div class="comment" id="comment-1"><span class="author">Anna</span><div class="comment-body"><p>First.</p><p>Second.</p></div><a class="reply">Reply</a><div class="replies"><div class="comment" id="comment-2"><span class="author">Boris</span><div class="comment-body">Answer.</div></div></div></div>`,
    ],
    [
      'flat blocks that name parents',
      `<div data-comment-id="1"><span class="username">Anna</span><div class="text"><p>First.</p><p>Second.</p></div></div><div data-comment-id="2" data-parent-id="1"><span class="username">Boris</span><p class="text">Answer.</p></div>`,
    ],
    [
      'rows with indentation',
      `<table><tr class="athing comtr" id="1"><td><table><tr><td class="ind" indent="0"></td><td><a class="hnuser">Anna</a><div class="comment"><div class="commtext">First.<p>Second.</div></div></td></tr></table></td></tr><tr class="athing comtr" id="2"><td><table><tr><td class="ind" indent="1"></td><td><a class="hnuser">Boris</a><div class="comment"><div class="commtext">Answer.</div></div></td></tr></table></td></tr></table>`,
    ],
  ])('%s', (_, body) => {
    expect(outline(body)).toEqual([
      ['1', null, 'Anna', 'First.\n\nSecond.'],
      ['2', '1', 'Boris', 'Answer.'],
    ]);
  });

  test.each([
    [
      'headings and bold names',
      '<h3>2 Comments</h3><p><b>Anna</b></p><p>They should pay for it.</p><p><b>Boris</b></p><p>They should not, I think.</p>',
    ],
    [
      'a list of terms',
      '<dl class="comments"><dt>Anna</dt><dd>They should pay for it.</dd><dt>Boris</dt><dd>They should not, I think.</dd></dl>',
    ],
  ])('pages without any: %s', (_, body) => {
    expect(outline(body).map(([, , author, text]) => [author, text])).toEqual([
      ['Anna', 'They should pay for it.'],
      ['Boris', 'They should not, I think.'],
    ]);
    expect(parseThread(page(body)).article).toMatchObject({ title: 'The Title', text: 'Article text here.' });
  });

  test('JSON-LD where the markup shows no comments', () => {
    const script =
      '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","commentCount":1,"comment":[{"@type":"Comment","text":"Good.","author":{"name":"Anna"}}]}</script>';
    expect(outline(script).map(([, , author, text]) => [author, text])).toEqual([['Anna', 'Good.']]);
  });

  test('pingbacks are kept as such, forms and related posts are no comments', () => {
    const body =
      '<div id="comments"><h2>1 Comment</h2><ol><li class="pingback" id="comment-3"><div class="comment-body">Pingback: <a href="x">Other blog</a></div></li></ol><div id="respond" class="comment-respond"><h3>Leave a Reply</h3><form class="comment-form"><textarea></textarea></form></div></div><div class="related-posts"><h3>Related posts</h3><p>Another article</p></div>';
    expect(parseThread(page(body)).comments).toMatchObject([
      { id: '3', text: 'Pingback: Other blog', status: 'pingback' },
    ]);
  });

  test('a page without comments is an article', () => {
    const { article, comments, declaredCount } = parseThread(
      page('<div id="comments"><h2>No comments yet</h2></div>'),
    );
    expect(article).toMatchObject({ title: 'The Title', text: 'Article text here.' });
    expect(comments).toEqual([]);
    expect(declaredCount).toBe(0);
  });
});
