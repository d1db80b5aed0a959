import { InputError } from '../errors';
import type { Format } from './format';
import { coral } from './formats/coral';
import { csv } from './formats/csv';
import { disqus } from './formats/disqus';
import { hackerNews } from './formats/hacker-news';
import { html } from './formats/html';
import { json } from './formats/json';
import { jsonLd } from './formats/json-ld';
import { jsonl } from './formats/jsonl';
import { reddit } from './formats/reddit';
import { text } from './formats/text';
import { thread } from './formats/thread';
import { wordpress } from './formats/wordpress';
import { youtube } from './formats/youtube';

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
