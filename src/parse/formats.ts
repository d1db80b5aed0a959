import { InputError } from '../errors';
import type { Format } from './format';
import { html } from './html';
import { jsonl } from './jsonl';
import { text } from './text';

/** Every format, in the order in which ties of detection are decided. */
export const formats: readonly Format[] = Object.freeze([jsonl, html, text]);

/**
 * The format of that name or alias.
 *
 * @throws {InputError} `unknown-format`, naming the known ones.
 */
export function formatByName(name: string): Format {
  const wanted = name.toLowerCase();
  const found = formats.find((format) => format.name === wanted || format.aliases.includes(wanted));
  if (found === undefined) {
    throw new InputError(
      `unknown format "${name}"; known: ${formats.map((format) => format.name).join(', ')}`,
      {
        code: 'unknown-format',
      },
    );
  }
  return found;
}
