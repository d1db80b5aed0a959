import { InputError } from '../errors';
import type { Thread } from '../types';
import { byteDecoder } from './decode';
import { detectSample, sampleOf } from './detect';
import type { Format } from './format';
import { formatByName } from './formats';
import { type ParseOptions, readerSettings } from './settings';
import { threadCollector } from './threads';

const CHUNK = 1024 * 1024;

/**
 * Reads every thread of an input: one for a page, as many as an export holds. In source order.
 *
 * @throws {InputError} `input-empty`, `input-binary`, `input-encoding`, `input-malformed`, `input-too-large`,
 * `unknown-format`.
 */
export function parseThreads(input: string | Uint8Array, options: ParseOptions = {}): Thread[] {
  const source = options.source ?? '-';
  const chunks = typeof input === 'string' ? [input] : decoded(input, source);
  const first = chunks[0] ?? '';
  if (chunks.every((chunk) => chunk.replace(/^\uFEFF/, '').trim() === '')) {
    throw new InputError(`${source}: empty`, { code: 'input-empty', place: { source } });
  }
  const format =
    options.format === undefined
      ? detectSample(sampleOf(first, chunks.length === 1)).format
      : formatByName(options.format);
  const collector = threadCollector();
  const reader = format.open(collector, readerSettings(options));
  for (const [index, chunk] of chunks.entries())
    reader.write(index === 0 ? withoutMark(chunk, format) : chunk);
  reader.end();
  return collector.threads(source, format.name);
}

/** Offsets count the byte-order mark, so only the format that has offsets sees it. */
export function withoutMark(text: string, format: Format): string {
  return text.charCodeAt(0) === 0xfeff && format.name !== 'text' ? text.slice(1) : text;
}

function decoded(bytes: Uint8Array, source: string): string[] {
  const decoder = byteDecoder(source);
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += CHUNK)
    chunks.push(decoder.write(bytes.subarray(start, start + CHUNK)));
  chunks.push(decoder.end());
  return chunks.filter((chunk) => chunk !== '');
}

/**
 * Reads the one thread of an input.
 *
 * @throws {InputError} as `parseThreads`, and `several-threads` when the input holds more than one.
 */
export function parseThread(input: string | Uint8Array, options: ParseOptions = {}): Thread {
  const threads = parseThreads(input, options);
  if (threads.length > 1) {
    throw new InputError(`${options.source ?? '-'}: holds ${threads.length} threads; use parseThreads`, {
      code: 'several-threads',
      place: { source: options.source ?? '-' },
    });
  }
  return threads[0]!;
}
