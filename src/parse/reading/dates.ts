const monthNames: readonly (readonly string[])[] = [
  'january jan januar janvier janv enero ene января янв gennaio gen stycznia styczeń januari січня'.split(
    ' ',
  ),
  'february feb februar février févr février febrero февраля фев febbraio lutego luty februari лютого'.split(
    ' ',
  ),
  'march mar märz mrz mars marzo марта мар marca marzec maart березня'.split(' '),
  'april apr avril avr abril abr апреля апр aprile kwietnia kwiecień квітня'.split(' '),
  'may mai mayo мая май maggio mag maja maj mei травня'.split(' '),
  'june jun juni juin junio июня июн giugno giu czerwca червня'.split(' '),
  'july jul juli juillet juil julio июля июл luglio lug lipca липня'.split(' '),
  'august aug août agosto ago августа авг sierpnia augustus серпня'.split(' '),
  'september sept sep septembre septiembre сентября сен settembre set września вересня'.split(' '),
  'october oct oktober okt octobre octubre октября окт ottobre ott października жовтня'.split(' '),
  'november nov novembre noviembre ноября ноя listopada листопада'.split(' '),
  'december dec dezember dez décembre déc diciembre dic декабря дек dicembre grudnia грудня'.split(' '),
];
const months = new Map(monthNames.flatMap((names, index) => names.map((name) => [name, index + 1] as const)));

const words = (list: string): Set<string> => new Set(list.split(/\s+/));

/** Words that name a length of time; with a number before them they make a date. */
const units =
  words(`s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days w wk wks week weeks
  mo mon month months y yr yrs year years sekunde sekunden minuten std stunde stunden tag tage tagen woche wochen monat
  monate monaten jahr jahre jahren seconde secondes heure heures jour jours semaine semaines mois an ans segundo segundos
  minuto minutos hora horas día días semana semanas mes meses año años секунд минут минуту минуты час часа часов день дня
  дней неделю недели недель месяц месяца месяцев год года лет годин години годину хвилин днів дні тижні godzin godziny
  godzinę dni minut uur dagen ore giorni settimane mesi anni`);
/** Words that are a date by themselves. */
const moments =
  words(`today yesterday heute gestern hier hoy ayer сегодня вчера oggi ieri dzisiaj wczoraj вчора сьогодні
  gisteren vandaag now`);
const weekdays =
  words(`monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
  montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes
  martes miércoles jueves viernes sábado domingo понедельник вторник среда четверг пятница суббота воскресенье`);
/** Words that may stand in a date without making one. */
const fillers =
  words(`at on the of a an about almost over ago just posted edited updated last uhr um vor am il y à de le el
  hace a las del назад тому в temu fa geleden om op st nd rd th am pm utc gmt est edt cst cdt pst pdt cet cest bst msk et pt
  z t o clock p date published e ist noon midnight г`);
const punctuation = new Set([...",.:;/-–—·•|()[]@#+’'"]);

export interface RecognizedDate {
  /** ISO 8601 without a zone unless the text names one; absent for relative and incomplete dates. */
  iso?: string;
}

interface Token {
  text: string;
  start: number;
  number: boolean;
}

/** With `strict`, stops at the first token that is no part of a date; the list then is no date. */
function tokenize(text: string, strict: boolean): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/\p{L}[\p{L}\p{M}]*|\d+|[^\s\p{L}\d]/gu)) {
    const word = match[0].toLowerCase();
    const token = { text: word, start: match.index, number: isDigit(word) };
    if (strict && !isDatePart(token)) return [];
    tokens.push(token);
  }
  return tokens;
}

const isDigit = (word: string): boolean => word.charCodeAt(0) >= 48 && word.charCodeAt(0) <= 57;

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
  return isDate(tokens) ? describe(tokens, text) : undefined;
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
    if (punctuation.has(token.text)) continue;
    const rest = tokens.slice(first);
    if (!isDate(rest)) return undefined;
    return { start: token.start, date: describe(rest, text.slice(token.start)) };
  }
  return undefined;
}

function isDatePart({ text, number }: Token): boolean {
  if (number) return text.length <= 4 || text.length === 8;
  return (
    months.has(text) ||
    units.has(text) ||
    moments.has(text) ||
    weekdays.has(text) ||
    fillers.has(text) ||
    punctuation.has(text)
  );
}

function isDate(tokens: readonly Token[]): boolean {
  if (tokens.length === 0 || !tokens.every(isDatePart)) return false;
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    if (moments.has(token.text)) return true;
    if (weekdays.has(token.text) && token.text.length > 4) return true;
    if (months.has(token.text) && tokens.some((other) => other.number)) return true;
    const article = token.text === 'a' || token.text === 'an';
    if ((token.number || article) && next && units.has(next.text)) {
      // "A day" alone is a text; "a day ago" and "3d" are times.
      if (token.number || tokens.length > 2) return true;
    }
    const third = tokens[index + 2];
    const fourth = tokens[index + 4];
    if (token.number && third?.number && next) {
      if (next.text === ':' && third.text.length === 2 && token.text.length <= 2) return true;
      if ('/-.'.includes(next.text) && fourth?.number && tokens[index + 3]?.text === next.text) return true;
    }
  }
  return false;
}

function describe(tokens: readonly Token[], text: string): RecognizedDate {
  const iso = isoOf(tokens, text.trim());
  return iso === undefined ? {} : { iso };
}

const pad = (value: number, width = 2): string => String(value).padStart(width, '0');

function isoOf(tokens: readonly Token[], text: string): string | undefined {
  const exact = normalizeDate(text);
  if (exact !== undefined) return exact;
  const date = namedDate(tokens) ?? numericDate(tokens);
  if (date === undefined) return undefined;
  const [year, month, day] = date;
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const dayStamp = `${pad(year, 4)}-${pad(month)}-${pad(day)}`;
  return dayStamp + timeOf(tokens);
}

function namedDate(tokens: readonly Token[]): [number, number, number] | undefined {
  const at = tokens.findIndex((token) => months.has(token.text));
  if (at === -1) return undefined;
  const zone = zoneAt(tokens);
  const year = tokens.find((token, index) => token.number && token.text.length === 4 && index !== zone);
  const near = [tokens[at - 1], tokens[at + 1], tokens[at - 2], tokens[at + 2]];
  const day = near.find((token) => token?.number && token.text.length <= 2 && Number(token.text) <= 31);
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
    if (c.text.length !== 4) return undefined;
    if (mark.text === '.' || x > 12) return [z, y, x];
    // 3/2/2025 is March in one country and February in another: only what is certain is said.
    return y > 12 ? [z, x, y] : undefined;
  }
  return undefined;
}

function colonOf(tokens: readonly Token[]): number {
  return tokens.findIndex(
    (token, at) => token.text === ':' && tokens[at - 1]?.number && tokens[at + 1]?.number,
  );
}

/** Where the four digits of a zone stand: `+0530` after a time. No zone is farther than 14 hours from Greenwich. */
function zoneAt(tokens: readonly Token[]): number {
  const colon = colonOf(tokens);
  if (colon === -1) return -1;
  return tokens.findIndex((token, at) => {
    const sign = tokens[at - 1];
    return (
      at > colon &&
      (sign?.text === '+' || sign?.text === '-') &&
      sign.start + 1 === token.start &&
      token.number &&
      token.text.length === 4 &&
      Number(token.text) <= 1400
    );
  });
}

function zoneOf(tokens: readonly Token[]): string | undefined {
  const at = zoneAt(tokens);
  if (at === -1) return undefined;
  const { text } = tokens[at]!;
  return text === '0000' ? 'Z' : `${tokens[at - 1]!.text}${text.slice(0, 2)}:${text.slice(2)}`;
}

function timeOf(tokens: readonly Token[]): string {
  const colon = colonOf(tokens);
  if (colon === -1) return '';
  let hour = Number(tokens[colon - 1]!.text);
  const minute = Number(tokens[colon + 1]!.text);
  const second = tokens[colon + 2]?.text === ':' ? Number(tokens[colon + 3]?.text ?? 0) : 0;
  const letters = tokens.slice(colon).map((token) => token.text);
  if ((letters.includes('pm') || letters.includes('p')) && hour < 12) hour += 12;
  else if ((letters.includes('am') || letters.includes('a')) && hour === 12) hour = 0;
  if (hour > 23 || minute > 59 || !(second <= 59)) return '';
  const zone = zoneOf(tokens) ?? (letters.includes('utc') || letters.includes('gmt') ? 'Z' : '');
  return `T${pad(hour)}:${pad(minute)}:${pad(second)}${zone}`;
}

/** ISO 8601 without a fraction that says nothing. */
const stamp = (date: Date): string => date.toISOString().replace('.000Z', 'Z');

/** The commonest form, ready to use. */
const exactShape = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;
const isoShape =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(:\d{2})?(\.\d{1,9})?\s?(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?$/i;

/**
 * A date of structured data as ISO 8601: ISO itself (a space for the `T` is mended), seconds or milliseconds since 1970.
 * A date without a zone stays without one.
 *
 * @example
 * normalizeDate('2025-03-02 16:15:00') // '2025-03-02T16:15:00'
 * normalizeDate(1740932100) // '2025-03-02T16:15:00Z'
 */
export function normalizeDate(value: unknown): string | undefined {
  if (typeof value === 'string' && value.length === 20 && exactShape.test(value)) return value;
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,13}(\.\d+)?$/.test(value))) {
    const number = Number(value);
    if (!Number.isFinite(number) || number <= 0) return undefined;
    const date = new Date(number < 1e11 ? number * 1000 : number);
    return Number.isNaN(date.getTime()) ? undefined : stamp(date);
  }
  if (typeof value !== 'string' || value.length > 40) return undefined;
  const match = isoShape.exec(value.trim());
  if (match === null) return undefined;
  const [, day, time, seconds = ':00', fraction = '', zone = ''] = match;
  if (Number.isNaN(Date.parse(day!))) return undefined;
  if (time === undefined) return day;
  const mark = /^(utc|gmt|z)$/i.test(zone)
    ? 'Z'
    : zone.replace(/^([+-]\d{2}):?(\d{2})?$/, (_, hours, minutes) => `${hours}:${minutes ?? '00'}`);
  return `${day}T${time}${seconds}${/[1-9]/.test(fraction) ? fraction : ''}${mark}`;
}

/** A date of any of the shapes above, or of RFC 2822 (`Sun, 02 Mar 2025 16:15:00 +0000`). */
export function readDate(value: unknown): string | undefined {
  const exact = normalizeDate(value);
  if (exact !== undefined || typeof value !== 'string' || value.length > 80) return exact;
  if (/[+-](?:0\d|1[0-4])\d{2}$|GMT$/.test(value.trim())) {
    const time = Date.parse(value);
    if (!Number.isNaN(time)) return stamp(new Date(time));
  }
  return recognizeDate(value.trim())?.iso;
}
