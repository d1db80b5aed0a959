import { DomHandler, ElementType, Parser } from 'htmlparser2';
import { InputError } from '../../errors';
import { type PlainText, TextBuilder } from '../reading/markup';

/** The parts of the parser's tree that are used here. */
export interface HtmlNode {
  type: string;
  parent: HtmlElement | null;
  prev: HtmlNode | null;
  next: HtmlNode | null;
  data?: string;
}
export interface HtmlElement extends HtmlNode {
  name: string;
  attribs: Record<string, string>;
  children: HtmlNode[];
}

/** No page is so deep; the parser's time grows with the square of the depth. */
const MAX_DEPTH = 10_000;

/**
 * The tree of a page.
 *
 * @throws {InputError} `input-malformed` when elements are nested deeper than 10,000.
 */
export function parseHtml(source: string): HtmlElement {
  let depth = 0;
  const handler = new DomHandler();
  const open = handler.onopentag.bind(handler);
  const close = handler.onclosetag.bind(handler);
  handler.onopentag = (name, attributes) => {
    depth += 1;
    if (depth > MAX_DEPTH) {
      throw new InputError(`the page's elements are nested deeper than ${MAX_DEPTH}`, {
        code: 'input-malformed',
      });
    }
    open(name, attributes);
  };
  handler.onclosetag = () => {
    depth -= 1;
    close();
  };
  new Parser(handler).end(source);
  return handler.root as unknown as HtmlElement;
}

export function isElement(node: HtmlNode | null | undefined): node is HtmlElement {
  return node != null && ElementType.isTag(node as never);
}

/**
 * Visits the nodes under `root` in document order, without recursion. `enter` may return false to pass over what is inside.
 */
export function walk(
  root: HtmlElement,
  enter: (node: HtmlNode) => unknown,
  leave?: (node: HtmlElement) => void,
): void {
  let node: HtmlNode | null = root.children[0] ?? null;
  let container: HtmlElement = root;
  while (true) {
    if (node === null) {
      if (container === root) return;
      leave?.(container);
      node = container.next;
      container = container.parent!;
      continue;
    }
    const inside = enter(node) !== false;
    if (isElement(node)) {
      if (inside) {
        container = node;
        node = container.children[0] ?? null;
        continue;
      }
    }
    node = node.next;
  }
}

export function attribute(element: HtmlElement, name: string): string | undefined {
  return Object.hasOwn(element.attribs, name) ? element.attribs[name] : undefined;
}

const classCache = new WeakMap<HtmlElement, readonly string[]>();

/** Lower-case class names, a test id (`data-testid="comment"`) among them. */
export function classesOf(element: HtmlElement): readonly string[] {
  let classes = classCache.get(element);
  if (classes === undefined) {
    classes = `${attribute(element, 'class') ?? ''} ${attribute(element, 'data-testid') ?? ''}`
      .toLowerCase()
      .split(/\s+/)
      .filter((name) => name !== '');
    classCache.set(element, classes);
  }
  return classes;
}

/** The text under an element; `skip` leaves elements out. With `cells`, cells of a table are lines, not words of one. */
export function textOf(
  root: HtmlElement,
  skip?: (element: HtmlElement) => boolean,
  { cells = false } = {},
): PlainText {
  const builder = new TextBuilder();
  // Forums write whole posts as block quotations.
  const name = root.name === undefined || root.name === 'blockquote' ? 'div' : root.name;
  builder.open(name, root.attribs ?? {});
  walk(
    root,
    (node) => {
      if (isElement(node)) {
        if (skip?.(node)) return false;
        builder.open(node.name, node.attribs);
        if (cells && (node.name === 'td' || node.name === 'th')) builder.open('br');
      } else if (node.type === ElementType.Text) builder.text(node.data ?? '');
    },
    (element) => builder.close(element.name),
  );
  builder.close(name);
  return builder.finish();
}
