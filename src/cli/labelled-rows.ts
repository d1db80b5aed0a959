import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import { InputError } from '../errors';
import { Decision, FailedError, Labels, SkipReason } from '../types';

const shared = {
  id: z.string(),
  source: z.string().optional(),
  text: z.string(),
  author: z.string().nullish(),
  decision: Decision.optional(),
};
const Row = z.discriminatedUnion('status', [
  z.looseObject({ ...shared, status: z.literal('labelled'), labels: Labels }),
  z.looseObject({
    ...shared,
    status: z.literal('skipped'),
    reason: SkipReason,
    language: z.string().optional(),
  }),
  z.looseObject({ ...shared, status: z.literal('failed'), error: FailedError }),
]);

/** A line that `moderato label` or `moderato batch` printed. */
export type ReadRow = z.infer<typeof Row>;

/**
 * The rows of a labelled file, one by one; `-` is stdin.
 *
 * @throws InputError `input-not-found`, `input-is-directory`, `input-empty`, or `input-malformed` with the line
 */
export async function* readLabelledRows(path: string): AsyncGenerator<ReadRow> {
  let count = 0;
  for await (const { line, value } of jsonLinesOf(path)) {
    const parsed = Row.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const key = issue.path.join('.');
      throw new InputError(
        `${path}:${line}: not a row of moderato label: ${key ? `${key}: ` : ''}${issue.message}`,
        { code: 'input-malformed' },
      );
    }
    count += 1;
    yield parsed.data;
  }
  if (count === 0) throw new InputError(`${path} holds no rows.`, { code: 'input-empty' });
}

/** The JSON values of a file's lines, with their numbers; empty lines are passed over. */
export async function* jsonLinesOf(path: string): AsyncGenerator<{ line: number; value: unknown }> {
  if (path !== '-') {
    const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
      throw new InputError(
        cause.code === 'ENOENT' ? `${path} does not exist; check the path.` : `${path}: ${cause.message}`,
        { code: cause.code === 'ENOENT' ? 'input-not-found' : 'input-unreadable', cause },
      );
    });
    if (info.isDirectory()) throw new InputError(`${path} is a folder.`, { code: 'input-is-directory' });
  }
  const stream = path === '-' ? process.stdin : createReadStream(path);
  let line = 0;
  for await (const text of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    const content = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (content.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(content);
    } catch (cause) {
      throw new InputError(`${path}:${line}: not JSON.`, { code: 'input-malformed', cause });
    }
    yield { line, value };
  }
}
