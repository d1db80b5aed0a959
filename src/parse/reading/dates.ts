import { isDate, isDatePart, isDigit, months, punctuation, type Token, tokenize } from './date-words';

export interface RecognizedDate {
  /** ISO 8601 without a zone unless the text names one; absent for relative and incomplete dates. */
  iso?: string;
}

function endsLikeDate(text: string): boolean {
  const last = /(\p{L}[\p{L}\p{M}]*|\d+)[^\p{L}\d]{0,3}$/u.exec(text.slice(-20))?.[1]?.toLowerCase();
  return last !== undefined && isDatePart({ text: last, start: 0, number: isDigit(last) });
}

/**
 * Reads a text that is a date or a time and nothing else: `3 hours ago`, `March 2, 2025 at 4:15 pm`, `2025-03-02`, `3h`.
 *
 * @returns undefined if any part of the text is not part of a date.
 */
export function recognizeDate(text: string): RecognizedDate | undefined {
  if (text.length > 80) return undefined;
  const tokens = tokenize(text, true);
  return isDate(tokens) ? describe(text) : undefined;
}

/** Finds where a date at the end of `text` begins: in `Cerebro, 3 hours ago`, at `3`. */
export function trailingDate(text: string): { start: number; date: RecognizedDate } | undefined {
  if (text.length > 160) return undefined;
  if (!endsLikeDate(text)) return undefined;
  const tokens = tokenize(text, false);
  let first = tokens.length;
  while (first > 0 && isDatePart(tokens[first - 1]!)) first -= 1;
  for (; first < tokens.length; first += 1) {
    const token = tokens[first]!;
    // Punctuation belongs to what separates the date from the rest.
    if (punctuation.has(token.text) || isMonthOfName(tokens, first)) continue;
    if (!isDate(tokens.slice(first))) return undefined;
    return { start: token.start, date: describe(text.slice(token.start)) };
  }
  return undefined;
}

/** The `May` of "Theresa May on March 2": a date has one month. */
function isMonthOfName(tokens: readonly Token[], at: number): boolean {
  const isMonth = ({ text }: Token): boolean => months.has(text);
  return isMonth(tokens[at]!) && !tokens[at + 1]?.number && tokens.slice(at + 1).some(isMonth);
}

function describe(text: string): RecognizedDate {
  const iso = isoOf(text.trim());
  return iso === undefined ? {} : { iso };
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function isoOf(text: string): string | undefined {
  const exact = normalizeDate(text);
  if (exact !== undefined || isoShape.test(text)) return exact;
  // The numbers of a time could be taken for a day or a year, so it is cut out first.
  const { time, rest } = cutTime(text);
  const tokens = tokenize(rest, false);
  const date = namedDate(tokens) ?? numericDate(tokens);
  if (time === undefined || date === undefined || !isRealDay(...date)) return undefined;
  const [year, month, day] = date;
  return `${pad(year, 4)}-${pad(month)}-${pad(day)}${time}`;
}

function isRealDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function namedDate(tokens: readonly Token[]): [number, number, number] | undefined {
  const at = tokens.findIndex((token) => months.has(token.text));
  if (at === -1) return undefined;
  const year = tokens.find((token) => token.number && token.text.length === 4);
  // "2nd of March" has its day three tokens before the month.
  const near = [at - 1, at + 1, at - 2, at + 2, at - 3].map((index) => tokens[index]);
  const day = near.find((token) => token?.number && token.text.length <= 2);
  if (year === undefined || day === undefined) return undefined;
  return [Number(year.text), months.get(tokens[at]!.text)!, Number(day.text)];
}

function numericDate(tokens: readonly Token[]): [number, number, number] | undefined {
  for (let at = 0; at + 4 < tokens.length; at += 1) {
    const [a, mark, b, second, c] = tokens.slice(at, at + 5) as [Token, Token, Token, Token, Token];
    if (!a.number || !b.number || !c.number || mark.text !== second.text || !'/-.'.includes(mark.text))
      continue;
    const [x, y, z] = [Number(a.text), Number(b.text), Number(c.text)];
    if (a.text.length === 4) return [x, y, z];
    // Where points part its numbers, a date begins with the day: 13.2.25.
    if (mark.text === '.' && c.text.length === 2) return [z < 70 ? 2000 + z : 1900 + z, y, x];
    if (c.text.length !== 4) return undefined;
    if (mark.text === '.' || x > 12) return [z, y, x];
    // 3/2/2025 is March in one country and February in another: only what is certain is said.
    return y > 12 ? [z, x, y] : undefined;
  }
  return undefined;
}

const clockShape =
  /(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?![\d:])(?:\s*([ap])(?:\.?\s?m)?\b\.?)?/i;
/** `UTC`, `GMT+1`, `UTC-05:00`, and without these words only what can be no other number: ` +0530`, ` -05:00`. */
const zoneShape =
  /(?:\b(?:utc|gmt)(?:\s?([+−-])(\d{1,2})(?::?(\d{2}))?)?|(?:\s|^(?=[+-]\d{4}))([+−-])(0\d|1[0-4]):?(00|15|30|45)|^z)(?![\d:\p{L}])/iu;

/** The time in a text that is a date, as ISO 8601 writes it, and the text without it; no time is '', an impossible one undefined. */
function cutTime(text: string): { time: string | undefined; rest: string } {
  const clock = clockShape.exec(text);
  if (clock === null) return { time: '', rest: text };
  const before = text.slice(0, clock.index);
  const after = text.slice(clock.index + clock[0].length);
  const zone = zoneShape.exec(after);
  return {
    time: timeOf(clock, zone),
    rest: `${before} ${zone === null ? after : after.replace(zone[0], ' ')}`,
  };
}

function timeOf(clock: RegExpExecArray, zone: RegExpExecArray | null): string | undefined {
  const [minute, second] = [Number(clock[2]), Number(clock[3] ?? 0)];
  const half = clock[4]?.toLowerCase();
  let hour = Number(clock[1]);
  if (half === 'p' && hour < 12) hour += 12;
  else if (half === 'a' && hour === 12) hour = 0;
  const offset = zone === null ? '' : offsetOf(zone);
  if (hour > 23 || minute > 59 || second > 59 || offset === undefined) return undefined;
  return `T${pad(hour)}:${pad(minute)}:${pad(second)}${offset}`;
}

function offsetOf(zone: RegExpExecArray): string | undefined {
  const sign = zone[1] ?? zone[4];
  const [hours, minutes] = [Number(zone[2] ?? zone[5] ?? 0), Number(zone[3] ?? zone[6] ?? 0)];
  // No zone is farther than 14 hours from Greenwich.
  if (hours > 14 || minutes > 59) return undefined;
  return hours + minutes === 0 ? 'Z' : `${sign === '+' ? '+' : '-'}${pad(hours)}:${pad(minutes)}`;
}

/** ISO 8601 without a fraction that says nothing. */
const stamp = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

/** The commonest form, on a day that all months have, ready to use. */
const exactShape = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const isoShape =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;
/** ISO's basic form: 20250302, 20250302T161500Z. */
const basicShape = /^((?:19|20)\d{2})(\d{2})(\d{2})(?:T?(\d{2})(\d{2})(\d{2})(Z|[+-]\d{4})?)?$/i;
/** Seconds since 1970, or thousandths or millionths of them. */
const epochShape = /^(?:\d{9,13}|\d{15,16})(?:\.\d+)?$/;

/**
 * A date of structured data as ISO 8601: ISO itself (a space for the `T` is mended), seconds, milliseconds or microseconds
 * since 1970. A date without a zone stays without one.
 *
 * @example
 * normalizeDate('2025-03-02 16:15:00') // '2025-03-02T16:15:00'
 * normalizeDate('1740932100') // '2025-03-02T16:15:00Z'
 */
function normalizeDate(value: string): string | undefined {
  if (value.length === 20 && exactShape.test(value)) return value;
  if (value.length > 40) return undefined;
  if (epochShape.test(value)) return readEpoch(Number(value));
  const text = value.trim().replace(basicShape, (_, year, month, day, hour, minute, second, zone = '') => {
    return `${year}-${month}-${day}${hour === undefined ? '' : `T${hour}:${minute}:${second}${zone}`}`;
  });
  const match = isoShape.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, time, seconds = ':00', fraction = '', zone = ''] = match;
  if (!isRealDay(Number(year), Number(month), Number(day))) return undefined;
  const date = `${year}-${month}-${day}`;
  if (time === undefined) return date;
  const mark = /^(utc|gmt|z)$/i.test(zone)
    ? 'Z'
    : zone.replace(/^([+-]\d{2}):?(\d{2})?$/, (_, hours, minutes) => `${hours}:${minutes ?? '00'}`);
  const iso = `${date}T${time}${seconds}${/[1-9]/.test(fraction) ? fraction : ''}${mark}`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
}

function readEpoch(number: number): string | undefined {
  if (number <= 0) return undefined;
  const milliseconds = number < 1e11 ? number * 1000 : number < 1e14 ? number : number / 1000;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? undefined : stamp(date);
}

/**
 * A date of any of the shapes above, of RFC 2822 (`Sun, 02 Mar 2025 16:15:00 +0000`, said in UTC), or with its zone's name
 * behind it: `… GMT+0100 (CET)`, `2025-03-02T16:15:00+01:00[Europe/Paris]`.
 */
export function readDate(value: string): string | undefined {
  const exact = normalizeDate(value);
  if (exact !== undefined || value.length > 120) return exact;
  const text = value.trim().replace(/(?<=\d|Z|GMT|UTC)\s?[([][^()[\]]*[)\]]$/, '');
  const iso = recognizeDate(text)?.iso;
  const isMail = iso !== undefined && /[+-]\d{4}$/.test(text) && /[+-]\d{2}:\d{2}$/.test(iso);
  return isMail ? stamp(new Date(iso)) : iso;
}
