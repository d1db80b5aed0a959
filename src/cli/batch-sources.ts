import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { InputError, UsageError } from '../errors';
import { type ParseOptions, parseStream, parseThreads } from '../parse/index';
import type { Comment, Diagnostic } from '../types';
import { realPath } from './batch-output';

/** One input of a batch; stdin has no size. */
export interface BatchInput {
  path: string;
  size?: number;
  modified?: number;
}

/** A comment and where it stands. */
export interface SourcedComment {
  source: string;
  comment: Comment;
  /** Bytes of all inputs up to about here. */
  bytes: number;
}

/** Inputs up to this size are read whole, as `moderato label` reads them; larger ones comment by comment. */
const wholeFile = 8 * 1024 * 1024;

/**
 * The files that the arguments name: files, patterns, or `-` for stdin; each once, in the order given.
 *
 * @param own files of the run itself, which a pattern must not catch
 * @throws InputError `input-not-found`, `input-is-directory`, `input-unreadable`
 * @throws UsageError when an input is the output
 */
export async function findInputs(patterns: readonly string[], own: readonly string[]): Promise<BatchInput[]> {
  // A link to the output is the output, under whatever name.
  const ours = new Set(await Promise.all(own.map(realPath)));
  const found = new Map<string, BatchInput>();
  for (const pattern of patterns) {
    for (const path of await expanded(pattern)) {
      const key = path === '-' ? '-' : await realPath(path);
      if (ours.has(key)) {
        if (path !== pattern) continue;
        throw new UsageError(
          `${path} is an input and the output (or its part or checkpoint); choose another output.`,
        );
      }
      if (!found.has(key)) found.set(key, path === '-' ? { path } : await describe(path));
    }
  }
  return [...found.values()];
}

async function expanded(pattern: string): Promise<string[]> {
  if (pattern === '-') return ['-'];
  const { glob, isDynamicPattern } = await import('tinyglobby');
  const exists = await stat(pattern).then(
    () => true,
    () => false,
  );
  if (exists || !isDynamicPattern(pattern)) return [pattern];
  const matches = await glob(pattern, { expandDirectories: false, onlyFiles: true });
  if (matches.length === 0) throw new InputError(`No file matches ${pattern}.`, { code: 'input-not-found' });
  return matches.sort(new Intl.Collator('en', { numeric: true }).compare);
}

async function describe(path: string): Promise<BatchInput> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw cause.code === 'ENOENT' || cause.code === 'ENOTDIR'
      ? new InputError(`${path} does not exist; check the path.`, { code: 'input-not-found', cause })
      : new InputError(`${path} cannot be read: ${cause.message}`, { code: 'input-unreadable', cause });
  });
  if (info.isDirectory())
    throw new InputError(`${path} is a folder; give its files, for example ${path.replace(/\/$/, '')}/*.`, {
      code: 'input-is-directory',
    });
  return { path, size: info.size, modified: info.mtimeMs };
}

export interface SourceEvents {
  onDiagnostic(source: string, diagnostic: Diagnostic): void;
  /** An input cannot be read, or not to its end; the next one is tried. */
  onFailure(source: string, error: unknown): void;
}

/** The comments of all inputs, one after the other. */
export async function* readInputs(
  inputs: readonly BatchInput[],
  parseOptions: Omit<ParseOptions, 'source'>,
  events: SourceEvents,
): AsyncGenerator<SourcedComment> {
  let before = 0;
  for (const { path, size = 0 } of inputs) {
    try {
      yield* readOne(path, size, before, parseOptions, events);
    } catch (error) {
      events.onFailure(path, error);
    }
    before += size;
  }
}

async function* readOne(
  path: string,
  size: number,
  before: number,
  parseOptions: Omit<ParseOptions, 'source'>,
  events: SourceEvents,
): AsyncGenerator<SourcedComment> {
  const options = { source: path, ...parseOptions };
  let read = 0;
  const chunks = counted(path === '-' ? process.stdin : createReadStream(path), (bytes) => {
    read += bytes;
  });
  const beginning: Uint8Array[] = [];
  while (read <= wholeFile) {
    const next = await nextChunk(chunks, path);
    if (next === undefined) {
      const threads = parseThreads(Buffer.concat(beginning), options);
      const share = size / threads.reduce((sum, thread) => sum + thread.comments.length, 0);
      let number = 0;
      for (const thread of threads) {
        for (const diagnostic of thread.diagnostics) events.onDiagnostic(path, diagnostic);
        for (const comment of thread.comments) {
          number += 1;
          yield { source: path, comment, bytes: before + Math.round(number * share) };
        }
      }
      return;
    }
    beginning.push(next);
  }
  const onDiagnostic = (diagnostic: Diagnostic) => events.onDiagnostic(path, diagnostic);
  // What has been handed to the parser, not what has been read to see how long the input is.
  let handed = 0;
  const pieces = counted(joined(beginning, chunks, path), (bytes) => {
    handed += bytes;
  });
  for await (const comment of parseStream(pieces, { ...options, onDiagnostic }))
    yield { source: path, comment, bytes: before + Math.min(handed, size) };
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    count(chunk.length);
    yield chunk;
  }
}

async function* joined(
  beginning: Uint8Array[],
  rest: AsyncGenerator<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  yield* beginning.splice(0);
  for (let next = await nextChunk(rest, path); next; next = await nextChunk(rest, path)) yield next;
}

async function nextChunk(chunks: AsyncGenerator<Uint8Array>, path: string): Promise<Uint8Array | undefined> {
  try {
    const { done, value } = await chunks.next();
    return done ? undefined : value;
  } catch (cause) {
    throw new InputError(`${path} cannot be read: ${(cause as Error).message}`, {
      code: 'input-unreadable',
      cause,
    });
  }
}
