import type { PlainText } from '../reading/markup';
import { readHeading } from '../text/headings';
import { nameLikeness, readInterface } from '../text/shapes';
import { attribute, classesOf, type HtmlElement, isElement, textOf, walk } from './tree';

const ranks = (names: string): ReadonlyMap<string, number> => {
  const list = names.split(/\s+/);
  return new Map(list.map((name, index) => [name, list.length - index]));
};
const bodyRank =
  ranks(`comment-content comment-text comment__content comment__body comment__text post-message comment-message
  comment_text commenttext commtext comment-body-text comment-bodytext usertext-body comment-copy comment-description
  comment_content comment_body comment-body__content bbwrapper messagetext postcontent post_body ipstype_richtext c-comment__body comment-html user-comment-text review-text commentcontent
  commentbody reply-content reply-text comment-body message body content text md description`);
const authorRank =
  ranks(`fn comment-author-name comment__author-name comment-author__name author-name comment__author
  comment-author comment_author commentauthor commenter commenter-name comment-username comment__username comment-user user-name
  username username-coloured hnuser publisher-anchor-color display-name screen-name nickname cauthorpane_author largetext poster author user name comment-name comment__name byline`);
const looseDateClass = /(?:^|[-_])(?:meta|metadata)(?:$|[-_])|^commentmetadata$/;
const looseAuthor =
  /(?:^|[-_])(?:author|user-?name|nick(?:name)?|display-?name|poster|commenter)(?:[-_]+(?:name|link))?$/;
const looseBody = /(?:^|[-_])(?:content|text|body|message)$/;
const dateClass = /(?:^|[-_])(?:date|time|datetime|timestamp|timeago|age|ago|published|permalink)(?:$|[-_])/;
const likeClass =
  /^(?:like-?count|likes?|upvotes?|up-?votes?|vote-?count|votes-?up|score|points|likes-count|comment-likes?|comment__likes?|reaction-count|recommend-count|thumbs-up-count)$/;
const metaClass =
  /^commentmetadata$|(?:^|[-_])(?:meta|metadata|author|vcard|actions?|reply|replies|buttons?|btn|tools?|toolbar|controls?|share|sharing|likes?|votes?|avatar|gravatar|menu|badges?|footer|header|moderation|permalink|edit-link|form|respond|says|date|time|datetime|timestamp|ago|byline|report|flag|visually-hidden|screen-reader-text|sr-only)(?:$|[-_])/;
/** What stands beside the name in an element for the author. */
export const besideName =
  /(?:^|[-_])(?:says|badges?|flair|role|rank|level|date|time|datetime|timestamp|timeago|ago|permalink)(?:$|[-_])/;
const contentClass = /content|text|body|message/;
const metaTags = new Set(
  'time button form nav footer header svg script style input textarea select'.split(' '),
);

export interface Parts {
  body?: HtmlElement;
  /** The element around the text, where none says that it is the text. */
  place?: HtmlElement;
  author?: HtmlElement;
  date?: HtmlElement;
  likes?: HtmlElement;
  awaiting: boolean;
  answers?: string;
}

export type Units = ReadonlySet<HtmlElement>;

/**
 * Finds the elements of a comment's parts, leaving out the comments inside it.
 *
 * @param texts elements that look like comments, and are the texts of those around them
 */
export function partsOf(root: HtmlElement, units: Units, texts: Units): Parts {
  const parts: Parts = { awaiting: false };
  let [bodyScore, authorScore, dateScore, likesScore] = [0, 0, 0, 0];
  walk(root, (node) => {
    if (!isElement(node)) return;
    if (units.has(node)) return false;
    if (texts.has(node)) parts.place ??= node;
    const itemprop = (attribute(node, 'itemprop') ?? '').split(/\s+/);
    const classes = classesOf(node);
    const best = (table: ReadonlyMap<string, number>): number =>
      classes.reduce((most, name) => Math.max(most, table.get(name) ?? 0), 0);
    const body = itemprop.some((name) => /^(?:text|commentText|articleBody|description)$/.test(name))
      ? 100
      : best(bodyRank) || (classes.some((name) => looseBody.test(name)) ? 0.5 : 0);
    if (body > bodyScore && !metaTags.has(node.name)) [parts.body, bodyScore] = [node, body];
    const author =
      itemprop.includes('author') || itemprop.includes('creator')
        ? 100
        : attribute(node, 'rel') === 'author'
          ? 50
          : best(authorRank) || (classes.some((name) => looseAuthor.test(name)) ? 0.5 : 0);
    if (author > authorScore && node.name !== 'img') [parts.author, authorScore] = [node, author];
    const date = itemprop.some((name) => /^(?:dateCreated|datePublished|commentTime)$/.test(name))
      ? 3
      : node.name === 'time'
        ? 2
        : classes.some((name) => dateClass.test(name)) ||
            (node.name === 'abbr' && attribute(node, 'title') !== undefined)
          ? 1
          : classes.some((name) => looseDateClass.test(name))
            ? 0.5
            : 0;
    if (date > dateScore) [parts.date, dateScore] = [node, date];
    // A page may hold the score thrice: as it is, and as the reader's vote would make it.
    const likes =
      itemprop.includes('upvoteCount') ||
      attribute(node, 'data-role') === 'likes' ||
      classes.some((name) => likeClass.test(name))
        ? classes.includes('unvoted')
          ? 2
          : 1
        : 0;
    if (likes > likesScore) [parts.likes, likesScore] = [node, likes];
    if (classes.some((name) => /awaiting-moderation|pending-approval/.test(name))) parts.awaiting = true;
    if (classes.some((name) => /in-?reply-?to|reply-?to-?(?:author|comment|link)|parent-link/.test(name))) {
      const target = /#(?:\w+-)?([\w-]*\d[\w-]*)$/.exec(attribute(node, 'href') ?? '');
      if (target !== null) parts.answers ??= target[1]!;
    }
    return;
  });
  if (root.name === 'dd') readTerm(root, parts, units);
  if (parts.author === undefined) {
    const leading = leadingName(root, units);
    // A comment of one word is a text, not a name without one.
    if (leading !== undefined && leading !== parts.body) {
      const named = { ...parts, author: leading };
      if (bodyOf(root, named, units).text !== '') return named;
    }
  }
  return parts;
}

/** `<dt>Cerebro said…</dt><dd>text</dd><dd>date</dd>`: name and date stand around the comment. */
function readTerm(root: HtmlElement, parts: Parts, units: Units): void {
  let before = root.prev;
  while (before !== null && !isElement(before)) before = before.prev;
  let after = root.next;
  while (after !== null && !isElement(after)) after = after.next;
  if (before?.name === 'dt') parts.author ??= before;
  if (after?.name === 'dd' && !units.has(after)) parts.date ??= after;
}

/** The name in `<b>Cerebro</b><p>…`: an element of its own that a comment's text begins with. */
function leadingName(root: HtmlElement, units: Units): HtmlElement | undefined {
  let found: HtmlElement | undefined;
  let done = false;
  walk(root, (node) => {
    if (done) return false;
    if (!isElement(node)) {
      if (node.type === 'text' && (node.data ?? '').trim() !== '') done = true;
      return false;
    }
    if (units.has(node) || (metaTags.has(node.name) && node.name !== 'header')) return false;
    if (!/^(?:b|strong|cite|h[2-6]|a|dt|span|p|div)$/.test(node.name)) return;
    const simple = node.children.every(
      (child) => !isElement(child) || /^(?:b|strong|a|span|i|em)$/.test(child.name),
    );
    if (!simple) return;
    const { text } = textOf(node);
    if (text === '') return false;
    done = true;
    if (readHeading(text) !== undefined) return false;
    const likeness = nameLikeness(text.replace(/\s*(?:says|said|wrote)?:?$/i, ''));
    if (likeness !== undefined && (likeness !== 'weak' || node.name !== 'p')) found = node;
    return false;
  });
  return found;
}

/** What is beside the text by its element or classes. */
function isBeside(element: HtmlElement): boolean {
  if (metaTags.has(element.name)) return true;
  return classesOf(element).some((name) => metaClass.test(name) && !contentClass.test(name));
}

/** A link such as `<a class="reply">Reply</a>`, or a paragraph or list of nothing but such links. */
function isControls(element: HtmlElement): boolean {
  const isLink = (node: HtmlElement): boolean => /^(?:a|button|li)$/.test(node.name);
  const links = isLink(element) ? [element] : element.children.filter(isElement);
  if (!links.every(isLink)) return false;
  if (!links.some((link) => classesOf(link).some((name) => metaClass.test(name)))) return false;
  return readInterface(shallowText(element, 3)) !== undefined;
}

/** Text near the surface, so that looking at every element of a page takes linear time. */
function shallowText(element: HtmlElement, levels: number): string {
  if (levels === 0) return 'deep';
  return element.children
    .map((child) => (isElement(child) ? shallowText(child, levels - 1) : (child.data ?? '')))
    .join(' ')
    .trim();
}

/** The text of a comment. */
export function bodyOf(root: HtmlElement, parts: Parts, units: Units): PlainText {
  if (parts.body !== undefined) {
    return textOf(
      parts.body,
      (element) =>
        units.has(element) ||
        element === parts.author ||
        isControls(element) ||
        classesOf(element).includes('comment-awaiting-moderation'),
    );
  }
  const left = new Set([parts.author, parts.date, parts.likes]);
  const found = textOf(
    parts.place ?? root,
    (element) => units.has(element) || left.has(element) || isBeside(element),
  );
  // Old themes write it between the name and the text, without an element.
  const says = parts.author === undefined ? null : /^(?:says|said|wrote)\s*:?\s+/i.exec(found.text);
  if (says === null) return found;
  const { length } = says[0];
  const quotes = found.quotes.map(({ start, end }) => ({
    start: Math.max(0, start - length),
    end: end - length,
  }));
  return { text: found.text.slice(length), quotes };
}
