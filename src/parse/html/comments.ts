import type { CommentRecord } from '../format';
import { readDate, recognizeDate } from '../reading/dates';
import { asStatus } from '../reading/rows';
import { readHeading } from '../text/headings';
import { cleanName, isRemoved, readInterface, splitTrailingDate } from '../text/shapes';
import { besideName, bodyOf, type Parts, partsOf, type Units } from './parts';
import { attribute, classesOf, type HtmlElement, isElement, textOf, walk } from './tree';
import { findUnits, type Unit } from './units';

/** The name of a comment's author, and the date on its line: `Cerebro on March 2, 2025`. */
function authorOf(root: HtmlElement, author: HtmlElement | undefined): { name?: string; date?: string } {
  for (const name of ['data-author', 'data-author-name', 'data-username', 'author']) {
    const value = attribute(root, name);
    if (value !== undefined && value.trim() !== '') return { name: value.trim() };
  }
  if (author === undefined) return {};
  const content = attribute(author, 'content');
  if (content !== undefined) return { name: content.trim() };
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
  const split = splitTrailingDate(line);
  const name = cleanName(
    (split?.before ?? line).replace(
      /\s+(?:says|said|wrote|writes|sagt|dice|a écrit|пишет)\s*(?::|\.{3}|…)?$/i,
      '',
    ),
  );
  return {
    ...(name === '' ? {} : { name }),
    ...(split?.date.iso === undefined ? {} : { date: split.date.iso }),
  };
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
      /^(?:(?:li|div|article|js|fc)-)?(?:comment|elcomment|cmt|kommentar|com|reply|post|dsq-comment|c|t1)[-_](?=.)/i,
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
  elements: Units;
  /** Elements around the page's title; none of them is a comment. */
  titled: Units;
  /** Texts of elements that look like comments but have nothing that a comment has. */
  left: string[];
}

/** The comments of a page, by the markup that comment systems share: microdata, WordPress, Disqus, `.comment` blocks. */
export function readComments(root: HtmlElement): HtmlComments {
  const { units, elements, texts, titled, left } = findUnits(root, (element, others, inner) => {
    const parts = partsOf(element, others, inner);
    const { text } = bodyOf(element, parts, others);
    const hasAuthor = authorOf(element, parts.author).name !== undefined;
    const isMarked =
      hasAuthor || parts.body !== undefined || parts.date !== undefined || /\d/.test(idOf(element) ?? '');
    return { hasAuthor, isMarked, text, isControls: parts.body === undefined && isOfPage(text) };
  });
  const records = new Map<Unit, CommentRecord>();
  const open: { depth: number; id: string }[] = [];
  const taken = new Set(units.map(({ element }) => idOf(element)).filter((id) => id !== undefined));
  for (const [index, unit] of units.entries()) {
    const { element } = unit;
    const parts = partsOf(element, elements, texts);
    const body = bodyOf(element, parts, elements);
    let id = idOf(element);
    for (
      let number = index + 1;
      id === undefined || (idOf(element) === undefined && taken.has(id));
      number += 1
    )
      id = String(number);
    taken.add(id);
    const { name, date } = authorOf(element, parts.author);
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
      createdAt: dateOf(parts.date) ?? date,
      likes: likesOf(parts.likes) ?? scoreOf(element),
      status: statusOf(element, parts, body.text),
    });
  }
  return { comments: [...records.values()], elements, titled, left };
}

/** Whether a text is only a heading, a date or buttons. */
function isOfPage(text: string): boolean {
  return [readHeading, readInterface, recognizeDate].some((read) => read(text) !== undefined);
}

function scoreOf(element: HtmlElement): number | undefined {
  const value =
    attribute(element, 'data-likes') ?? attribute(element, 'data-score') ?? attribute(element, 'score');
  return value !== undefined && /^-?\d+$/.test(value) ? Number(value) : undefined;
}
