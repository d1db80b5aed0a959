import { readdirSync, readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { type ParseStreamOptions, parseStream, parseThreads } from '../../src/parse/index';
import type { Comment, Diagnostic } from '../../src/types';

async function* cut(bytes: Uint8Array, size: number) {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function collect(
  source: AsyncIterable<string | Uint8Array>,
  options?: ParseStreamOptions,
): Promise<Comment[]> {
  const comments: Comment[] = [];
  for await (const comment of parseStream(source, options)) comments.push(comment);
  return comments;
}

const files = readdirSync('tests/parse/data').filter((name) => name.startsWith('thread.'));

describe('a stream', () => {
  test.each(files)('gives the comments of %s as parseThreads does, however it is cut', async (file) => {
    const bytes = readFileSync(`tests/parse/data/${file}`);
    const expected = parseThreads(bytes).flatMap((thread) => thread.comments);
    for (const size of [1, 13, 100_000]) {
      const streamed = await collect(cut(bytes, size));
      expect(streamed.map(({ threadId: _, ...comment }) => comment)).toEqual(expected);
    }
  });

  test('reads no further than it is asked for', async () => {
    let produced = 0;
    async function* endless() {
      for (;;) {
        produced += 1;
        yield `${JSON.stringify({ id: String(produced), text: 'x'.repeat(60_000) })}\n`;
      }
    }
    const taken: string[] = [];
    for await (const comment of parseStream(endless())) {
      taken.push(comment.id);
      if (taken.length === 20) break;
    }
    expect(taken.at(-1)).toBe('20');
    expect(produced).toBeLessThan(25);
  });

  test('frees its source when the consumer leaves', async () => {
    const readable = Readable.from(cut(Buffer.from('{"id":"1","text":"a"}\n'.repeat(10_000)), 1000));
    for await (const _ of parseStream(readable)) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(readable.destroyed).toBe(true);
  });

  test('stops at once on abort, also while the source is silent', async () => {
    const controller = new AbortController();
    async function* silent() {
      yield '{"id":"1","text":"a"}\n';
      await new Promise(() => undefined);
    }
    setTimeout(() => controller.abort(new Error('enough')), 20);
    await expect(collect(silent(), { signal: controller.signal })).rejects.toThrow('enough');
  });

  test('yields what it read before an error', async () => {
    async function* broken() {
      yield Buffer.from(`${'{"id":"1","text":"a"}\n'.repeat(4000)}`);
      yield Buffer.from([0xff, 0xff]);
    }
    const seen: Comment[] = [];
    const run = async () => {
      for await (const comment of parseStream(broken(), { source: 'x.jsonl' })) seen.push(comment);
    };
    await expect(run()).rejects.toMatchObject({
      name: 'InputError',
      code: 'input-encoding',
      place: { source: 'x.jsonl' },
    });
    expect(seen).toHaveLength(4000);
  });

  test('a line of 500 MB costs that line, in bounded memory', async () => {
    const diagnostics: Diagnostic[] = [];
    const piece = Buffer.alloc(1 << 20, 'x');
    async function* long() {
      yield Buffer.from('{"id":"0","text":"first"}\n{"id":"1","text":"');
      for (let count = 0; count < 500; count += 1) yield piece;
      yield Buffer.from('"}\n{"id":"2","text":"last"}\n');
    }
    const before = process.memoryUsage().rss;
    const comments = await collect(long(), { onDiagnostic: (each) => diagnostics.push(each) });
    expect(comments.map((comment) => comment.id)).toEqual(['0', '2']);
    expect(diagnostics).toMatchObject([{ code: 'record-too-long', lost: 1, place: { line: 2 } }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(150e6);
  });

  test('tells of threads before their comments', async () => {
    const events: string[] = [];
    const source = cut(readFileSync('tests/parse/data/thread.wxr.xml'), 50);
    for await (const comment of parseStream(source, {
      onThread: (thread) => events.push(`thread ${thread.id}`),
    }))
      events.push(comment.id);
    expect(events).toEqual(['thread 900', '101', '102', '103', '104']);
  });
});
