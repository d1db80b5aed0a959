import { InputError } from '../errors';
import { coral } from './coral';
import { csv } from './csv';
import { disqus } from './disqus';
import type { Format } from './format';
import { hackerNews } from './hacker-news';
import { html } from './html';
import { json } from './json';
import { jsonLd } from './json-ld';
import { jsonl } from './jsonl';
import { reddit } from './reddit';
import { text } from './text';
import { thread } from './thread';
import { wordpress } from './wordpress';
import { youtube } from './youtube';

/** Every format, in the order in which ties of detection are decided. */
export const formats: readonly Format[] = Object.freeze([
  thread,
  disqus,
  wordpress,
  coral,
  reddit,
  hackerNews,
  youtube,
  jsonLd,
  jsonl,
  json,
  csv,
  html,
  text,
]);

/**
 * The format of that name or alias; a format itself is given back.
 *
 * @throws {InputError} `unknown-format`, naming the known ones.
 */
export function formatByName(name: string | Format): Format {
  if (typeof name !== 'string') return name;
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
