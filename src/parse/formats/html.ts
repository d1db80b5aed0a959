import type { CommentRecord, Format, Sink, ThreadRecord } from '../format';
import { isCommentArea, readPage } from '../html/article';
import { readComments } from '../html/comments';
import { attribute, type HtmlElement, isElement, parseHtml, textOf, walk } from '../html/tree';
import { documentReader } from '../reading/document';
import { readLinkedData } from './json-ld';
import { readText } from './text';

/** A rendered page: microdata, WordPress, Disqus and other comment markup; JSON-LD where it holds more comments. */
export const html: Format = {
  name: 'html',
  description: 'rendered HTML page',
  aliases: ['htm', 'xhtml'],
  streaming: false,
  detect({ text }) {
    const head = text.trimStart().slice(0, 2000).toLowerCase();
    if (!head.startsWith('<')) return 0;
    if (/^(?:<!--|<\?xml[^>]*>\s*)*\s*(?:<!doctype html|<html[\s>])/.test(head)) return 0.95;
    if (/<(?:div|p|ol|ul|li|section|article|body|span|h[1-6]|table|main|a|br|blockquote)[\s>/]/.test(head))
      return 0.7;
    return !head.startsWith('<?xml') && /<\/[a-z][\w-]*>/.test(head) ? 0.2 : 0;
  },
  open: (sink, settings) => documentReader((source) => readHtml(source, sink), settings),
};

function readHtml(source: string, sink: Sink): void {
  const root = parseHtml(source);
  const { comments, elements, titled, left } = readComments(root);
  const page = readPage(root, elements, titled);
  const linked = readScripts(root);
  const header: ThreadRecord = {
    article: { ...linked.header?.article, ...nonEmpty(page.article) },
    declaredCount: page.declaredCount ?? linked.header?.declaredCount,
  };
  const isLinked = linked.comments.length > comments.length;
  const [read, other] = isLinked ? [linked.comments, comments] : [comments, linked.comments];
  if (read.length === 0 && readAsText(root, titled, header, sink)) return;
  sink.thread(header);
  for (const comment of read) sink.comment(comment);
  if (isLinked || read.length === 0) for (const diagnostic of linked.diagnostics) sink.diagnostic(diagnostic);
  reportOther(read, other, isLinked ? 'markup' : 'JSON-LD', sink);
  if (left.length > 0) {
    const what = left.length === 1 ? '1 element' : `${left.length} elements`;
    sink.diagnostic({
      code: 'interface-lines',
      severity: 'info',
      message: `${what} without author, date and id, but with a comment's class, taken for no comment: ${JSON.stringify(left[0]!.slice(0, 60))}`,
    });
  }
}

/** A page may hold its comments twice; what only the side has that is not read is said. */
function reportOther(
  read: readonly CommentRecord[],
  other: readonly CommentRecord[],
  side: string,
  sink: Sink,
): void {
  // One side may be cut short, and their white space differs.
  const keyOf = ({ text }: CommentRecord): string => text.replace(/[^\p{L}\p{N}]+/gu, '').slice(0, 80);
  const known = new Set(read.map(keyOf));
  const lost = other.filter((comment) => !known.has(keyOf(comment))).length;
  if (lost === 0) return;
  sink.diagnostic({
    code: 'second-source',
    severity: 'warning',
    message: `the page holds comments in its markup and in JSON-LD; the side with fewer, its ${side}, has ${lost} that the other lacks`,
    lost,
  });
}

function nonEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== '')) as T;
}

/** What a reader of a part of the page has found. */
interface Found {
  header: ThreadRecord | undefined;
  comments: CommentRecord[];
  diagnostics: Parameters<Sink['diagnostic']>[0][];
}

function collector(): { found: Found; sink: Sink } {
  const found: Found = { header: undefined, comments: [], diagnostics: [] };
  return {
    found,
    sink: {
      thread: (record) => (found.header ??= record),
      comment: (record) => found.comments.push(record),
      diagnostic: (record) => found.diagnostics.push(record),
    },
  };
}

/** What the page's JSON-LD says. */
function readScripts(root: HtmlElement): Found {
  const { found: linked, sink: collect } = collector();
  walk(root, (node) => {
    if (!isElement(node) || node.name !== 'script') return;
    if (!/^application\/ld\+json/i.test(attribute(node, 'type')?.trim() ?? '')) return;
    try {
      readLinkedData(JSON.parse(node.children.map((child) => child.data ?? '').join('')), collect);
    } catch {
      linked.diagnostics.push({
        code: 'malformed-record',
        severity: 'warning',
        message: 'a JSON-LD script is not valid JSON',
      });
    }
  });
  return linked;
}

/** Pages without any known markup: the visible text is read like text that was copied from the page. */
function readAsText(
  root: HtmlElement,
  titled: ReadonlySet<HtmlElement>,
  header: ThreadRecord,
  sink: Sink,
): boolean {
  const skip = (element: HtmlElement): boolean => element.name === 'head' || element.name === 'nav';
  let page = copied(textOf(root, skip, { cells: true }).text);
  const title = header.article?.title || page.header?.article?.title || '';
  if (page.comments.length > 0) {
    const paragraphs = (page.header?.article?.text ?? '').split('\n\n').filter((each) => each !== title);
    const article = { ...header.article, title, text: paragraphs.join('\n\n') };
    sink.thread({ article, declaredCount: page.header?.declaredCount ?? header.declaredCount });
  } else {
    // A place for comments needs no heading to be one.
    const area = areaText(root, titled);
    if (area !== '') page = copied(`Comments\n\n${area}`);
    if (page.comments.length > 0) sink.thread(header);
  }
  if (page.comments.length === 0) return false;
  // Offsets and line numbers would be those of the visible text, not of the source.
  for (const { span: _, ...comment } of page.comments) sink.comment(comment);
  for (const { place: _, ...diagnostic } of page.diagnostics) sink.diagnostic(diagnostic);
  return true;
}

function copied(text: string): Found {
  const { found, sink } = collector();
  readText(text, sink);
  return found;
}

function areaText(root: HtmlElement, titled: ReadonlySet<HtmlElement>): string {
  let area: HtmlElement | undefined;
  walk(root, (node) => {
    if (
      !isElement(node) ||
      titled.has(node) ||
      !isCommentArea(node) ||
      /respond|form|count|title|head/i.test(`${attribute(node, 'id')} ${attribute(node, 'class')}`)
    )
      return;
    area ??= node;
  });
  return area === undefined
    ? ''
    : textOf(area, (element) => element.name === 'form' || element.name === 'button', { cells: true }).text;
}
