import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Article, Comment, Diagnostic, Thread } from '../types';

/** Takes personal data out of comments; one for an input, since it counts and remembers names. */
export interface Pseudonymizer {
  /** Remembers the names of authors, so that mentions that come before their comments are replaced, too. */
  learn(comments: readonly Comment[]): void;
  comment(comment: Comment): Comment;
  article<T extends Partial<Article>>(article: T): T;
  diagnostic(diagnostic: Diagnostic): Diagnostic;
  /** What has been done so far. */
  summary(): Diagnostic;
}

const NAMES = 100_000;

/**
 * Names and ids become HMAC-SHA256 under the key, cut to 48 bits: one person has one pseudonym wherever the key is the same,
 * and without the key nobody can try names out. These are pseudonyms, not anonymity: what people write about themselves stays,
 * but for e-mail addresses, telephone numbers and IP addresses.
 */
export function createPseudonymizer(key: string): Pseudonymizer {
  const counts: Counts = { email: 0, phone: 0, ip: 0 };
  let authors = 0;
  const names = new Map<string, string>();
  /** The same by how people write the names when they mention them; the first author of a name counts. */
  const spoken = new Map<string, string>();
  const hash = (kind: string, value: string): string =>
    createHmac('sha256', key).update(`${kind}:${value}`).digest('hex').slice(0, 12);

  function pseudonym(name: string): string {
    let known = names.get(name);
    if (known === undefined) {
      known = `user-${hash('name', name)}`;
      if (names.size >= NAMES) {
        names.clear();
        spoken.clear();
      }
      names.set(name, known);
      const plain = plainName(name);
      if (!spoken.has(plain)) spoken.set(plain, known);
    }
    return known;
  }

  const mention = (name: string): string | undefined =>
    names.get(name) ?? names.get(`@${name}`) ?? spoken.get(plainName(name));
  const clean = (text: string): string => redact(text, counts, mention).text;

  return {
    learn(comments) {
      for (const { author } of comments) if (author !== undefined) pseudonym(author.name);
    },
    comment(comment) {
      const { author } = comment;
      const cleaned = { ...comment };
      if (author !== undefined) {
        authors += 1;
        cleaned.author = { name: pseudonym(author.name) };
        if (author.id !== undefined) cleaned.author.id = `id-${hash('id', author.id)}`;
      }
      const { text, move } = redact(comment.text, counts, mention);
      cleaned.text = text;
      if (comment.quotes !== undefined) {
        cleaned.quotes = comment.quotes.map(({ start, end }) => ({ start: move(start), end: move(end) }));
      }
      return cleaned;
    },
    article: (article) => ({
      ...article,
      ...(article.title !== undefined && { title: clean(article.title) }),
      ...(article.text !== undefined && { text: clean(article.text) }),
    }),
    // Messages that show lines of the page show names.
    diagnostic: (diagnostic) => ({ ...diagnostic, message: diagnostic.message.replace(/: ".*$/s, '') }),
    summary: () => ({
      code: 'redacted',
      severity: 'info',
      message: `replaced ${authors} names of authors; redacted ${counts.email} e-mail addresses, ${counts.phone} telephone numbers, ${counts.ip} IP addresses`,
      lost: 0,
    }),
  };
}

/** A thread without personal data; a last diagnostic counts what was replaced. */
export function pseudonymizeThread(thread: Thread, key: string): Thread {
  const pseudonymizer = createPseudonymizer(key);
  pseudonymizer.learn(thread.comments);
  const { article } = thread;
  const cleaned: Thread = {
    ...thread,
    comments: thread.comments.map(pseudonymizer.comment),
    diagnostics: thread.diagnostics.map(pseudonymizer.diagnostic),
  };
  if (article !== undefined) cleaned.article = pseudonymizer.article(article);
  cleaned.diagnostics.push(pseudonymizer.summary());
  return cleaned;
}

type Kind = 'email' | 'phone' | 'ip';
type Counts = Record<Kind, number>;

// All repetitions are bounded, so that time stays linear in the length of the text.
const email =
  /[\p{L}\p{N}._%+-]{1,64}(?:@|\s?[[(]\s?at\s?[\])]\s?)[\p{L}\p{N}-]{1,63}(?:(?:\.|\s?[[(]\s?dot\s?[\])]\s?)[\p{L}\p{N}-]{2,63}){1,5}/giu;
const ipv4 =
  /(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?![\d]|\.\d)/g;
const ipv6 = /(?<![\w:.])[\da-f:]{3,39}(?:\d{1,3}\.){0,3}\d{0,3}(?![\w:])/gi;
const phone = /(?<![\p{L}\p{N}._/#€$£-])(?:\+|\(\+?)?\d[\d\s().\-/\u00A0]{5,22}\d(?![\p{L}\p{N}%])/gu;
/** What may be a mention: a name can have several words. An @ within a word stands for a letter. */
const mentioned =
  /(?<![\p{L}\p{M}\p{N}_])@([\p{L}\p{M}\p{N}_.'’-]{1,40}(?: [\p{L}\p{M}\p{N}_.'’-]{1,40}){0,4})/gu;
/** Where a name may end in it: after a word, and before the full stop of a sentence or the `'s` of what is somebody's. */
const nameEnd = /(?<=[\p{L}\p{M}\p{N}_])(?=[.-]*(?:[ '’]|$))/gu;

/** A name without case, nor what adorns it: `@Anna`, `anna` and `★ Anna ★` are one. */
function plainName(name: string): string {
  return name
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/^[^\p{L}\p{M}\p{N}_]{1,40}|[^\p{L}\p{M}\p{N}_]{1,40}$/gu, '');
}

function isPhone(raw: string): boolean {
  const digits = raw.replace(/\D/g, '');
  if (digits.length < 7 || digits.length > 15) return false;
  if (/^\(?\+/.test(raw) || /^00[1-9]/.test(raw)) return digits.length >= 8;
  // Dates, ranges of years and grouped amounts are numbers, too.
  if (/^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|^\d{4}\s?[-/]\s?\d{4}$/.test(raw))
    return false;
  if (/^[1-9]\d{0,2}(?:[\s.]\d{3})+$/.test(raw)) return false;
  if (/^0/.test(digits)) return digits.length >= 9;
  return /^(?:1[\s.-]?)?\(?\d{3}\)?[\s.-]{1,2}\d{3}[\s.-]\d{4}$|^\d{3}-\d{4}$/.test(raw);
}

function redact(
  text: string,
  counts: Counts,
  mention: (name: string) => string | undefined,
): { text: string; move: (offset: number) => number } {
  const found: { start: number; end: number; replacement: string }[] = [];
  const add = (match: RegExpMatchArray, kind: Kind): void => {
    const start = match.index!;
    const end = start + match[0].length;
    if (found.some((other) => start < other.end && other.start < end)) return;
    counts[kind] += 1;
    found.push({ start, end, replacement: `[${kind}]` });
  };
  if (text.includes('@') || /[[(]\s?at\s?[\])]/i.test(text))
    for (const match of text.matchAll(email)) add(match, 'email');
  if (/\d/.test(text) || text.includes('::')) {
    for (const match of text.matchAll(ipv4)) add(match, 'ip');
    for (const match of text.matchAll(ipv6)) if (/\d/.test(match[0]) && isIPv6(match[0])) add(match, 'ip');
    for (const match of text.matchAll(phone)) if (isPhone(match[0].trim())) add(match, 'phone');
  }
  for (const match of text.matchAll(mentioned)) {
    const start = match.index + 1;
    // The longest name that is known, or "Anna Kovács" would be "Anna" wherever there is one.
    for (const { index } of [...match[1]!.matchAll(nameEnd)].reverse()) {
      const replacement = mention(match[1]!.slice(0, index));
      if (replacement === undefined) continue;
      const end = start + index;
      if (!found.some((other) => start < other.end && other.start < end))
        found.push({ start, end, replacement });
      break;
    }
  }
  if (found.length === 0) return { text, move: (offset) => offset };
  found.sort((a, b) => a.start - b.start);
  let result = '';
  let at = 0;
  for (const { start, end, replacement } of found) {
    result += text.slice(at, start) + replacement;
    at = end;
  }
  return { text: result + text.slice(at), move: (offset) => moved(offset, found) };
}

function moved(
  offset: number,
  found: readonly { start: number; end: number; replacement: string }[],
): number {
  let shift = 0;
  for (const { start, end, replacement } of found) {
    if (offset <= start) break;
    // An offset within what was replaced goes to the end of the replacement.
    if (offset < end) return start + shift + replacement.length;
    shift += replacement.length - (end - start);
  }
  return offset + shift;
}
