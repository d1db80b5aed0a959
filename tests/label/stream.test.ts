import { describe, expect, it } from 'vitest';
import { createLabeler } from '../../src/label/labeler';
import type { StreamProgress } from '../../src/label/stream';
import { tinyModel } from '../../src/testing/tiny-model';
import type { Outcome } from '../../src/types';

const words = 'Europe should let the Americans handle this war and stay out of it'.split(' ');
const comment = (index: number) => ({
  id: `c${index}`,
  text: Array.from({ length: 6 + (index % 40) }, (_, word) => words[(index + word) % words.length]).join(' '),
});
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function collect(outcomes: AsyncIterable<Outcome>): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

describe('stream', () => {
  it('gives what label gives, in the same order', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    const comments = Array.from({ length: 1500 }, (_, index) => comment(index));
    const expected = await labeler.label(comments);
    async function* source() {
      for (const each of comments) yield each;
    }
    expect(await collect(labeler.stream(source()))).toEqual(expected);
    expect(await collect(labeler.stream(comments))).toEqual(expected);
  });

  it('names strings by their position in the whole stream', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    const outcomes = await collect(labeler.stream(Array.from({ length: 1100 }, () => 'No more war')));
    expect(outcomes.map((outcome) => outcome.id)).toEqual(outcomes.map((_, index) => String(index)));
  });

  it('lets bad comments fail alone', async () => {
    const labeler = createLabeler({ model: tinyModel({ failOn: 'poison' }) });
    const outcomes = await collect(
      labeler.stream([
        comment(1),
        { id: 'bad', text: 'poison, they said, in every word' },
        null as never,
        { id: 'strange', text: 'Peace now', quotes: 'none' } as never,
        7 as never,
        comment(2),
      ]),
    );
    expect(outcomes.map((outcome) => outcome.status)).toEqual([
      'labelled',
      'failed',
      'failed',
      'labelled',
      'failed',
      'labelled',
    ]);
  });

  it('reads no further than its window while the consumer waits', async () => {
    let read = 0;
    function* endless() {
      while (true) yield comment(read++);
    }
    const labeler = createLabeler({ model: tinyModel() });
    let taken = 0;
    for await (const _ of labeler.stream(endless())) {
      taken += 1;
      if (taken === 1) await pause(50);
      if (taken === 2000) break;
    }
    expect(read).toBeLessThan(2000 + 5 * 512);
  });

  it('labels each comment as it comes when they come slowly', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    await labeler.label(['Loads the model']);
    const given: number[] = [];
    async function* slow() {
      for (let index = 0; index < 5; index++) {
        given.push(performance.now());
        yield comment(index);
        await pause(60);
      }
    }
    let index = 0;
    for await (const _ of labeler.stream(slow())) {
      expect(performance.now() - given[index]!).toBeLessThan(55);
      index += 1;
    }
    expect(index).toBe(5);
  });

  it('stops at once when it is told to', async () => {
    const controller = new AbortController();
    const labeler = createLabeler({ model: tinyModel({ delay: 20 }) });
    const comments = Array.from({ length: 5000 }, (_, index) => comment(index));
    const started = performance.now();
    const all = collect(labeler.stream(comments, { signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(all).rejects.toThrow('enough');
    expect(performance.now() - started).toBeLessThan(1000);
    await expect(collect(labeler.stream(comments, { signal: AbortSignal.abort() }))).rejects.toThrow(
      'aborted',
    );
  });

  it('passes on the source’s own error after what came before', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    async function* broken() {
      yield comment(0);
      yield comment(1);
      throw new Error('the database went away');
    }
    const seen: string[] = [];
    await expect(async () => {
      for await (const outcome of labeler.stream(broken())) seen.push(outcome.id);
    }).rejects.toThrow('the database went away');
    expect(seen).toEqual(['c0', 'c1']);
  });

  it('passes on the error of a synchronous source after what came before', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    function* broken() {
      yield comment(0);
      yield comment(1);
      throw new Error('the file is cut off');
    }
    const seen: string[] = [];
    await expect(async () => {
      for await (const outcome of labeler.stream(broken())) seen.push(outcome.id);
    }).rejects.toThrow('the file is cut off');
    expect(seen).toEqual(['c0', 'c1']);
  });

  it('gives no outcome after its abort, not even one that is at hand', async () => {
    const controller = new AbortController();
    const labeler = createLabeler({ model: tinyModel() });
    const comments = Array.from({ length: 1000 }, (_, index) => comment(index));
    const seen: string[] = [];
    await expect(async () => {
      for await (const outcome of labeler.stream(comments, { signal: controller.signal })) {
        seen.push(outcome.id);
        if (seen.length === 3) controller.abort(new Error('enough'));
      }
    }).rejects.toThrow('enough');
    expect(seen).toEqual(['c0', 'c1', 'c2']);
  });

  it('reports progress that adds up', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    const reports: StreamProgress[] = [];
    const comments = [...Array.from({ length: 700 }, (_, index) => comment(index)), '', null as never];
    await collect(labeler.stream(comments, { onProgress: (progress) => reports.push(progress) }));
    expect(reports.at(-1)).toMatchObject({ done: 702, labelled: 700, skipped: 1, failed: 1 });
    for (const { done, labelled, skipped, failed } of reports) expect(labelled + skipped + failed).toBe(done);
  });
});
