import type { Comment, Diagnostic } from '../types';
import { byteDecoder } from './decode';
import { detectSample, sampleLength, sampleOf } from './detect';
import type { CommentRecord, Format, Reader, Sink, ThreadRecord } from './format';
import { formatByName } from './formats';
import { emptyInput, isBlank, placed, withoutByteOrderMark } from './parse';
import { createPseudonymizer } from './pseudonymize';
import { type ParseOptions, readerSettings } from './settings';
import { recentThreads } from './stream-threads';
import { threadCollector } from './threads';

export interface ParseStreamOptions extends ParseOptions {
  /** Stops reading and frees the source; the iteration then throws the signal's reason. */
  signal?: AbortSignal;
  /** Gets what `Thread.diagnostics` would hold, as it comes up. */
  onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** Gets what the source says of a thread, before the thread's first comment where the source has it before. */
  onThread?: (thread: ThreadRecord) => void;
}

/** So much text goes to a reader at once, so that what it makes of it stays small. */
const PIECE = 64 * 1024;

/**
 * Yields the comments of an input of any size, in its order, reading only as fast as they are taken. Memory is bounded for
 * JSON lines, CSV, Disqus, WordPress and for the JSON formats where they come one value a line; text, HTML and JSON documents
 * are read whole first (up to `maxDocumentLength`).
 *
 * In a stream parents are known among the last 50,000 comments at least. An answer to an older one, or to one that comes later, keeps
 * its `parentId` and gets depth 1; `orphan` is not set.
 *
 * @throws {InputError} as `parseThreads`; comments that were read before are yielded first.
 *
 * @example
 * for await (const comment of parseStream(createReadStream('export.xml'))) console.log(comment.id, comment.text);
 */
export async function* parseStream(
  readable: AsyncIterable<string | Uint8Array>,
  options: ParseStreamOptions = {},
): AsyncGenerator<Comment, void, undefined> {
  const source = options.source ?? '-';
  const { signal, onDiagnostic, onThread } = options;
  const pseudonymizer =
    options.pseudonymize === undefined ? undefined : createPseudonymizer(options.pseudonymize.key);
  let format: Format | undefined = options.format === undefined ? undefined : formatByName(options.format);
  let reader: Reader | undefined;
  let head = '';
  let records: CommentRecord[] = [];
  const report = (diagnostic: Diagnostic): void =>
    onDiagnostic?.(pseudonymizer === undefined ? diagnostic : pseudonymizer.diagnostic(diagnostic));
  const recent = recentThreads(report);
  // What a format that reads everything first has found is resolved as a whole, exactly as parseThreads does.
  const collector = threadCollector();
  const untold: ThreadRecord[] = [];
  let streaming = true;

  function tell(record: ThreadRecord): void {
    const { article } = record;
    onThread?.(
      pseudonymizer === undefined || article === undefined
        ? record
        : { ...record, article: pseudonymizer.article(article) },
    );
  }

  const sink: Sink = {
    thread(record) {
      if (streaming) return tell(record);
      collector.thread(record);
      untold.push(record);
    },
    comment(record) {
      if (streaming) records.push(record);
      else collector.comment(record);
    },
    diagnostic({ threadId, lost = 0, ...rest }) {
      if (streaming) report({ ...rest, lost });
      else collector.diagnostic({ threadId, lost, ...rest });
    },
  };

  function write(text: string): void {
    if (reader === undefined) {
      head += text;
      if (head.length > sampleLength) start(false);
    } else reader.write(text);
  }

  function start(complete: boolean): void {
    if (isBlank(head)) return;
    format ??= detectSample(sampleOf(head, complete, options.columns)).format;
    reader = format.open(sink, readerSettings(options));
    reader.write(withoutByteOrderMark(head, format));
    head = '';
  }

  function take(): Comment[] {
    const comments = records.map(recent.resolve);
    records = [];
    return pseudonymizer === undefined ? comments : comments.map(pseudonymizer.comment);
  }

  let failure: unknown;
  let yielded = 0;
  try {
    for await (const text of pieces(readable, source, signal)) {
      write(text);
      for (const comment of take()) {
        yielded += 1;
        yield comment;
        signal?.throwIfAborted();
      }
    }
    if (reader === undefined) start(true);
    if (reader === undefined) throw emptyInput(source);
    streaming = format!.streaming || yielded > 0 || records.length > 0;
    (reader as Reader).end();
  } catch (error) {
    failure = placed(error, source);
  }
  signal?.throwIfAborted();
  yield* take();
  if (!streaming && failure === undefined) {
    const threads = collector.threads(source, format!.name);
    for (const thread of threads) pseudonymizer?.learn(thread.comments);
    untold.forEach(tell);
    for (const thread of threads) {
      thread.diagnostics.forEach(report);
      for (const comment of thread.comments) {
        signal?.throwIfAborted();
        const named = thread.id === undefined ? comment : { ...comment, threadId: thread.id };
        yield pseudonymizer === undefined ? named : pseudonymizer.comment(named);
      }
    }
  }
  if (failure !== undefined) throw failure;
  recent.finish();
  if (pseudonymizer !== undefined) onDiagnostic?.(pseudonymizer.summary());
}

/** The text of a source in pieces; ends at once when the signal says so, also while the source is silent. */
async function* pieces(
  readable: AsyncIterable<string | Uint8Array>,
  source: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  signal?.throwIfAborted();
  const decoder = byteDecoder(source);
  let bytes = false;
  const iterator = readable[Symbol.asyncIterator]();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
  });
  aborted.catch(() => undefined);
  let finished = false;
  try {
    while (true) {
      const next = iterator.next();
      const { done, value } = await (signal === undefined ? next : Promise.race([next, aborted]));
      if (done === true) {
        finished = true;
        break;
      }
      bytes ||= typeof value !== 'string';
      const text = typeof value === 'string' ? value : decoder.write(value);
      if (text.length <= PIECE) yield text;
      else for (let start = 0; start < text.length; start += PIECE) yield text.slice(start, start + PIECE);
    }
    if (bytes) yield decoder.end();
  } finally {
    signal?.removeEventListener('abort', stop);
    // A source that is silent may never settle its return, so nobody waits for it.
    if (!finished) iterator.return?.()?.catch(() => undefined);
  }
}
