import { decodeHTML, decodeHTMLAttribute, decodeHTMLStrict } from 'entities';
import { Parser, Tokenizer } from 'htmlparser2';
import type { Span } from '../../types';
import { markQuotes } from './quotes';

/** Elements that begin and end a paragraph. */
const blocks = new Set(
  `address article aside blockquote center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
  header hr legend li main nav ol p pre section summary table tbody tfoot thead tr ul`.split(/\s+/),
);
const hidden = new Set(
  'script style noscript template head title iframe object svg math button select textarea input'.split(' '),
);

export interface PlainText {
  text: string;
  /** Parts of `text` that came from `<blockquote>` or from lines that start with `>`. */
  quotes: Span[];
}

/**
 * Builds plain text from the events of an HTML parser: paragraphs parted by one empty line, `<br>` a line end, runs of
 * white space one space. Quotations are marked. No recursion, so depth costs nothing.
 */
export class TextBuilder {
  #parts: string[] = [];
  #length = 0;
  #pending: '' | ' ' | '\n' | '\n\n' = '';
  #preformatted = 0;
  #hidden = 0;
  #quoteDepth = 0;
  #quoteStart = -1;
  #quotes: Span[] = [];

  open(name: string, attributes: Record<string, string> = {}): void {
    if (hidden.has(name)) this.#hidden += 1;
    if (this.#hidden > 0) return;
    if (name === 'br') this.#break(this.#pending === '\n' ? '\n\n' : '\n');
    else if (name === 'img') this.#image(attributes);
    else if (name === 'q') this.#append('“');
    else if (name === 'td' || name === 'th') this.#break(' ');
    else if (blocks.has(name)) this.#break('\n\n');
    if (name === 'pre') this.#preformatted += 1;
    if (name === 'blockquote') this.#quoteDepth += 1;
  }

  close(name: string): void {
    if (hidden.has(name) && this.#hidden > 0) this.#hidden -= 1;
    if (this.#hidden > 0) return;
    if (name === 'blockquote' && this.#quoteDepth > 0) {
      this.#quoteDepth -= 1;
      if (this.#quoteDepth === 0) this.#endQuote();
    }
    if (name === 'pre' && this.#preformatted > 0) this.#preformatted -= 1;
    if (name === 'q') this.#append('”');
    else if (blocks.has(name)) this.#break('\n\n');
  }

  text(data: string): void {
    if (this.#hidden > 0) return;
    if (this.#preformatted > 0) {
      const lines = data.replaceAll('\r\n', '\n').split('\n');
      for (const [index, line] of lines.entries()) {
        if (index > 0) this.#break('\n');
        if (line !== '') this.#append(line);
      }
      return;
    }
    // Only the white space that HTML collapses. A no-break space is a character like any other, but alone it is what
    // editors put into empty paragraphs.
    const collapsed = /[\t\n\r\f]| {2}/.test(data) ? data.replace(/[ \t\n\r\f]+/g, ' ') : data;
    if (/^[ \u00a0]*$/.test(collapsed)) {
      this.#break(' ');
      return;
    }
    const leading = collapsed.startsWith(' ');
    const trailing = collapsed.endsWith(' ');
    if (leading) this.#break(' ');
    this.#append(collapsed.slice(leading ? 1 : 0, trailing ? -1 : undefined));
    if (trailing) this.#break(' ');
  }

  #image(attributes: Record<string, string>): void {
    const { alt, class: classes = '' } = attributes;
    // Pictures of emoji stand for a character; other pictures say nothing that a reader wrote.
    if (
      alt !== undefined &&
      alt !== '' &&
      (/emoji|smiley|smilie|emoticon/i.test(classes) || /^\p{Extended_Pictographic}/u.test(alt))
    ) {
      this.#append(alt);
    }
  }

  #break(kind: ' ' | '\n' | '\n\n'): void {
    if (kind.length > this.#pending.length || (kind !== ' ' && this.#pending === ' ')) this.#pending = kind;
  }

  #append(data: string): void {
    if (data === '') return;
    if (this.#length > 0 && this.#pending !== '') {
      this.#parts.push(this.#pending);
      this.#length += this.#pending.length;
    }
    this.#pending = '';
    if (this.#quoteDepth > 0 && this.#quoteStart === -1) this.#quoteStart = this.#length;
    this.#parts.push(data);
    this.#length += data.length;
  }

  #endQuote(): void {
    if (this.#quoteStart !== -1) this.#quotes.push({ start: this.#quoteStart, end: this.#length });
    this.#quoteStart = -1;
  }

  finish(): PlainText {
    if (this.#quoteDepth > 0) this.#endQuote();
    const text = this.#parts.join('');
    return { text, quotes: mergeSpans([...this.#quotes, ...markQuotes(text)]) };
  }
}

function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}

/**
 * The text of a piece of HTML.
 *
 * @example
 * htmlToText('<p>No.</p><blockquote>They pay.</blockquote>') // { text: 'No.\n\nThey pay.', quotes: [{ start: 5, end: 14 }] }
 */
export function htmlToText(html: string): PlainText {
  if (!html.includes('<') && !html.includes('&')) return plainText(html.replaceAll('\r\n', '\n').trim());
  current = new TextBuilder();
  depth = 0;
  try {
    textParser.parseComplete(html);
  } catch (error) {
    if (error !== tooDeep) throw error;
    current = new TextBuilder();
    readTags(html, current);
  }
  const { text, quotes } = current.finish();
  return { text, quotes };
}

// Making a parser costs more than reading a comment with it. Nothing waits in between, so one serves all.
let current = new TextBuilder();
let depth = 0;
const MAX_DEPTH = 2000;
const tooDeep = new Error('nested too deep');
const textParser = new Parser(
  {
    onopentag(name, attributes) {
      depth += 1;
      if (depth > MAX_DEPTH) throw tooDeep;
      for (const key in attributes)
        if (attributes[key]!.includes('&')) attributes[key] = decodeHTMLAttribute(attributes[key]!);
      current.open(name, attributes);
    },
    ontext: (data) => current.text(data.includes('&') ? decodeHTML(data) : data),
    onclosetag(name) {
      depth -= 1;
      current.close(name);
    },
  },
  // The parser runs through text three times as fast when it does not look for references in it.
  { decodeEntities: false },
);

/** Text that is not HTML, with its quotations marked. */
export function plainText(text: string): PlainText {
  return { text, quotes: markQuotes(text) };
}

/** HTML whose paragraphs are parted by line ends instead of elements, as WordPress stores comments. */
export function looseHtmlToText(html: string): PlainText {
  const normalized = html.replaceAll('\r\n', '\n').trim();
  if (!normalized.includes('<') && !normalized.includes('&'))
    return plainText(normalized.replace(/\n{3,}/g, '\n\n'));
  return htmlToText(hasBlocks(normalized) ? normalized : normalized.replaceAll('\n', '<br>'));
}

const element =
  /<\/?(?:a|abbr|b|big|blockquote|br|center|cite|code|dd|del|div|dl|dt|em|figure|font|h[1-6]|hr|i|iframe|img|ins|kbd|li|mark|ol|p|pre|q|s|section|small|span|strike|strong|sub|sup|table|tbody|td|th|thead|tr|tt|u|ul)(?:\s+[\w-]+=[^<>]*|\s*\/?)>/i;

/** Whether a text holds an element of HTML or a character reference, which nobody types into a comment. */
function isHtml(text: string): boolean {
  if (text.includes('<') && element.test(text)) return true;
  const references = text.includes('&') ? (text.match(/&(?:#x?[\da-f]+|[a-z]+\d*);/gi) ?? []) : [];
  return references.some((reference) => decodeHTMLStrict(reference) !== reference);
}

/** Text of which nothing says whether it is HTML. */
export function maybeHtmlToText(text: string): PlainText {
  return isHtml(text) ? looseHtmlToText(text) : plainText(text);
}

function hasBlocks(html: string): boolean {
  let found = false;
  tokenize(html, (name) => {
    if (name === 'p' || name === 'br' || name === 'div') found = true;
  });
  return found;
}

/** Text without regard to what is nested in what, for input that nests only to do harm. */
function readTags(html: string, builder: TextBuilder): void {
  tokenize(
    html,
    (name) => {
      if (blocks.has(name) && name !== 'pre' && name !== 'blockquote') builder.close(name);
    },
    (text) => builder.text(text),
  );
}

/** Tags and texts as they come. Unlike the parser, the tokenizer keeps no stack. */
function tokenize(html: string, tag: (name: string) => void, text?: (data: string) => void): void {
  const nothing = (): void => undefined;
  const tokenizer = new Tokenizer(
    { decodeEntities: true },
    {
      onopentagname: (start, end) => tag(html.slice(start, end).toLowerCase()),
      ontext: (start, end) => text?.(html.slice(start, end)),
      ontextentity: (codepoint) => text?.(String.fromCodePoint(codepoint)),
      onattribdata: nothing,
      onattribentity: nothing,
      onattribend: nothing,
      onattribname: nothing,
      oncdata: nothing,
      onclosetag: nothing,
      oncomment: nothing,
      ondeclaration: nothing,
      onend: nothing,
      onopentagend: nothing,
      onprocessinginstruction: nothing,
      onselfclosingtag: nothing,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
}
