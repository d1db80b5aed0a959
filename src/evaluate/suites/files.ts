import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
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
 * The file itself, or the first in a folder (two levels deep) whose name fits.
 *
 * @throws EvaluationError `suite-invalid`
 */
export async function findFile(
  path: string,
  fits: (name: string) => boolean,
  expected: string,
): Promise<string> {
  if (await isFile(path)) return path;
  if (!(await isFolder(path)))
    throw new EvaluationError(`${path} does not exist; expected ${expected}.`, { code: 'suite-invalid' });
  for (const name of await listFolder(path))
    if (fits(name) && (await isFile(join(path, name)))) return join(path, name);
  for (const folder of await listFolder(path)) {
    if (!(await isFolder(join(path, folder)))) continue;
    for (const name of await listFolder(join(path, folder)))
      if (fits(name) && (await isFile(join(path, folder, name)))) return join(path, folder, name);
  }
  throw new EvaluationError(`${path} does not hold ${expected}.`, { code: 'suite-invalid' });
}

/** Records of a CSV with a header, by column name in lower case. */
export function csvRecords(text: string, path: string): Record<string, string>[] {
  try {
    return parse(text, {
      bom: true,
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      skip_empty_lines: true,
      relax_column_count: true,
    }) as Record<string, string>[];
  } catch (cause) {
    throw new EvaluationError(`${path} is not the CSV it should be: ${(cause as Error).message}`, {
      code: 'suite-invalid',
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
