import { parse } from 'csv-parse/sync';
import { InputError } from '../../errors';
import type { Format, Reader, ReaderSettings, Sink } from '../format';
import { csvRecordReader } from '../reading/csv-records';
import { normalizeName, type RowReader, rowReader, usualNames } from '../reading/rows';

/** CSV and its kin (tabs, semicolons), with a row of column names. */
export const csv: Format = {
  name: 'csv',
  description: 'CSV or TSV with a header row',
  aliases: ['tsv', 'tab'],
  streaming: true,
  detect({ text, columns }) {
    const { record, end } = headOf(text) ?? { record: text.split('\n', 1)[0]!, end: '\n' };
    if (record === '' || !text.includes(end)) return 0;
    const delimiter = findDelimiter(record) ?? NONE;
    const names = cells(record, delimiter).map((name) => name.replaceAll(/\s+/g, ' '));
    const known = names.map(normalizeName);
    const named = Object.values(columns).map(normalizeName);
    if (named.length > 0 && named.every((name) => known.includes(name))) return 0.95;
    const lines = text
      .slice(text.indexOf(record) + record.length)
      .split(end, 5)
      .slice(1)
      .filter((line) => line.trim() !== '');
    // A page may begin with a button "Comment": a column that stands alone needs the name that programs give it.
    if (delimiter === NONE) return lines.length > 0 && singleNames.has(record.trim()) ? 0.5 : 0;
    if (names.length < 2 || names.length > 500) return 0;
    const even = lines.length > 1 && lines.every((line) => cells(line, delimiter).length === names.length);
    // A caller who names columns has a table, even if the names are wrong; the error then says so.
    const long = names.some((name) => name.length > 60);
    if (long) return even && named.length > 0 ? 0.4 : 0;
    const has = (field: keyof typeof usualNames): boolean =>
      usualNames[field].some((name) => known.includes(name));
    // Prose may begin "Comment, analysis and opinion": names of columns are short and follow the delimiter at once.
    const tidy = names.every(
      (name) => /^[\p{L}\p{N}_#][\p{L}\p{N}_ .#()/-]{0,39}$/u.test(name) && name.split(' ').length <= 3,
    );
    if (has('text')) return has('id') || has('author') || has('createdAt') ? 0.85 : tidy ? 0.6 : 0;
    if (!even) return 0;
    const quoted = record.startsWith('"') && names.length === record.split(`"${delimiter}"`).length;
    const short = tidy && names.length > 2 && names.every((name) => !name.includes(' '));
    return short || quoted || named.length > 0 ? 0.4 : 0;
  },
  open: openCsv,
};

const delimiters = [',', '\t', ';', '|'];
/** Stands in no text: rows of one column are not cut. */
const NONE = '\0';
const singleNames = new Set([
  'text',
  'comment',
  'body',
  'comment_text',
  'comment_body',
  'commentText',
  'tweet',
]);
/** Rows parsed at once; the parser's start costs more than a row. */
const BLOCK = 256 * 1024;
/** A first line that opens a quotation mark and does not close it is no header for longer than this. */
const MAX_HEADER = 64 * 1024;
const separatorLine = /^\s*sep=(.)\r?\n/;

function findDelimiter(header: string): string | undefined {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => bare.split(delimiter).length - 1);
  const most = Math.max(...counts);
  return most === 0 ? undefined : delimiters[counts.indexOf(most)];
}

/**
 * The first record that is not blank and what ends it: `\n`, or `\r` alone, which old spreadsheets write. Undefined where it
 * does not end within `text`.
 */
function headOf(text: string): { record: string; end: string } | undefined {
  const from = text.search(/\S/);
  if (from === -1) return undefined;
  let quoted = false;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at]!;
    if (character === '"') quoted = quoted ? false : at === from || delimiters.includes(text[at - 1]!);
    if (quoted || (character !== '\n' && character !== '\r')) continue;
    const next = text[at + 1];
    if (character === '\r' && next === undefined) return undefined;
    return { record: text.slice(from, at), end: character === '\r' && next !== '\n' ? '\r' : '\n' };
  }
  return undefined;
}

/** The fields of one or more records; stray quotation marks are text. */
function parseRecords(raw: string, delimiter: string): string[][] {
  return parse(raw, {
    delimiter,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n'],
  }) as string[][];
}

function cells(line: string, delimiter: string): string[] {
  try {
    return parseRecords(line, delimiter)[0] ?? [];
  } catch {
    return line.split(delimiter);
  }
}

function openCsv(sink: Sink, settings: ReaderSettings): Reader {
  let reader: Reader | undefined;
  let head = '';
  let carriageReturns = false;
  const lineEnds = (text: string): string => (carriageReturns ? text.replaceAll('\r', '\n') : text);
  const lose = (line: number, code: string, message: string): void =>
    sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { line } });

  function start(): void {
    // Excel may say the delimiter on a line of its own.
    const said = separatorLine.exec(head);
    if (said !== null) head = head.slice(said[0].length);
    const first = headOf(head);
    carriageReturns = first?.end === '\r';
    const record = first?.record ?? head.trimStart().split('\n', 1)[0]!;
    const delimiter = said?.[1] ?? findDelimiter(record) ?? NONE;
    reader = csvRecordReader(
      rowHandler(delimiter, said === null ? 0 : 1),
      delimiter,
      settings.maxRecordLength,
    );
    reader.write(lineEnds(head));
    head = '';
  }

  function rowHandler(delimiter: string, skipped: number) {
    let columns: Columns | undefined;
    let block: string[] = [];
    let lines: number[] = [];
    let size = 0;

    function flush(): void {
      if (block.length === 0) return;
      const rows = parseBlock(block, delimiter);
      for (const [index, row] of rows.entries()) {
        const line = lines[index]!;
        if (row === undefined) lose(line, 'malformed-record', 'the row cannot be read');
        else if (columns === undefined) columns = readHeader(row, settings);
        else readRow(row, line, columns, delimiter);
      }
      block = [];
      lines = [];
      size = 0;
    }

    function readRow(
      row: string[],
      line: number,
      { names, toComment, textAt }: Columns,
      separator: string,
    ): void {
      let fields = row;
      if (row.length > names.length && row.slice(names.length).some((field) => field.trim() !== '')) {
        if (textAt !== names.length - 1) {
          lose(line, 'malformed-record', `${row.length} fields instead of ${names.length}`);
          return;
        }
        // The text stands last and has delimiters of its own that nobody quoted.
        fields = [...row.slice(0, textAt), row.slice(textAt).join(separator)];
        const message =
          'the text holds delimiters without quotation marks; the rest of the row is taken for it';
        sink.diagnostic({ code: 'unquoted-delimiter', severity: 'warning', message, place: { line } });
      }
      const comment = toComment(fields);
      if (comment === undefined) {
        lose(
          line,
          'no-text',
          `${row.length} ${row.length === 1 ? 'field' : 'fields'} instead of ${names.length}, none for the text`,
        );
        return;
      }
      sink.comment(comment);
    }

    return {
      record(raw: string, line: number) {
        if (raw.trim() === '') return;
        block.push(raw);
        lines.push(line + skipped);
        size += raw.length;
        if (columns === undefined || size >= BLOCK) flush();
      },
      broken(line: number, reason: 'unclosed-quote' | 'too-long') {
        flush();
        const code = reason === 'too-long' ? 'record-too-long' : 'malformed-record';
        lose(
          line + skipped,
          code,
          reason === 'too-long'
            ? `longer than ${settings.maxRecordLength} characters`
            : 'a quotation mark is never closed',
        );
      },
      end() {
        flush();
        if (columns === undefined) throw new InputError('no header row', { code: 'input-malformed' });
      },
    };
  }

  return {
    write(text) {
      if (reader !== undefined) return reader.write(lineEnds(text));
      head += text;
      const whole =
        headOf(head.replace(separatorLine, '')) !== undefined || head.trimStart().length > MAX_HEADER;
      if (whole && (!/^\s*sep=/.test(head) || separatorLine.test(head))) start();
    },
    end() {
      if (reader === undefined) start();
      reader!.end();
    },
  };
}

interface Columns {
  names: string[];
  textAt: number;
  toComment: RowReader;
}

function readHeader(row: string[], settings: ReaderSettings): Columns {
  const names = row.map((name) => normalizeName(name.replace(/^\uFEFF/, '').trim()));
  for (const [field, column] of Object.entries(settings.columns)) {
    if (names.includes(normalizeName(column))) continue;
    throw new InputError(`there is no column "${column}" for ${field}; the columns are ${row.join(', ')}`, {
      code: 'input-malformed',
    });
  }
  const chosen = settings.columns.text;
  const candidates = chosen === undefined ? usualNames.text : [normalizeName(chosen)];
  const text = candidates.find((name) => names.includes(name));
  if (text === undefined) {
    throw new InputError(
      `no column holds the text; name it (columns: { text: '…' }, --column text=…); the columns are ${row.join(', ').slice(0, 300)}`,
      { code: 'input-malformed' },
    );
  }
  const toComment = rowReader(names, { ...settings.columns, text });
  return { names, textAt: names.indexOf(text), toComment };
}

/** Parses a block at once, and one by one where that does not give a row for each record. */
function parseBlock(records: readonly string[], delimiter: string): (string[] | undefined)[] {
  try {
    const rows = parseRecords(records.join('\n'), delimiter);
    if (rows.length === records.length) return rows;
  } catch {}
  return records.map((raw) => {
    try {
      const rows = parseRecords(raw, delimiter);
      return rows.length === 1 ? rows[0] : undefined;
    } catch {
      return undefined;
    }
  });
}
