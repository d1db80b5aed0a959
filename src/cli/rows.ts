import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { InputError } from '../errors';
import { lineReader } from '../parse/reading/lines';

/** All rows of a file; see `jsonRowsOf`. */
export async function readJsonRows(path: string): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const { value } of jsonRowsOf(path)) rows.push(value);
  return rows;
}

/**
 * Reads rows of JSON from a file, or stdin for `-`: one a line, as they come, or one array over the whole file. Empty
 * lines and a byte order mark are passed over.
 *
 * @returns the rows, each with its place for messages: `gold.jsonl:3`, or `gold.json, row 3` in an array
 * @throws InputError `input-not-found`, `input-is-directory`, `input-unreadable`, `input-empty`, `input-malformed`
 */
export async function* jsonRowsOf(path: string): AsyncGenerator<{ place: string; value: unknown }> {
  if (path !== '-') await check(path);
  const input = path === '-' ? process.stdin : createReadStream(path);
  const lines: string[] = [];
  let isArray: boolean | undefined;
  let number = 0;
  try {
    for await (const raw of linesOf(input)) {
      number++;
      const line = number === 1 ? raw.replace(/^\ufeff/, '') : raw;
      if (isArray === undefined && line.trim() !== '') isArray = line.trimStart().startsWith('[');
      if (isArray) lines.push(line);
      else if (line.trim() !== '') yield { place: `${path}:${number}`, value: parse(line, path, number) };
    }
  } catch (cause) {
    if (InputError.isInstance(cause)) throw cause;
    throw unreadable(path, cause);
  }
  if (isArray === undefined)
    throw new InputError(`${path} is empty; it needs one row of JSON a line.`, { code: 'input-empty' });
  if (!isArray) return;
  const rows = parse(lines.join('\n'), path, 1) as unknown[];
  for (const [index, value] of rows.entries()) yield { place: `${path}, row ${index + 1}`, value };
}

/** Lines end with `\n` alone: a text within JSON may hold U+2028, at which Node's own reader of lines cuts since version 24. */
async function* linesOf(input: Readable): AsyncGenerator<string> {
  const lines: string[] = [];
  const reader = lineReader(
    { line: (text) => lines.push(text), tooLong: () => {}, end: () => {} },
    Number.POSITIVE_INFINITY,
  );
  for await (const piece of input.setEncoding('utf8')) {
    reader.write(piece);
    yield* lines.splice(0);
  }
  reader.end();
  yield* lines;
}

/**
 * Reads a file of one JSON document, or stdin for `-`, over however many lines it is spread.
 *
 * @throws InputError as `readJsonRows` does
 */
export async function readJsonDocument(path: string): Promise<unknown> {
  if (path !== '-') await check(path);
  const content = await readText(path === '-' ? process.stdin : createReadStream(path)).catch((cause) => {
    throw unreadable(path, cause);
  });
  const document = content.replace(/^\ufeff/, '');
  if (document.trim() === '')
    throw new InputError(`${path} is empty; it needs one JSON document.`, { code: 'input-empty' });
  try {
    return JSON.parse(document);
  } catch (cause) {
    throw new InputError(`${path} is not one JSON document: ${(cause as Error).message}.`, {
      code: 'input-malformed',
      cause,
    });
  }
}

const unreadable = (path: string, cause: unknown) =>
  new InputError(`${path} cannot be read: ${(cause as Error).message}`, { code: 'input-unreadable', cause });

async function check(path: string): Promise<void> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new InputError(`${path} does not exist; check the path.`, { code: 'input-not-found', cause });
    throw unreadable(path, cause);
  });
  if (info.isDirectory())
    throw new InputError(`${path} is a folder; give a file of JSON rows.`, { code: 'input-is-directory' });
}

function parse(text: string, path: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${path}:${line}: not JSON (${(cause as Error).message}); each line is one row.`, {
      code: 'input-malformed',
      place: { line },
      cause,
    });
  }
}
