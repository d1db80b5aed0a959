import { type RecognizedDate, recognizeDate, trailingDate } from '../reading/dates';
import { readHeading } from './headings';
import type { Line } from './lines';
import {
  commonWords,
  footerBeginnings,
  interfaceFillers,
  interfaceLines,
  interfaceWords,
} from './vocabulary';

/** What a line looks like by itself. What it is, its neighbours decide. */
export const shapes = [
  'handle', // @cerebro, u/cerebro
  'says', // Cerebro says:
  'nameDate', // Cerebro · 3 hours ago
  'nameText', // Cerebro: They should pay.
  'name', // Cerebro, Noir Black
  'nameWeak', // noir black, truth seeker 99
  'badge', // Guest, Moderator
  'date', // 3 hours ago
  'interface', // Reply
  'number', // 12
  'remark', // So true
  'sentenceShort', // Agreed.
  'phrase', // No leverage for the allies
  'sentence', // They should pay for it themselves.
  'long', // more than 120 characters
  'footer', // Related posts
] as const;
export type Shape = (typeof shapes)[number];

export interface ShapedLine extends Line {
  shape: Shape;
  /** The author's name, where the line holds one beside other things. */
  name?: string;
  date?: RecognizedDate;
  likes?: number;
  /** Offset in `text` at which a comment begins on its author's line. */
  textStart?: number;
  /** What the lines around it say that it is not. */
  unfit?: 'author' | 'header';
  /** The same line stands elsewhere, too. */
  repeats: number;
}

const badges = new Set(
  `guest moderator mod admin administrator author op staff verified subscriber member fan editor contributor anonymous
  supporter premium pro vip newbie reader`.split(/\s+/),
);
const particles = new Set(
  'de da di von van der den del la le el al bin ibn ter zu du of the and y e und mc jr sr'.split(' '),
);
const sentenceEnd = /[.!?…。！？](?:["”’')\]»]|\s|\p{Extended_Pictographic}|\uFE0F)*$/u;
const listMark = /^(?:#?\d{1,5}\s*[.):]\s+|#\d{1,5}\s+|[•●▪‣◦*·–—-]\s+|\p{Extended_Pictographic}\uFE0F?\s+)/u;
const saysEnd =
  /^(.{1,60}?)\s*(?:,\s*)?\b(?:says|said|wrote|writes|commented|replied|schrieb|schreibt|sagt|a écrit|dice|dijo|escribió|пишет|написал|написала|scrive|ha scritto)(?:\s+(?:on\s+)?(.{4,60}?))?\s*(?::|\.{3}|…)?$/iu;
const byLine =
  /^(?:posted\s+by|comment\s+by|comment\s+from|written\s+by|by|from|von|par|por)[:\s]\s*(.{1,80})$/iu;

/** `**Cerebro**`, `[Cerebro]`, with what may stand beside them: `**Cerebro** (3 hours ago):`. */
const marked = /^(?:\*\*(.{1,60}?)\*\*|\[(.{1,60}?)\])(?=\s*(?:\([^)]*\))?:?$)/u;
const numbered = /^\d{1,4}[.)]\s/;
const foldMark = /^\[[–—+-]\]\s*/u;

/** Removes the numbering, bullet, picture or markup that stands around a name. */
export function withoutMark(text: string): string {
  const bare = text
    .replace(listMark, '')
    .replace(foldMark, '')
    .replace(/^#{1,6}\s+/, '');
  return isRemoved(bare) ? bare : bare.replace(marked, '$1$2');
}

/** How much a text looks like a person's name: 'name', 'weak' or not at all. Judges up to six words. */
export function nameLikeness(raw: string): 'handle' | 'name' | 'weak' | 'badge' | undefined {
  const text = withoutMark(raw.trim());
  if (text.length > 50 || !/[\p{L}\p{Extended_Pictographic}]/u.test(text)) return undefined;
  if (/^(?:@|u\/|\/u\/)[\p{L}\p{N}_.-]{2,}$/u.test(text)) return 'handle';
  if (badges.has(text.toLowerCase())) return 'badge';
  if (/[?!…,;:"“”«»<>{}=%€$£]/.test(text.replace(/,\s+(?:jr|sr|phd|md|esq)\.?$/i, ''))) return undefined;
  // "3 apples", "200 g flour"
  if (/^\d+(?:[.,/]\d+)?\s+\p{Ll}/u.test(text)) return undefined;
  const tokens = text
    .replace(/[([].{1,30}[)\]]$/, '')
    .trim()
    .split(/\s+/);
  if (tokens.length > 5 || tokens[0] === '') return undefined;
  // An abbreviation may end a name ("Peter K."), a word that ends in a full stop is a sentence.
  const last = tokens.at(-1)!;
  if (last.endsWith('.') && last.length > 3 && !/^(?:jr|sr|phd|esq)\.$/i.test(last)) return undefined;
  let capital = 0;
  let common = 0;
  for (const token of tokens) {
    const word = token.toLowerCase().replace(/’/g, "'");
    if (commonWords.has(word) && !(particles.has(word) && tokens.length > 1)) common += 1;
    // Scripts without case count as capital, as do digits and marks inside a nickname.
    if (!/^\p{Ll}/u.test(token) || particles.has(word)) capital += 1;
  }
  if (common > 0)
    return common === tokens.length || tokens.length > 3 || tokens.length === 1 ? undefined : 'weak';
  // Numbered lines are points of a list as often as names.
  if (capital === tokens.length) return tokens.length <= 4 && !numbered.test(raw) ? 'name' : 'weak';
  return tokens.length <= 3 ? 'weak' : undefined;
}

const likeWords = /^(?:likes?|upvotes?|points?|thumbs up|👍|❤️?|♥|↑|▲)$/iu;

/** A line of buttons, counters, badges and dates: `Like · 3 · Reply · 2h`. */
export function readInterface(text: string): { likes?: number; date?: RecognizedDate } | undefined {
  if (text.length > 120) return undefined;
  const plain = text
    .toLowerCase()
    .replace(/[\s.:!?…*]+$/, '')
    .replace(/\s+/g, ' ');
  if (interfaceLines.has(plain)) return {};
  if (
    /^(?:in reply to|replying to|replied to|reply to|in response to|liked by|↪|view \d+ repl|show \d+|see \d+|load \d+|logged in as|report this|edited (?:by|on|at)|last edited|antwort auf|en réponse à|en respuesta a|в ответ|ответ на|pinned by|translated from|\S+ picks?$)/.test(
      plain,
    ) &&
    plain.length < 80
  )
    return {};
  const found: { likes?: number; date?: RecognizedDate } = {};
  let strong = 0;
  const parts = text.split(/[·•|‧∙⋅]|\s{2,}|\t|\s[-–—]\s/u).map((part) => part.trim());
  for (const part of parts) {
    if (part === '') continue;
    const date = recognizeDate(part);
    if (date !== undefined) {
      found.date = date;
      strong += parts.length > 1 ? 0.5 : 0;
      continue;
    }
    // Buttons side by side are copied without the space between them: "LikeReply".
    const tokens =
      part.replace(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ').match(/[\p{L}\p{M}'’]+|\d[\d.,]*[kK]?|[^\s]/gu) ?? [];
    for (const [index, token] of tokens.entries()) {
      const word = token.toLowerCase();
      if (likeWords.test(token)) {
        const number = [tokens[index - 1], tokens[index + 1], tokens[index + 2]].find(
          (each) => each && /^\d+$/.test(each),
        );
        if (number !== undefined) found.likes = Number(number);
      }
      if (interfaceWords.has(word)) strong += 1;
      else if (/^\p{L}/u.test(token) && !interfaceFillers.has(word)) return undefined;
      else if (/^[👍👎❤♥↑↓▲▼↩⤶💬🔗]/u.test(token)) strong += 1;
    }
  }
  return strong >= 1 ? found : undefined;
}

function isFooter(text: string): boolean {
  const plain = text.toLowerCase();
  return footerBeginnings.some((beginning) => {
    if (!plain.startsWith(beginning)) return false;
    // Beginnings of sentences that a reader could write, too, count only where little follows.
    const rest = text.length - beginning.length;
    return (
      rest < 25 ||
      /cookie|copyright|©|rights|\(c\)|akismet|newsletter|email|required|continuing|powered/i.test(text)
    );
  });
}

function shapeOf(text: string): Omit<ShapedLine, keyof Line | 'repeats'> {
  if (text.length > 200) return { shape: isFooter(text) ? 'footer' : 'long' };
  if (/^[([+-]?\d[\d.,kKmM\s]*[)\]]?$/.test(text) && recognizeDate(text) === undefined)
    return { shape: 'number' };
  // Arrows and bars are buttons; a letter alone is what stands in for a picture.
  if (/^[⬆⬇↑↓▲▼△▽←→↩↪−–—+•·|…*_=\s-]+$/u.test(text)) return { shape: 'interface' };
  if (/^\p{Lu}$/u.test(text)) return { shape: 'badge' };
  if (isFooter(text)) return { shape: 'footer' };
  const date = recognizeDate(text.replace(/^[·•|,–—-]\s*/, ''));
  if (date !== undefined) return { shape: 'date', date };
  const likeness = nameLikeness(text);
  if (likeness === 'badge') return { shape: 'badge' };
  if (likeness === 'handle') return { shape: 'handle' };
  const controls = readInterface(text);
  if (controls !== undefined) return { shape: 'interface', ...controls };
  const named = readNameLine(text);
  if (named !== undefined) return named;
  if (readHeading(text)?.explicit) return { shape: 'interface' };
  if (likeness !== undefined) return { shape: likeness === 'name' ? 'name' : 'nameWeak' };
  const inline = readInlineComment(text);
  if (inline !== undefined) return { shape: 'nameText', ...inline };
  const words = text.split(/\s+/).length;
  if (text.length > 120) return { shape: 'long' };
  if (sentenceEnd.test(text)) return { shape: words <= 4 ? 'sentenceShort' : 'sentence' };
  return { shape: words <= 4 ? 'remark' : 'phrase' };
}

/** A name and something that only stands beside names: `Cerebro says:`, `Cerebro · 3h`, `By Cerebro on March 2, 2025`. */
function readNameLine(text: string): Omit<ShapedLine, keyof Line | 'repeats'> | undefined {
  if (text.length > 140) return undefined;
  const says = saysEnd.exec(text);
  if (says !== null && nameLikeness(says[1]!) !== undefined) {
    const date = says[2] === undefined ? undefined : recognizeDate(says[2]);
    if (says[2] === undefined || date !== undefined) {
      return { shape: 'says', name: cleanName(says[1]!), ...(date === undefined ? {} : { date }) };
    }
  }
  const { rest: dated, likes } = withoutControls(text);
  const split = splitTrailingDate(dated.replace(/\*$/, ''));
  if (split !== undefined) {
    const points = /\s+(-?\d{1,9})\s+(?:points?|likes?|votes?)$/iu.exec(split.before);
    const head = split.before.slice(0, points?.index).replace(dateLead, '');
    const by = byLine.exec(head)?.[1] ?? head;
    const inner = by.split(/\s*[·•|]\s*/u).filter((part) => part !== '' && readInterface(part) === undefined);
    // Two spaces stand where an arrow was: "Karamba  Cerebro" is Karamba's answer.
    const whole = (inner.length === 1 ? inner[0]! : by).split(/\s{2,}/)[0]!;
    // "Cerebro, from London, 3 hours ago"
    const name = nameLikeness(whole) === undefined ? whole.split(/,\s+/)[0]! : whole;
    const given = points === null ? likes : Number(points[1]);
    if (nameLikeness(name) !== undefined || isRemoved(withoutMark(name))) {
      return {
        shape: 'nameDate',
        name: cleanName(name),
        date: split.date,
        ...(given === undefined ? {} : { likes: given }),
      };
    }
  }
  const by = byLine.exec(text);
  if (by !== null && /^(?:posted|comment|written)/i.test(text) && nameLikeness(by[1]!) !== undefined) {
    return { shape: 'says', name: cleanName(by[1]!) };
  }
  // "Cerebro · 12 likes", "Cerebro | Moderator", "Cerebro → Karamba"
  const parts = text.split(/\s*(?:[·•|]|→|▶|\s>\s|\s{2,})\s*/u).filter((part) => part !== '');
  if (parts.length >= 2 && parts.length <= 4 && nameLikeness(parts[0]!) !== undefined) {
    const rest = parts.slice(1).map((part) => readInterface(part) ?? (nameLikeness(part) ? {} : undefined));
    if (rest.every((part) => part !== undefined)) {
      const likes = rest.find((part) => part.likes !== undefined)?.likes;
      return { shape: 'nameDate', name: cleanName(parts[0]!), ...(likes === undefined ? {} : { likes }) };
    }
  }
  return undefined;
}

/** What may stand between a name and its date. */
const dateLead = /\s+(?:on|at|am|le|el|posted|commented|says|wrote|said|replied)$/iu;

/** The date at the end of a line, and what stands before it: `Cerebro on March 2, 2025`, `Cerebro (3 hours ago`. */
export function splitTrailingDate(text: string): { before: string; date: RecognizedDate } | undefined {
  const trailing = trailingDate(text);
  if (trailing === undefined || trailing.start === 0) return undefined;
  const before = text.slice(0, trailing.start).replace(/[\s,·•|(–—:\-[@]+$/u, '');
  return { before: before.replace(dateLead, ''), date: trailing.date };
}

/** A line without the buttons at its end: `cerebro 2 days ago | next [–]`. */
function withoutControls(text: string): { rest: string; likes: number | undefined } {
  const parts = text.split(/\s+[|·•]\s+/u);
  let likes: number | undefined;
  while (parts.length > 1) {
    const controls = readInterface(parts.at(-1)!.replace(/\s*\[[–—+-]\]$/u, ''));
    if (controls === undefined || controls.date !== undefined) break;
    likes ??= controls.likes;
    parts.pop();
  }
  return {
    rest:
      parts.length === 1 ? parts[0]! : text.slice(0, text.lastIndexOf(parts.at(-1)!) + parts.at(-1)!.length),
    likes,
  };
}

/** `Cerebro: They should pay.` */
function readInlineComment(
  text: string,
): { name: string; textStart: number; date?: RecognizedDate } | undefined {
  const match = /^(.{1,40}?)\s*(?::\s+|\s[–—]\s)(?=\S)/u.exec(text);
  if (match === null) return undefined;
  const beside = /^(.+?)\s*\(([^()]+)\)$/.exec(match[1]!);
  const date = beside === null ? undefined : recognizeDate(beside[2]!);
  const name = date === undefined ? match[1]! : beside![1]!;
  if (nameLikeness(name) === undefined) return undefined;
  return { name: cleanName(name), textStart: match[0].length, ...(date === undefined ? {} : { date }) };
}

/** A name without numbering, bullets, or the words and marks around it. */
export function cleanName(raw: string): string {
  return withoutMark(raw.trim())
    .replace(/^(?:by|posted by|comment by)\s+/i, '')
    .replace(/[\s:,·•|–—-]+$/u, '')
    .trim();
}

/** Gives every line its shape. */
export function shapeLines(copied: readonly Line[]): ShapedLine[] {
  const lines = copied.flatMap(splitControls);
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line.text, (counts.get(line.text) ?? 0) + 1);
  const known = new Map<string, ReturnType<typeof shapeOf>>();
  const shaped = lines.map((line) => {
    const repeats = counts.get(line.text)!;
    const shape = known.get(line.text) ?? shapeOf(line.text);
    if (repeats > 1) known.set(line.text, shape);
    return { ...line, ...shape, repeats };
  });
  for (const [index, line] of shaped.entries()) {
    const next = shaped[index + 1];
    const before = shaped[index - 1];
    const belowName = before !== undefined && nameShapes.has(before.shape);
    // An account stands below a name, or is itself the name above a date.
    if (line.shape === 'handle' && next?.shape === 'date' && !belowName) line.unfit = 'header';
    // "Regards," and a name end a comment.
    if (before !== undefined && nameShapes.has(line.shape) && /^\p{L}[^.!?]{0,38},$/u.test(before.text))
      line.unfit = before.unfit = 'author';
    // Numbered lines without anything between them are a list.
    if (before !== undefined && numbered.test(line.text) && numbered.test(before.text))
      line.unfit = before.unfit = 'author';
    // An avatar's description or initial stands before the name that it repeats.
    if (next !== undefined && line.text.length <= 80 && isAvatar(line, next)) line.shape = 'interface';
  }
  return shaped;
}

/** Buttons in cells of their own at the end of a line become a line. */
function splitControls(line: Line): Line[] {
  let cut = line.text.length;
  let isCut = false;
  for (let at = line.text.lastIndexOf('\t'); at > 0; at = line.text.lastIndexOf('\t', at - 1)) {
    const cell = line.text.slice(at + 1, cut).trim();
    const controls = readInterface(cell);
    const isButton = controls !== undefined && controls.date === undefined;
    if (!isButton && cell !== '' && !(isCut && /^\d{1,6}$/.test(cell))) break;
    cut = at;
    isCut ||= isButton;
  }
  const head = line.text.slice(0, cut).trimEnd();
  if (!isCut || /^\d*$/.test(head) || readInterface(head) !== undefined) return [line];
  const tail = line.text.slice(cut).trimStart();
  return [
    { ...line, text: head, end: line.start + head.length },
    { ...line, text: tail, start: line.end - tail.length, gap: false },
  ];
}

const nameShapes = new Set<Shape>(['name', 'nameWeak', 'handle', 'badge', 'says', 'nameDate']);

function isAvatar({ text, shape }: ShapedLine, next: ShapedLine): boolean {
  if (/^(?:avatar|photo|image|profile picture) (?:of|for) /i.test(text)) return true;
  if (!nameShapes.has(next.shape)) return false;
  if (text === next.text) return nameShapes.has(shape);
  const described = /^(?:comment|posted|avatar|image|photo|picture|profile|user)\b/i.test(text);
  if (described && text.includes(next.text) && !sentenceEnd.test(text)) return true;
  if (/^\p{L}{1,2}$/u.test(text)) return next.text.toLowerCase().startsWith(text[0]!.toLowerCase());
  return text.length < 60 && /avatar|gravatar|profile (?:photo|picture|image)|user icon/i.test(text);
}

const removed =
  /^[[(<]?\s*(?:(?:this |the )?(?:comment|post|message)(?: has been| was| is)? )?(?:deleted|removed|withdrawn|hidden)(?: by (?:the |a |its )?(?:author|user|moderators?|administrators?|admin|staff|poster)(?: (?:because|for) .{1,200})?)?\.?\s*[\])>]?$/i;

/** Whether a comment's text only says that the comment is gone. */
export function isRemoved(text: string): boolean {
  return text.length < 300 && removed.test(text);
}
