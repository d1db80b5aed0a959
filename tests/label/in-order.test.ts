import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapInOrder } from '../../src/label/in-order';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('mapInOrder', () => {
  it('keeps the order and the window for any speeds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(2),
        async (delays, window, consumerDelay) => {
          let read = 0;
          let taken = 0;
          let most = 0;
          async function* source() {
            for (const delay of delays) {
              read += 1;
              most = Math.max(most, read - taken);
              yield delay;
            }
          }
          const results: number[] = [];
          for await (const position of mapInOrder(indexed(source()), window, async ([index, delay]) => {
            await pause(delay);
            return index;
          })) {
            taken += 1;
            results.push(position);
            if (consumerDelay) await pause(consumerDelay);
          }
          expect(results).toEqual(delays.map((_, index) => index));
          expect(most).toBeLessThanOrEqual(window + 1);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('goes on computing while the oldest is slow', async () => {
    const finished: number[] = [];
    const results = mapInOrder([0, 1, 2, 3, 4], 4, async (item) => {
      await pause(item === 0 ? 60 : 1);
      finished.push(item);
      return item;
    });
    expect(await collect(results)).toEqual([0, 1, 2, 3, 4]);
    expect(finished.slice(0, 4)).toEqual([1, 2, 3, 0]);
  });

  it('yields what came before an error of the source, then throws it', async () => {
    async function* source() {
      yield 1;
      yield 2;
      throw new Error('the disk is gone');
    }
    const results: number[] = [];
    await expect(async () => {
      for await (const item of mapInOrder(source(), 3, async (value) => value)) results.push(item);
    }).rejects.toThrow('the disk is gone');
    expect(results).toEqual([1, 2]);
  });

  it('throws the signal’s reason at once, though the source and the work hang', async () => {
    const controller = new AbortController();
    const forever = () => new Promise<never>(() => {});
    const results = collect(mapInOrder(hanging(), 3, forever, controller.signal));
    setTimeout(() => controller.abort(new Error('enough')), 10);
    await expect(results).rejects.toThrow('enough');
  });

  it('closes the source when the consumer leaves', async () => {
    let closed = false;
    async function* source() {
      try {
        for (let item = 0; ; item++) yield item;
      } finally {
        closed = true;
      }
    }
    for await (const item of mapInOrder(source(), 3, async (value) => value)) if (item === 5) break;
    await pause(1);
    expect(closed).toBe(true);
  });
});

async function* indexed<Item>(items: AsyncIterable<Item>): AsyncGenerator<[number, Item]> {
  let index = 0;
  for await (const item of items) yield [index++, item];
}

async function* hanging(): AsyncGenerator<number> {
  yield 1;
  await new Promise(() => {});
}
