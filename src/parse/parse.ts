import { InputError } from '../errors';
import type { Thread } from '../types';
import { byteDecoder } from './decode';
import { detectSample, sampleLength, sampleOf } from './detect';
import type { Format, Reader } from './format';
import { formatByName } from './formats';
import { pseudonymizeThread } from './pseudonymize';
import { type ParseOptions, readerSettings } from './settings';
import { threadCollector } from './threads';

const CHUNK = 1024 * 1024;

/**
 * Reads every thread of an input: one for a page, as many as an export holds. In source order.
 *
 * @param input text, or bytes in UTF-8, UTF-16 or the encoding that an XML declaration or an HTML `meta` names
 * @throws {InputError} `input-empty`, `input-binary`, `input-encoding`, `input-malformed`, `input-too-large`,
 * `unknown-format`.
 *
 * @example
 * parseThreads('{"id":"1","text":"Well said."}\n')[0].comments
 * // [{ id: '1', parentId: null, depth: 0, position: 0, text: 'Well said.' }]
 */
export function parseThreads(input: string | Uint8Array, options: ParseOptions = {}): Thread[] {
  const source = options.source ?? '-';
  const collector = threadCollector();
  let format: Format | undefined = options.format === undefined ? undefined : formatByName(options.format);
  let reader: Reader | undefined;
  let head = '';

  function start(complete: boolean): void {
    if (isBlank(head)) return;
    format ??= detectSample(sampleOf(head, complete, options.columns)).format;
    reader = format.open(collector, readerSettings(options));
    reader.write(withoutByteOrderMark(head, format));
    head = '';
  }

  try {
    for (const text of typeof input === 'string' ? [input] : decoded(input, source)) {
      if (reader !== undefined) reader.write(text);
      else {
        head += text;
        if (head.length > sampleLength) start(false);
      }
    }
    if (reader === undefined) start(true);
    if (reader === undefined) throw emptyInput(source);
    (reader as Reader).end();
  } catch (error) {
    throw placed(error, source);
  }
  const threads = collector.threads(source, format!.name);
  const { pseudonymize } = options;
  return pseudonymize === undefined
    ? threads
    : threads.map((thread) => pseudonymizeThread(thread, pseudonymize.key));
}

export function isBlank(text: string): boolean {
  return text.replace(/^\uFEFF/, '').trim() === '';
}

export function emptyInput(source: string): InputError {
  return new InputError(`${source}: the input is empty`, { code: 'input-empty', place: { source } });
}

/** Formats do not know what their input is called; errors say it. */
export function placed(error: unknown, source: string): unknown {
  if (!(error instanceof InputError) || error.place?.source !== undefined || source === '-') return error;
  return new InputError(`${source}: ${error.message}`, {
    code: error.code,
    place: { ...error.place, source },
    cause: error.cause ?? error,
  });
}

/** Offsets count the byte-order mark, so only the format that has offsets sees it. */
export function withoutByteOrderMark(text: string, format: Format): string {
  return text.charCodeAt(0) === 0xfeff && format.name !== 'text' ? text.slice(1) : text;
}

function* decoded(bytes: Uint8Array, source: string): Generator<string> {
  const decoder = byteDecoder(source);
  for (let start = 0; start < bytes.length; start += CHUNK)
    yield decoder.write(bytes.subarray(start, start + CHUNK));
  yield decoder.end();
}

/**
 * Reads the one thread of an input.
 *
 * @throws {InputError} as `parseThreads`, and `several-threads` when the input holds more than one.
 *
 * @example
 * const { article, comments } = parseThread(await readFile('page.txt'), { source: 'page.txt' });
 */
export function parseThread(input: string | Uint8Array, options: ParseOptions = {}): Thread {
  const threads = parseThreads(input, options);
  const [only] = threads;
  if (threads.length === 1) return only!;
  // An export of one discussed page and many silent ones has one thread to speak of.
  const discussed = threads.filter((thread) => thread.comments.length > 0);
  if (discussed.length === 1) {
    const message = `${threads.length - 1} threads without comments are left out; parseThreads has them`;
    const diagnostic = { code: 'empty-threads', severity: 'info' as const, message, lost: 0 };
    return {
      ...discussed[0]!,
      diagnostics: [...threads.flatMap((thread) => thread.diagnostics), diagnostic],
    };
  }
  const source = options.source ?? '-';
  throw new InputError(`${source}: the input holds ${threads.length} threads; read it with parseThreads`, {
    code: 'several-threads',
    place: { source },
  });
}
