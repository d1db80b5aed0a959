import type { Article } from '../../types';
import { readHeading } from '../text/headings';
import { attribute, classesOf, type HtmlElement, type HtmlNode, isElement, textOf, walk } from './tree';

const bodyClasses =
  /^(?:entry-content|post-content|article-body|article-content|article__body|article__content|story-body|story-content|post-body|article-text|content-body|single-content|td-post-content|the-content)$/;
const commentArea =
  /^(?:comments?|comments?[-_](?:area|section|list|wrapper|container|block|thread|form|respond|template|title|header|heading|count|respond)|commentlist|comment-respond|respond|disqus_thread|reply-title|discussion|coral_thread|livefyre|responses)$/i;
const asideTags = new Set('nav aside footer form script style noscript button svg iframe'.split(' '));
const asideClass =
  /^(?:related|related-posts|sidebar|widget|share|sharing|social|newsletter|breadcrumbs?|navigation|nav|menu|site-header|site-footer|cookie|advert|ad|tags|post-tags|author-box|jp-relatedposts|sharedaddy|post-navigation)$/;

export interface Page {
  article: Partial<Article>;
  declaredCount: number | undefined;
}

/** Whether an element is the place for comments rather than part of the article. */
export function isCommentArea(element: HtmlElement): boolean {
  return (
    commentArea.test(attribute(element, 'id') ?? '') ||
    classesOf(element).some((name) => commentArea.test(name))
  );
}

/**
 * Title, text and the like of the article of a page.
 *
 * @param units the elements of its comments
 * @param titled the elements around its title, which are of the article whatever their classes say
 */
export function readPage(
  root: HtmlElement,
  units: ReadonlySet<HtmlElement>,
  titled: ReadonlySet<HtmlElement>,
): Page {
  const meta = new Map<string, string>();
  const found: Record<
    'title' | 'h1' | 'headline' | 'body' | 'article' | 'main' | 'published' | 'html',
    HtmlElement | undefined
  > = {
    title: undefined,
    h1: undefined,
    headline: undefined,
    body: undefined,
    article: undefined,
    main: undefined,
    published: undefined,
    html: undefined,
  };
  const headings: { count?: number; explicit: boolean }[] = [];
  let declared: number | undefined;
  const around = elementsAround(units);
  let aside: HtmlElement | undefined;
  const enter = (node: HtmlNode): unknown => {
    if (!isElement(node)) return;
    const { name } = node;
    const itemprop = attribute(node, 'itemprop') ?? '';
    const inComment = units.has(node);
    if (inComment) return false;
    if (name === 'meta') {
      const key = attribute(node, 'property') ?? attribute(node, 'name') ?? itemprop;
      if (!meta.has(key.toLowerCase())) meta.set(key.toLowerCase(), attribute(node, 'content') ?? '');
    } else if (name === 'link' && attribute(node, 'rel') === 'canonical')
      meta.set('canonical', attribute(node, 'href') ?? '');
    else if (name === 'title') found.title ??= node;
    else if (name === 'html') found.html ??= node;
    if (
      itemprop === 'headline' ||
      classesOf(node).some((each) =>
        /^(?:entry-title|post-title|article-title|headline|titleline)$/.test(each),
      )
    )
      found.headline ??= node;
    if (name === 'h1') found.h1 ??= node;
    if (itemprop === 'articleBody' || classesOf(node).some((each) => bodyClasses.test(each)))
      found.body ??= node;
    if (name === 'article' && (titled.has(node) || !isCommentArea(node))) found.article ??= node;
    if (name === 'main' || attribute(node, 'role') === 'main') found.main ??= node;
    if (itemprop === 'datePublished' || (name === 'time' && attribute(node, 'datetime') !== undefined))
      found.published ??= node;
    if (itemprop === 'commentCount') declared ??= toCount(attribute(node, 'content') ?? textOf(node).text);
    // "Recent comments (12)" beside the page counts others.
    if (name === 'aside' && !around.has(node) && !isCommentArea(node)) aside ??= node;
    if (aside === undefined && isHeading(node)) {
      const heading = headingOf(node, units);
      if (heading !== undefined) headings.push(heading);
    }
    return;
  };
  walk(root, enter, (element) => {
    if (element === aside) aside = undefined;
  });
  const titleElement = found.headline ?? found.h1;
  const title =
    (titleElement === undefined ? undefined : flat(textOf(titleElement).text)) ||
    meta.get('og:title') ||
    (found.title === undefined ? '' : flat(titleText(found.title)));
  const place = found.body ?? articleOf(found.article, units) ?? found.main ?? root;
  const text = textOf(
    place,
    (element) =>
      units.has(element) ||
      element === titleElement ||
      element.name === 'head' ||
      (isAside(element) && !titled.has(element)) ||
      (units.size > 0 && isHeading(element) && headingOf(element, units) !== undefined),
  ).text;
  const counted =
    headings.find((heading) => heading.count !== undefined && heading.explicit) ??
    headings.find((heading) => heading.count !== undefined);
  const article: Partial<Article> = { title, text };
  const url = meta.get('canonical') || meta.get('og:url');
  const published =
    meta.get('article:published_time') ||
    (found.published === undefined
      ? undefined
      : (attribute(found.published, 'datetime') ?? attribute(found.published, 'content')));
  const language = found.html === undefined ? undefined : attribute(found.html, 'lang');
  if (url) article.url = url;
  if (published) article.publishedAt = published;
  if (language) article.language = language;
  return { article, declaredCount: declared ?? counted?.count };
}

/** Of several articles side by side without comments, none is the page's text by itself. */
function articleOf(
  article: HtmlElement | undefined,
  units: ReadonlySet<HtmlElement>,
): HtmlElement | undefined {
  const isOther = (node: HtmlNode): boolean => isElement(node) && node !== article && node.name === 'article';
  return units.size === 0 && article?.parent?.children.some(isOther) ? article.parent : article;
}

function elementsAround(units: ReadonlySet<HtmlElement>): ReadonlySet<HtmlElement> {
  const around = new Set<HtmlElement>();
  for (const unit of units) {
    for (let at = unit.parent; at !== null && !around.has(at); at = at.parent) around.add(at);
  }
  return around;
}

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The text builder passes over what stands in the head, the title among it. */
function titleText(element: HtmlElement): string {
  let text = '';
  walk(element, (node) => {
    if (node.type === 'text') text += node.data ?? '';
  });
  return text;
}

function headingOf(element: HtmlElement, units: ReadonlySet<HtmlElement>): ReturnType<typeof readHeading> {
  return readHeading(textOf(element, (inner) => units.has(inner)).text.replaceAll('\n', ' '));
}

function isHeading(element: HtmlElement): boolean {
  if (/^h[1-6]$/.test(element.name)) return true;
  return classesOf(element).some((name) =>
    /^(?:comments?[-_]*(?:title|header|heading|count|counter|number|total)|count-comments|num-comments|reply-title|commentcount)$/.test(
      name,
    ),
  );
}

function isAside(element: HtmlElement): boolean {
  return (
    asideTags.has(element.name) ||
    isCommentArea(element) ||
    classesOf(element).some((name) => asideClass.test(name))
  );
}

function toCount(text: string): number | undefined {
  const digits = /\d[\d.,]*/.exec(text)?.[0].replaceAll(/[.,]/g, '');
  return digits === undefined ? undefined : Number(digits);
}
