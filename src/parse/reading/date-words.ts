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
export const months = new Map(
  monthNames.flatMap((names, index) => names.map((name) => [name, index + 1] as const)),
);

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
export const punctuation = new Set([...",.:;/-–—·•|()[]@#+−’'"]);

export interface Token {
  text: string;
  start: number;
  number: boolean;
}

/** With `strict`, stops at the first token that is no part of a date; the list then is no date. */
export function tokenize(text: string, strict: boolean): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/\p{L}[\p{L}\p{M}]*|\d+|[^\s\p{L}\d]/gu)) {
    const word = match[0].toLowerCase();
    const token = { text: word, start: match.index, number: isDigit(word) };
    if (strict && !isDatePart(token)) return [];
    tokens.push(token);
  }
  return tokens;
}

export const isDigit = (word: string): boolean => word.charCodeAt(0) >= 48 && word.charCodeAt(0) <= 57;

export function isDatePart({ text, number }: Token): boolean {
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

/** Whether tokens are a date or a time, and nothing else. */
export function isDate(tokens: readonly Token[]): boolean {
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
