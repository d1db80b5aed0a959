/**
 * Maps a source with several calls of `map` under way at once, and yields the results in the order of the source.
 *
 * A sliding window: as soon as the oldest result has been taken, the next item is read; a slow item holds back what is
 * yielded, not what is computed. Reading goes on while the consumer is busy and stops when the window is full, so that
 * no more than `window` items are in memory. When the consumer stops early or `signal` aborts, the source is closed.
 *
 * @param window most items read and not yet yielded, from 1
 * @throws what the source or `map` throws, after everything before it has been yielded; the signal's reason at once
 */
export async function* mapInOrder<Item, Result>(
  source: AsyncIterable<Item> | Iterable<Item>,
  window: number,
  map: (item: Item) => Promise<Result>,
  signal?: AbortSignal,
): AsyncGenerator<Result, void, void> {
  const iterator = iteratorOf(source);
  const slots: Slot<Result>[] = [];
  let sourceEnded = false;
  let stopped = false;
  let wakeReader: () => void = () => {};
  let wakeWriter: () => void = () => {};

  async function read(): Promise<void> {
    try {
      while (!stopped) {
        if (slots.length >= window) {
          await new Promise<void>((resolve) => {
            wakeReader = resolve;
          });
          continue;
        }
        const next = await iterator.next();
        if (next.done) break;
        if (stopped) break;
        const slot: Slot<Result> = { state: 'pending' };
        slots.push(slot);
        map(next.value).then(
          (value) => settle(slot, { state: 'done', value }),
          (error: unknown) => settle(slot, { state: 'failed', error }),
        );
      }
    } catch (error) {
      slots.push({ state: 'failed', error });
    }
    sourceEnded = true;
    wakeWriter();
  }

  function settle(slot: Slot<Result>, to: Slot<Result>): void {
    Object.assign(slot, to);
    wakeWriter();
  }

  const onAbort = () => wakeWriter();
  signal?.addEventListener('abort', onAbort);
  try {
    signal?.throwIfAborted();
    void read();
    while (true) {
      signal?.throwIfAborted();
      const oldest = slots[0];
      if (oldest?.state === 'failed') throw oldest.error;
      if (oldest?.state === 'done') {
        slots.shift();
        wakeReader();
        yield oldest.value;
      } else if (oldest === undefined && sourceEnded) return;
      else
        await new Promise<void>((resolve) => {
          wakeWriter = resolve;
        });
    }
  } finally {
    stopped = true;
    signal?.removeEventListener('abort', onAbort);
    wakeReader();
    // Not awaited: a source that hangs in its own read must not hang the one who stops reading.
    if (!sourceEnded) Promise.resolve(iterator.return?.()).catch(() => {});
  }
}

type Slot<Result> =
  | { state: 'pending' }
  | { state: 'done'; value: Result }
  | { state: 'failed'; error: unknown };

/** One iterator for iterables of both kinds; promises that a synchronous one yields are left to the consumer. */
export function iteratorOf<Item>(
  source: AsyncIterable<Item> | Iterable<Item>,
): AsyncIterator<Item> | Iterator<Item> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}
