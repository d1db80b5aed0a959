import type { Comment, Diagnostic } from '../types';
import type { ThreadRecord } from './format';
import { parseThreads } from './parse';
import type { ParseOptions } from './settings';

export interface ParseStreamOptions extends ParseOptions {
  /** Stops reading; the iteration then throws the signal's reason. */
  signal?: AbortSignal;
  onDiagnostic?: (diagnostic: Diagnostic) => void;
  /** What the source says of a thread, at the latest before the thread's first comment. */
  onThread?: (thread: ThreadRecord) => void;
}

/** Yields the comments of an input of any size, in order. */
export async function* parseStream(
  readable: AsyncIterable<string | Uint8Array>,
  options: ParseStreamOptions = {},
): AsyncGenerator<Comment> {
  const pieces: Buffer[] = [];
  for await (const piece of readable) {
    options.signal?.throwIfAborted();
    pieces.push(Buffer.from(piece as Uint8Array));
  }
  for (const thread of parseThreads(Buffer.concat(pieces), options)) {
    for (const diagnostic of thread.diagnostics) options.onDiagnostic?.(diagnostic);
    for (const comment of thread.comments)
      yield thread.id === undefined ? comment : { ...comment, threadId: thread.id };
  }
}
