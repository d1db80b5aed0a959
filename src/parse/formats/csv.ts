import { InputError } from '../../errors';
import type { Format, Reader, ReaderSettings, Sink } from '../format';
import { areTidy, cells, fieldsIn, findHead, NONE, parseRecords, type TableHead } from '../reading/csv-head';
import { csvRecordReader } from '../reading/csv-records';
import { normalizeName, type RowReader, rowReader, usualNames } from '../reading/rows';

/** CSV and its kin (tabs, semicolons), with a row of column names. */
export const csv: Format = {
  name: 'csv',
  description: 'CSV or TSV with a header row',
  aliases: ['tsv', 'tab'],
  streaming: true,
  detect({ text, columns }) {
    const head = findHead(text, columns, true);
    if (head === undefined || head.record.trim() === '' || !text.includes(head.end)) return 0;
    const { record, delimiter, names } = head;
    const known = names.map(normalizeName);
    const named = Object.values(columns).map(normalizeName);
    if (named.length > 0 && named.every((name) => known.includes(name))) return 0.95;
    if (head.isSaid && names.length > 1) return 0.9;
    if (head.caption.length > 0) return 0.7;
    const lines = text
      .slice(head.after)
      .split(head.end, 4)
      .filter((line) => line.trim() !== '');
    // A page may begin with a button "Comment": a column that stands alone needs the name that programs give it.
    if (delimiter === NONE) return lines.length > 0 && singleNames.has(record.trim()) ? 0.5 : 0;
    if (names.length < 2 || names.length > 500) return 0;
    const even = lines.length > 1 && lines.every((line) => cells(line, delimiter).length === names.length);
    // A caller who names columns has a table, even if the names are wrong; the error then says so.
    const long = names.some((name) => name.length > 60);
    if (long) return even && named.length > 0 ? 0.4 : 0;
    const fields = fieldsIn(names, {});
    // Prose may begin "Comment, analysis and opinion".
    const tidy = areTidy(names);
    if (fields.has('text'))
      return fields.has('id') || fields.has('author') || fields.has('createdAt') ? 0.85 : tidy ? 0.6 : 0;
    if (!even) return 0;
    const quoted = record.startsWith('"') && names.length === record.split(`"${delimiter}"`).length;
    const short = tidy && names.length > 2 && names.every((name) => !name.includes(' '));
    return short || quoted || named.length > 0 ? 0.4 : 0;
  },
  open: openCsv,
};

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

function openCsv(sink: Sink, settings: ReaderSettings): Reader {
  let reader: Reader | undefined;
  let head = '';
  let carriageReturns = false;
  const lineEnds = (text: string): string => (carriageReturns ? text.replaceAll('\r', '\n') : text);
  const lose = (line: number, code: string, message: string, lost = 1): void =>
    sink.diagnostic({ code, severity: 'error', message, lost, place: { line } });

  function start({ start: from, end, delimiter, caption }: TableHead): void {
    carriageReturns = end === '\r';
    const above = head.slice(0, from).split(end).length - 1;
    if (caption.length > 0) {
      const message = `the names of the columns stand in line ${above + 1}; what stands above is left out: ${JSON.stringify(caption[0]!.slice(0, 80))}`;
      sink.diagnostic({ code: 'lines-before-header', severity: 'info', message });
    }
    reader = csvRecordReader(rowHandler(delimiter, above), delimiter, settings.maxRecordLength);
    reader.write(lineEnds(head.slice(from)));
    head = '';
  }

  function rowHandler(delimiter: string, skipped: number) {
    let columns: Header | undefined;
    let block: string[] = [];
    let lines: number[] = [];
    let size = 0;

    function flush(): void {
      if (block.length === 0) return;
      for (const [index, rows] of parseBlock(block, delimiter).entries()) {
        const line = lines[index]!;
        if (rows !== undefined) readRows(rows, line);
        else lose(line, 'malformed-record', 'the row cannot be read', lineCount(block[index]!));
      }
      block = [];
      lines = [];
      size = 0;
    }

    function readRows(rows: readonly string[][], first: number): void {
      let line = first;
      for (const row of rows) {
        if (columns === undefined) columns = readHeader(row, settings);
        else readRow(row, line, columns, delimiter);
        line += row.reduce((sum, field) => sum + lineCount(field) - 1, 1);
      }
    }

    function readRow(
      row: string[],
      line: number,
      { names, toComment, textAt }: Header,
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
      broken(line: number, reason: 'unclosed-quote' | 'too-long', raw: string) {
        flush();
        if (reason === 'too-long') {
          lose(line + skipped, 'record-too-long', `longer than ${settings.maxRecordLength} characters`);
          return;
        }
        // Alone, a line whose first mark is part of its text may well be read.
        const rows = raw.indexOf('"') === raw.lastIndexOf('"') ? undefined : rowsOf(raw, delimiter);
        if (rows !== undefined) readRows(rows, line + skipped);
        else lose(line + skipped, 'malformed-record', 'a quotation mark is never closed');
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
      const found = findHead(head, settings.columns, false);
      if (found !== undefined) start(found);
    },
    end() {
      if (reader === undefined) start(findHead(head, settings.columns, true)!);
      reader!.end();
    },
  };
}

interface Header {
  names: string[];
  textAt: number;
  toComment: RowReader;
}

function readHeader(row: string[], settings: ReaderSettings): Header {
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

const lineCount = (text: string): number => text.split('\n').length;

/**
 * The rows of each record, or undefined where it cannot be read. Marks that are part of a text may make one record of several
 * lines, which then gives several rows.
 */
function parseBlock(records: readonly string[], delimiter: string): (readonly string[][] | undefined)[] {
  const rows = rowsOf(records.join('\n'), delimiter);
  if (rows?.length === records.length) return rows.map((row) => [row]);
  return records.map((raw) => rowsOf(raw, delimiter));
}

function rowsOf(raw: string, delimiter: string): string[][] | undefined {
  try {
    const rows = parseRecords(raw, delimiter);
    return rows.length === 0 ? undefined : rows;
  } catch {
    return undefined;
  }
}
