import * as z from 'zod';
import { InputError } from '../errors';
import { Decision, FailedError, Labels, SkipReason } from '../types';
import { jsonRowsOf } from './rows';

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

/** A row that `moderato label` or `moderato batch` printed. */
export type ReadRow = z.infer<typeof Row>;

/**
 * The rows of a labelled file, one by one; `-` is stdin.
 *
 * @throws InputError `input-not-found`, `input-is-directory`, `input-unreadable`, `input-empty`, or `input-malformed` with the place
 */
export async function* readLabelledRows(path: string): AsyncGenerator<ReadRow> {
  let count = 0;
  for await (const { place, value } of jsonRowsOf(path)) {
    const parsed = Row.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      const key = issue.path.join('.');
      throw new InputError(
        `${place}: not a row of moderato label: ${key ? `${key}: ` : ''}${issue.message}`,
        { code: 'input-malformed' },
      );
    }
    count += 1;
    yield parsed.data;
  }
  if (count === 0) throw new InputError(`${path} holds no rows.`, { code: 'input-empty' });
}
