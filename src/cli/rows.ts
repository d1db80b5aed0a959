import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { InputError } from '../errors';

/**
 * Reads rows of JSON from a file, or stdin for `-`: one a line, or one array over the whole file. Empty lines and a
 * byte order mark are passed over.
 *
 * @throws InputError `input-not-found`, `input-is-directory`, `input-unreadable`, `input-empty`, `input-malformed`
 */
export async function readJsonRows(path: string): Promise<unknown[]> {
  if (path !== '-') await check(path);
  const input = path === '-' ? process.stdin : createReadStream(path);
  const rows: unknown[] = [];
  const lines: string[] = [];
  let isArray: boolean | undefined;
  let number = 0;
  try {
    for await (const raw of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      const line = number === 1 ? raw.replace(/^\ufeff/, '') : raw;
      if (isArray === undefined && line.trim() !== '') isArray = line.trimStart().startsWith('[');
      if (isArray) lines.push(line);
      else if (line.trim() !== '') rows.push(parse(line, path, number));
    }
  } catch (cause) {
    if (InputError.isInstance(cause)) throw cause;
    throw new InputError(`${path} cannot be read: ${(cause as Error).message}`, {
      code: 'input-unreadable',
      cause,
    });
  }
  if (isArray === undefined)
    throw new InputError(`${path} is empty; it needs one row of JSON a line.`, { code: 'input-empty' });
  return isArray ? (parse(lines.join('\n'), path, 1) as unknown[]) : rows;
}

async function check(path: string): Promise<void> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new InputError(`${path} does not exist; check the path.`, { code: 'input-not-found', cause });
    throw new InputError(`${path} cannot be read: ${cause.message}`, { code: 'input-unreadable', cause });
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
