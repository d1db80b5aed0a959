import { attribute, classesOf, type HtmlElement, type HtmlNode, isElement, walk } from './tree';

/** An element that holds one comment, and those that stand inside it. */
export interface Unit {
  element: HtmlElement;
  parent: Unit | undefined;
  children: Unit[];
}

const unitClasses = new Set(
  `comment comment-item commentitem comment_item comment-wrapper comment-body comment-container comment__item c-comment
  single-comment user-comment comment-box comment-entry comment-block comment-single commentbox comment-card comment-post
  comment-node comment-row comment-unit comment-thread__comment comment-reply reader-comment article-comment post-comment
  thread-comment talk-comment coral-comment fyre-comment-article vf-comment comtr commentarea__comment commententry
  comment--root comment--reply comment-wrap comment-main commentary-item reply-item kommentar commentaire comentario
  ug-comment comments__item comments-item comment-list-item comment-list__item commentlist-item comments-list__item`.split(
    /\s+/,
  ),
);
const unitId = /^(?:(?:li|div|article)-)?(?:comment|cmt|kommentar|com|reply|post|dsq-comment)[-_]?\d[\w-]*$/i;
const unitTags = new Set([
  'shreddit-comment',
  'ytd-comment-renderer',
  'ytd-comment-view-model',
  'coral-comment',
]);
const listTags = new Set([
  'ol',
  'ul',
  'body',
  'html',
  'main',
  'form',
  'h1',
  'h2',
  'h3',
  'h4',
  'a',
  'span',
  'p',
  'button',
  'input',
  'label',
  'textarea',
  'time',
  'svg',
  'img',
  'script',
  'style',
]);
const commentType = /schema\.org\/(?:Comment|UserComments|Answer)\b/i;

/** Whether an element says by a word with a meaning, not by its looks, that it is a comment. */
function isDeclared(element: HtmlElement): boolean {
  if (unitTags.has(element.name)) return true;
  if (commentType.test(attribute(element, 'itemtype') ?? '')) return true;
  const itemprop = (attribute(element, 'itemprop') ?? '').split(/\s+/);
  return itemprop.includes('comment') && attribute(element, 'itemscope') !== undefined;
}

function isUnit(element: HtmlElement): boolean {
  if (isDeclared(element)) return true;
  if (listTags.has(element.name)) return false;
  if (
    attribute(element, 'data-comment-id') !== undefined ||
    attribute(element, 'data-commentid') !== undefined
  ) {
    // Buttons carry the id of their comment, too.
    return !/button|action|vote|reply-link|like|menu|form/.test(attribute(element, 'class') ?? '');
  }
  const classes = classesOf(element);
  if (
    classes.some(
      (name) =>
        unitClasses.has(name) ||
        /^[a-z0-9]+__comment$|^commentitem[_-]|^comment_comment|^[a-z]+_comment__\w{4,8}$|^comment[_-]+(?:root|container|wrapper|item)[_-]{1,2}\w{4,8}$/.test(
          name,
        ),
    )
  )
    return true;
  const id = attribute(element, 'id') ?? '';
  if (isForumPost(id, classes)) return true;
  // Invision's posts have an element `#comment-12_wrap` inside.
  if (!unitId.test(id) || id.endsWith('_wrap')) return false;
  // An article page is itself `post-123`; a Disqus comment is `post-123` with class "post" in a list of posts.
  if (/^post/i.test(id)) return classes.includes('post') && element.name === 'li';
  return true;
}

/**
 * XenForo's `#js-post-11.js-post`, before version 2 `#post-11.message` or `#fc-post-11.message`; phpBB's `#p101.post`; MyBB's `#post_12.post`; vBulletin's
 * `#post_12.postbit`; Invision's `#elComment_12`. An article of WordPress is `#post-12.post`.
 */
function isForumPost(id: string, classes: readonly string[]): boolean {
  if (classes.includes('js-post') || /^elComment_\d+$/.test(id)) return true;
  if (/^p\d+$|^post_\d+$/.test(id) && classes.includes('post')) return true;
  return (
    /^(?:fc-)?post[-_]\d+$/.test(id) &&
    classes.some((name) => /^(?:message|postbit\w*|postcontainer)$/.test(name))
  );
}

/**
 * The elements around the page's title. An opinion piece has the class "comment", too, but holds the title. A comment that
 * holds the first `h1` stands in a list of comments.
 */
function findTitled(root: HtmlElement): ReadonlySet<HtmlElement> {
  let title: HtmlElement | undefined;
  walk(root, (node) => {
    if (title === undefined && isElement(node) && node.name === 'h1') title = node;
    return title === undefined;
  });
  const path: HtmlElement[] = [];
  for (let at = title?.parent; at != null && at !== root; at = at.parent) path.push(at);
  const outermost = path.findLast(isUnit);
  const isAlike = (node: HtmlNode): boolean =>
    isElement(node) && node !== outermost && isUnit(node) && signature(node) === signature(outermost!);
  return new Set(outermost?.parent?.children.some(isAlike) ? [] : path);
}

const signature = (element: HtmlElement): string =>
  `${element.name}.${classesOf(element)
    .filter((name) => unitClasses.has(name))
    .join('.')}`;

/** What a caller can tell of an element's own content, with the units inside it left out. */
export interface UnitContent {
  hasAuthor: boolean;
  /** It has something that only a comment has: an author, a date, a number, an element for the text. */
  isMarked: boolean;
  text: string;
  /** Nothing says that the text is a comment's, and it reads like a heading or buttons. */
  isControls: boolean;
}

export interface FoundUnits {
  units: Unit[];
  /** Elements whose content is theirs alone. */
  elements: ReadonlySet<HtmlElement>;
  /** Elements that are the text of the unit around them. */
  texts: ReadonlySet<HtmlElement>;
  /** Elements around the page's title. */
  titled: ReadonlySet<HtmlElement>;
  /** Texts of elements that look like comments but have nothing that a comment has. */
  left: string[];
}

/** The comments of a page in document order; `parent` and `children` make them a forest. */
export function findUnits(
  root: HtmlElement,
  contentOf: (
    element: HtmlElement,
    units: ReadonlySet<HtmlElement>,
    texts: ReadonlySet<HtmlElement>,
  ) => UnitContent,
): FoundUnits {
  const all: Unit[] = [];
  const elements = new Set<HtmlElement>();
  const texts = new Set<HtmlElement>();
  const titled = findTitled(root);
  const open: Unit[] = [];
  walk(
    root,
    (node) => {
      if (!isElement(node) || !isUnit(node) || (titled.has(node) && !isDeclared(node))) return;
      const unit: Unit = { element: node, parent: open.at(-1), children: [] };
      unit.parent?.children.push(unit);
      all.push(unit);
      elements.add(node);
      open.push(unit);
    },
    (element) => {
      if (open.at(-1)?.element === element) open.pop();
    },
  );
  const replaced = new Map<Unit, readonly Unit[]>();
  const unmarked: Unit[] = [];
  // Innermost first, so that a wrapper sees its children settled.
  for (let index = all.length - 1; index >= 0; index -= 1) {
    const unit = all[index]!;
    unit.children = standing(unit.children);
    settle(unit);
  }
  const left = removeUnmarked();
  return { units: all.filter((unit) => !replaced.has(unit)), elements, texts, titled, left };

  function standing(units: readonly Unit[]): Unit[] {
    return units.flatMap((unit) => replaced.get(unit) ?? [unit]);
  }

  /** Its element stays among those that other units leave out, for what it holds by itself is nothing, or a heading. */
  function remove(unit: Unit, replacement: readonly Unit[]): void {
    replaced.set(unit, replacement);
    for (const each of replacement) each.parent = unit.parent;
  }

  /** Buttons around other comments, and where no comment is expected, are no text. */
  function hasBody(unit: Unit, { text, isMarked, isControls }: UnitContent): boolean {
    return text !== '' && !(isControls && (!isMarked || unit.children.length > 0));
  }

  /** A box that asks readers to sign in has a comment's class; comments without any mark are not alone. */
  function removeUnmarked(): string[] {
    const kinds = new Map<string, number>();
    for (const unit of all) {
      if (!replaced.has(unit))
        kinds.set(signature(unit.element), (kinds.get(signature(unit.element)) ?? 0) + 1);
    }
    const left: string[] = [];
    for (const unit of unmarked) {
      if (replaced.has(unit) || kinds.get(signature(unit.element)) !== 1) continue;
      const { isMarked, text } = contentOf(unit.element, elements, texts);
      // It may have got its number from what is around it.
      if (isMarked) continue;
      remove(unit, unit.children);
      left.push(text);
    }
    return left;
  }

  /** Merges wrappers into the comment that they wrap, and takes away elements that hold none. */
  function settle(unit: Unit): void {
    // A part of a comment may look like a comment: what has no author inside one that lacks a text is its text.
    let content = contentOf(unit.element, elements, texts);
    const [first, ...rest] = unit.children;
    if (content.hasAuthor && !hasBody(unit, content) && first !== undefined) {
      const inner = contentOf(first.element, elements, texts);
      if (!inner.hasAuthor && hasBody(first, inner)) {
        remove(first, first.children);
        unit.children = standing(unit.children);
        elements.delete(first.element);
        texts.add(first.element);
        content = contentOf(unit.element, elements, texts);
      }
    }
    if (hasBody(unit, content)) {
      if (!content.isMarked && !isDeclared(unit.element)) unmarked.push(unit);
      return;
    }
    if (first === undefined || replaced.has(first)) {
      if (!content.hasAuthor && unit.children.length === 0) remove(unit, []);
      return;
    }
    if (content.hasAuthor) return;
    const id = attribute(unit.element, 'id') ?? attribute(unit.element, 'data-comment-id');
    const alike =
      rest.length > 0 && rest.every((child) => signature(child.element) === signature(first.element));
    // A list of comments has no id of a comment; the wrapper of one and its replies often has.
    if (
      alike &&
      (id === undefined || !/\d/.test(id)) &&
      signature(unit.element) !== signature(first.element)
    ) {
      remove(unit, unit.children);
      return;
    }
    for (const [name, value] of Object.entries(unit.element.attribs)) {
      if (name === 'class') first.element.attribs['data-wrapper-class'] ??= value;
      else if (!Object.hasOwn(first.element.attribs, name) || name === 'id')
        first.element.attribs[name] = value;
    }
    for (const child of rest) {
      child.parent = first;
      first.children.push(child);
    }
    remove(unit, [first]);
  }
}
