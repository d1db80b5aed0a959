import { parse } from 'csv-parse/sync';
import type { Columns } from '../format';
import { normalizeName, usualNames } from './rows';

/** The record that names the columns, and what its table is like. */
export interface TableHead {
  /** Where the line begins on which it stands, and where the next one does. */
  start: number;
  after: number;
  record: string;
  /** What ends a record: `\n`, or `\r` alone, which old spreadsheets write. */
  end: string;
  delimiter: string;
  names: string[];
  /** Whether a line above names the delimiter, as Excel's `sep=;` does. */
  isSaid: boolean;
  /** Lines above it that belong to no table: a title, a note on the export. */
  caption: string[];
}

const delimiters = [',', '\t', ';', '|'];
/** Stands in no text: rows of one column are not cut. */
export const NONE = '\0';
/** A first line that opens a quotation mark and does not close it is no header for longer than this. */
const MAX_HEADER = 64 * 1024;
const MAX_CAPTION = 5;
const separatorLine = /^\s*"?sep=(.)"?\r?\n/i;

/**
 * Finds the names of the columns: the first record, or, where it names no text and one of the next does so and more, that one.
 *
 * @param last whether no more text comes
 * @returns undefined if more text is needed
 */
export function findHead(text: string, columns: Columns, last: boolean): TableHead | undefined {
  const isFinal = last || text.trimStart().length > MAX_HEADER;
  const said = separatorLine.exec(text);
  if (said === null && !isFinal && /^\s*"?sep=[^\n]*$/i.test(text)) return undefined;
  const from = said?.[0].length ?? 0;
  const first = recordAt(text, from, said?.[1]) ?? (isFinal ? firstLine(text, from, said?.[1]) : undefined);
  if (first === undefined || said !== null || fieldsIn(first.names, columns).has('text')) return first;
  const caption: string[] = [];
  for (let record = first; caption.length < MAX_CAPTION; ) {
    const next = recordAt(text, record.after);
    const row = next && recordAt(text, next.after);
    if (row === undefined && !isFinal) return undefined;
    if (next === undefined || row === undefined) break;
    caption.push(record.record.trim());
    if (isTable(next, row, columns)) return { ...next, caption };
    record = next;
  }
  return first;
}

/** Names of columns are short and follow the delimiter at once. */
export function areTidy(names: readonly string[]): boolean {
  return names.every(
    (name) => /^[\p{L}\p{N}_#(][\p{L}\p{N}_ .#()/-]{0,39}$/u.test(name) && name.split(' ').length <= 3,
  );
}

/** Which fields of a comment have a column. */
export function fieldsIn(names: readonly string[], columns: Columns): ReadonlySet<keyof Columns> {
  const known = new Set(names.map(normalizeName));
  const fields = Object.keys(usualNames) as (keyof Columns)[];
  return new Set(
    fields.filter((field) => {
      const chosen = columns[field];
      return chosen === undefined
        ? usualNames[field].some((name) => known.has(name))
        : known.has(normalizeName(chosen));
    }),
  );
}

/** Whether a record below others names columns, and is followed by a row. */
function isTable(head: TableHead, row: TableHead, columns: Columns): boolean {
  const fields = fieldsIn(head.names, columns);
  const isComment =
    fields.has('text') && (fields.has('id') || fields.has('author') || fields.has('createdAt'));
  const names = head.names.filter((name) => name !== '');
  return isComment && areTidy(names) && cells(row.record, head.delimiter).length >= head.names.length;
}

/** The first record that is not blank. Undefined where it does not end within `text`. */
function recordAt(text: string, from: number, said?: string): TableHead | undefined {
  const gap = text.slice(from, from + MAX_HEADER).search(/\S/);
  if (gap === -1) return undefined;
  const begin = from + gap;
  let quoted = false;
  for (let at = begin; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') quoted = quoted ? false : at === begin || delimiters.includes(text[at - 1]!);
    if (quoted || (character !== '\n' && character !== '\r')) continue;
    const next = text[at + 1];
    if (character === '\r' && next === undefined) return undefined;
    const end = character === '\r' && next !== '\n' ? '\r' : '\n';
    const start = begin === 0 ? 0 : Math.max(from, text.lastIndexOf(end, begin - 1) + 1);
    return headOf(text, start, at, end, said);
  }
  return undefined;
}

function firstLine(text: string, from: number, said?: string): TableHead {
  const begin = from + Math.max(text.slice(from).search(/\S/), 0);
  const end = text.indexOf('\n', begin);
  return headOf(text, begin, end === -1 ? text.length : end, '\n', said);
}

function headOf(text: string, start: number, stop: number, end: string, said?: string): TableHead {
  const record = text.slice(start, stop);
  const delimiter = said ?? findDelimiter(record) ?? NONE;
  const names = cells(record, delimiter).map((name) => name.replaceAll(/\s+/g, ' '));
  const after = Math.min(text.length, stop + (end === '\n' && text[stop] === '\r' ? 2 : 1));
  return { start, after, record, end, delimiter, names, isSaid: said !== undefined, caption: [] };
}

function findDelimiter(header: string): string | undefined {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? undefined : delimiters[counts.indexOf(most)];
}

/** The fields of one or more records; stray quotation marks are text. */
export function parseRecords(raw: string, delimiter: string): string[][] {
  return parse(raw, {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  }) as string[][];
}

export function cells(line: string, delimiter: string): string[] {
  try {
    return parseRecords(line, delimiter)[0] ?? [];
  } catch {
    return line.split(delimiter);
  }
}
