import type { CommentRecord } from '../format';
import { readDate } from '../reading/dates';
import type { PlainText } from '../reading/markup';
import { asStatus } from '../reading/rows';
import { readHeading } from '../text/headings';
import { cleanName, isRemoved, nameLikeness, readInterface } from '../text/shapes';
import { attribute, classesOf, type HtmlElement, isElement, textOf, walk } from './tree';
import { findUnits, type Unit } from './units';

const ranks = (names: string): ReadonlyMap<string, number> => {
  const list = names.split(/\s+/);
  return new Map(list.map((name, index) => [name, list.length - index]));
};
const bodyRank =
  ranks(`comment-content comment-text comment__content comment__body comment__text post-message comment-message
  comment_text commenttext commtext comment-body-text comment-bodytext usertext-body comment-copy comment-description
  comment_content comment_body comment-body__content c-comment__body comment-html user-comment-text review-text commentcontent
  commentbody reply-content reply-text comment-body message body content text md description`);
const authorRank =
  ranks(`fn comment-author-name comment__author-name comment-author__name author-name comment__author
  comment-author comment_author commentauthor commenter commenter-name comment-username comment__username comment-user user-name
  username hnuser publisher-anchor-color display-name screen-name nickname poster author user name comment-name comment__name byline`);
const looseDateClass = /(?:^|[-_])(?:meta|metadata)(?:$|[-_])|^commentmetadata$/;
const looseAuthor =
  /(?:^|[-_])(?:author|user-?name|nick(?:name)?|display-?name|poster|commenter)(?:[-_]+(?:name|link))?$/;
const looseBody = /(?:^|[-_])(?:content|text|body|message)$/;
const dateClass = /(?:^|[-_])(?:date|time|timestamp|timeago|age|ago|published|permalink)(?:$|[-_])/;
const likeClass =
  /^(?:like-?count|likes?|upvotes?|up-?votes?|vote-?count|votes-?up|score|points|likes-count|comment-likes?|comment__likes?|reaction-count|recommend-count|thumbs-up-count)$/;
const metaClass =
  /^commentmetadata$|(?:^|[-_])(?:meta|metadata|author|vcard|actions?|reply|replies|buttons?|btn|tools?|toolbar|controls?|share|sharing|likes?|votes?|avatar|gravatar|menu|badges?|footer|header|moderation|permalink|edit-link|form|respond|says|date|time|timestamp|ago|byline|report|flag|visually-hidden|screen-reader-text|sr-only)(?:$|[-_])/;
/** What stands beside the name in an element for the author. */
const besideName =
  /(?:^|[-_])(?:says|badges?|flair|role|rank|level|date|time|timestamp|timeago|ago|permalink)(?:$|[-_])/;
const contentClass = /content|text|body|message/;
const metaTags = new Set(
  'time button form nav footer header svg script style input textarea select'.split(' '),
);

interface Parts {
  body?: HtmlElement;
  author?: HtmlElement;
  date?: HtmlElement;
  likes?: HtmlElement;
  awaiting: boolean;
  answers?: string;
}

type Units = ReadonlySet<HtmlElement>;

/** Finds the elements of a comment's parts, leaving out the comments inside it. */
function partsOf(root: HtmlElement, units: Units): Parts {
  const parts: Parts = { awaiting: false };
  let [bodyScore, authorScore, dateScore] = [0, 0, 0];
  walk(root, (node) => {
    if (!isElement(node)) return;
    if (units.has(node)) return false;
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
    if (
      itemprop.includes('upvoteCount') ||
      attribute(node, 'data-role') === 'likes' ||
      classes.some((name) => likeClass.test(name))
    ) {
      parts.likes ??= node;
    }
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
    const likeness = nameLikeness(text.replace(/\s*(?:says|said|wrote)?:?$/i, ''));
    if (likeness !== undefined && (likeness !== 'weak' || node.name !== 'p')) found = node;
    return false;
  });
  return found;
}

function isMeta(element: HtmlElement): boolean {
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

function bodyOf(root: HtmlElement, parts: Parts, units: Units): PlainText {
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
  const found = textOf(root, (element) => units.has(element) || left.has(element) || isMeta(element));
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

function nameOf(root: HtmlElement, author: HtmlElement | undefined): string | undefined {
  for (const name of ['data-author', 'data-author-name', 'data-username', 'author']) {
    const value = attribute(root, name);
    if (value !== undefined && value.trim() !== '') return value.trim();
  }
  if (author === undefined) return undefined;
  const content = attribute(author, 'content');
  if (content !== undefined) return content.trim();
  let inner: HtmlElement | undefined;
  walk(author, (node) => {
    if (!isElement(node)) return;
    if (attribute(node, 'itemprop') === 'name' || classesOf(node).includes('fn')) inner ??= node;
  });
  const innerContent = inner === undefined ? undefined : attribute(inner, 'content');
  const text =
    innerContent ??
    (textOf(
      inner ?? author,
      (element) => element.name === 'time' || classesOf(element).some((each) => besideName.test(each)),
    ).text ||
      textOf(inner ?? author).text);
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  const name = cleanName(
    line.replace(/\s+(?:says|said|wrote|writes|sagt|dice|a écrit|пишет)\s*(?::|\.{3}|…)?$/i, ''),
  );
  return name === '' ? undefined : name;
}

function dateOf(element: HtmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const given = [
    attribute(element, 'datetime'),
    attribute(element, 'content'),
    attribute(element, 'data-timestamp'),
    attribute(element, 'data-time'),
    attribute(element, 'title'),
  ];
  for (const value of [...given, attribute(element, 'title')?.split(' ')[0], textOf(element).text]) {
    const date = value === undefined ? undefined : readDate(value.trim());
    if (date !== undefined) return date;
  }
  return undefined;
}

function likesOf(element: HtmlElement | undefined): number | undefined {
  if (element === undefined) return undefined;
  const digits =
    /^[+\s]*(-?\d[\d,.]*)/.exec(
      attribute(element, 'content') ?? attribute(element, 'title') ?? textOf(element).text,
    ) ?? /(\d[\d,.]*)/.exec(textOf(element).text);
  const number = digits === null ? Number.NaN : Number(digits[1]!.replaceAll(/[.,]/g, ''));
  return Number.isSafeInteger(number) ? number : undefined;
}

const idNames = [
  'data-comment-id',
  'data-commentid',
  'data-comment',
  'thingid',
  'data-fullname',
  'data-id',
  'id',
  'itemid',
];

function idOf(element: HtmlElement): string | undefined {
  for (const name of idNames) {
    const value = attribute(element, name)?.trim();
    if (value === undefined || value === '') continue;
    return bareId(value);
  }
  return undefined;
}

/** `comment-12`, `li-comment-12`, `#comment-12`, `t1_abc` without what stands before the id. */
function bareId(value: string): string {
  return value
    .replace(/^.*#/, '')
    .replace(
      /^(?:(?:li|div|article)-)?(?:comment|cmt|kommentar|com|reply|post|dsq-comment|c|t1)[-_](?=.)/i,
      '',
    );
}

function parentIdOf(element: HtmlElement): string | undefined {
  for (const name of [
    'data-parent-id',
    'data-parentid',
    'data-parent',
    'data-parent-comment-id',
    'data-in-reply-to',
    'parentid',
  ]) {
    const value = attribute(element, name)?.trim();
    if (value !== undefined && value !== '') return bareId(value);
  }
  return undefined;
}

/** The depth that a flat list writes down instead of nesting. */
function depthOf(element: HtmlElement, units: Units): number | undefined {
  for (const name of ['data-depth', 'data-level', 'depth', 'aria-level', 'data-nesting']) {
    const value = Number(attribute(element, name) ?? Number.NaN);
    if (Number.isInteger(value)) return value;
  }
  const classes = `${attribute(element, 'class') ?? ''} ${attribute(element, 'data-wrapper-class') ?? ''}`;
  const named = /(?:^|[\s_-])(?:depth|level|indent)[-_]?(\d{1,3})(?=\s|$)/.exec(classes);
  if (named !== null) return Number(named[1]);
  let indent: number | undefined;
  walk(element, (node) => {
    if (indent !== undefined || units.has(node as HtmlElement)) return false;
    if (isElement(node) && attribute(node, 'indent') !== undefined)
      indent = Number(attribute(node, 'indent'));
    return;
  });
  return indent === undefined || Number.isNaN(indent) ? undefined : indent;
}

function statusOf(element: HtmlElement, parts: Parts, text: string): CommentRecord['status'] {
  const classes =
    `${attribute(element, 'class') ?? ''} ${attribute(element, 'data-wrapper-class') ?? ''}`.toLowerCase();
  if (/(?:^|\s)(?:pingback|trackback)(?:\s|$)/.test(classes)) return 'pingback';
  if (/(?:^|[\s_-])(?:deleted|removed|is-deleted)(?:\s|$)/.test(classes) || isRemoved(text)) return 'deleted';
  if (/(?:^|[\s_-])spam(?:\s|$)/.test(classes)) return 'spam';
  if (parts.awaiting || /(?:^|[\s_-])(?:unapproved|pending|awaiting-moderation)(?:\s|$)/.test(classes))
    return 'pending';
  return asStatus(attribute(element, 'data-status'));
}

export interface HtmlComments {
  comments: CommentRecord[];
  elements: ReadonlySet<HtmlElement>;
}

/** The comments of a page, by the markup that comment systems share: microdata, WordPress, Disqus, `.comment` blocks. */
export function readComments(root: HtmlElement): HtmlComments {
  const { units, elements } = findUnits(root, (element, others) => {
    const parts = partsOf(element, others);
    const { text } = bodyOf(element, parts, others);
    const hasAuthor = nameOf(element, parts.author) !== undefined;
    // Wrappers hold the heading of the comments, and buttons have classes like comments.
    const isPage =
      !hasAuthor && parts.body === undefined && !/\d/.test(idOf(element) ?? '') && isHeadingOrButton(text);
    return { hasAuthor, hasBody: text !== '' && !isPage };
  });
  const records = new Map<Unit, CommentRecord>();
  const open: { depth: number; id: string }[] = [];
  const taken = new Set(units.map(({ element }) => idOf(element)).filter((id) => id !== undefined));
  for (const [index, unit] of units.entries()) {
    const { element } = unit;
    const parts = partsOf(element, elements);
    const body = bodyOf(element, parts, elements);
    let id = idOf(element);
    for (
      let number = index + 1;
      id === undefined || (idOf(element) === undefined && taken.has(id));
      number += 1
    )
      id = String(number);
    taken.add(id);
    const name = nameOf(element, parts.author);
    const depth = depthOf(element, elements);
    let parentId =
      parentIdOf(element) ??
      (unit.parent === undefined ? undefined : records.get(unit.parent)!.id) ??
      parts.answers;
    if (depth !== undefined) {
      while (open.length > 0 && open.at(-1)!.depth >= depth) open.pop();
      parentId ??= open.at(-1)?.id;
      open.push({ depth, id });
    }
    records.set(unit, {
      id,
      parentId: parentId ?? null,
      author: name === undefined ? undefined : { name },
      ...body,
      createdAt: dateOf(parts.date),
      likes: likesOf(parts.likes) ?? scoreOf(element),
      status: statusOf(element, parts, body.text),
    });
  }
  return { comments: [...records.values()], elements };
}

function isHeadingOrButton(text: string): boolean {
  return /^repl(?:y|ies)$/i.test(text) || readHeading(text) !== undefined;
}

function scoreOf(element: HtmlElement): number | undefined {
  const value =
    attribute(element, 'data-likes') ?? attribute(element, 'data-score') ?? attribute(element, 'score');
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined;
}
