import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { EvaluationError } from '../../errors';

export const isFolder = async (path: string) =>
  (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
export const isFile = async (path: string) => (await stat(path).catch(() => undefined))?.isFile() ?? false;

export async function listFolder(path: string): Promise<string[]> {
  return (await readdir(path)).sort();
}

/** The text of a file in UTF-8, or in Windows-1252, which some suites are given out in. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    throw new EvaluationError(`${path} cannot be read: ${cause.message}`, { code: 'suite-invalid', cause });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * The file itself, or the one in a folder (two levels deep) whose name fits.
 *
 * @param names the names that fit, the preferred first
 * @throws EvaluationError `suite-invalid`
 */
export async function findFile(
  path: string,
  names: readonly (string | RegExp)[],
  expected: string,
): Promise<string> {
  if (await isFile(path)) return path;
  if (!(await isFolder(path)))
    throw new EvaluationError(`${path} does not exist; expected ${expected}.`, { code: 'suite-invalid' });
  const files = await filesUnder(path);
  for (const name of names) {
    const found = files.find((file) =>
      typeof name === 'string' ? basename(file) === name : name.test(basename(file)),
    );
    if (found !== undefined) return found;
  }
  throw new EvaluationError(`${path} does not hold ${expected}.`, { code: 'suite-invalid' });
}

/** Files of a folder, then those of the folders in it. */
async function filesUnder(path: string): Promise<string[]> {
  const entries = (await listFolder(path)).map((name) => join(path, name));
  const files: string[] = [];
  const deeper: string[] = [];
  for (const entry of entries) {
    if (await isFile(entry)) files.push(entry);
    else if (await isFolder(entry))
      for (const name of await listFolder(entry))
        if (await isFile(join(entry, name))) deeper.push(join(entry, name));
  }
  return [...files, ...deeper];
}

/**
 * Records of a CSV with a header, by column name in lower case. All have a cell for every column: one with fewer is what
 * a download that broke off leaves.
 *
 * @throws EvaluationError `suite-invalid`, naming the record
 */
export function csvRecords(text: string, path: string): Record<string, string>[] {
  try {
    return parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      relax_column_count_more: true,
    }) as Record<string, string>[];
  } catch (cause) {
    const { message, records } = cause as Error & { records?: number };
    const record = (records ?? 0) + 1;
    throw new EvaluationError(`${path} is not the CSV it should be, from record ${record} on: ${message}`, {
      code: 'suite-invalid',
      place: { record },
      cause,
    });
  }
}

/** @throws EvaluationError `suite-invalid`, naming the columns that are missing */
export function requireColumns(
  record: Record<string, string> | undefined,
  columns: readonly string[],
  path: string,
): void {
  const missing = columns.filter((column) => record === undefined || !Object.hasOwn(record, column));
  if (missing.length > 0)
    throw new EvaluationError(
      `${path} lacks the column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; it has ${Object.keys(record ?? {}).join(', ') || 'none'}.`,
      { code: 'suite-invalid' },
    );
}

/** @throws EvaluationError `suite-invalid` where the cell is no number from 0 to 1 */
export function probabilityIn(
  record: Record<string, string>,
  column: string,
  index: number,
  path: string,
): number {
  const cell = record[column]!.trim();
  const value = cell === '' ? Number.NaN : Number(cell);
  if (!(value >= 0 && value <= 1))
    throw new EvaluationError(
      `${path}: record ${index + 1} has "${cell}" under ${column}; expected a number from 0 to 1.`,
      { code: 'suite-invalid', place: { record: index + 1 } },
    );
  return value;
}
