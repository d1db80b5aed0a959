/**
 * The process that a worker pool starts: one model, one block of comments at a time. It ends when the pool's process
 * does, however that ended.
 */
import { ModeratoError } from '../errors';
import type { Executor } from './executor';
import { garbageCollector } from './garbage';
import { inProcess } from './in-process';
import type { FromWorker, ToWorker } from './messages';

/** Blocks of comments between two collections: some seconds of work, of which a collection takes a hundredth. */
const collectEvery = 16;

let executor: Executor | undefined;
const collect = garbageCollector(collectEvery);

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; when to stop is the pool's decision.
process.on('SIGINT', () => {});

let turn: Promise<void> = Promise.resolve();

// One after the other: what the pool sends ahead waits here.
process.on('message', (message: ToWorker) => {
  turn = turn.then(() => serve(message));
});

async function serve(message: ToWorker): Promise<void> {
  try {
    if (message.type === 'load') {
      executor = inProcess(message.options);
      const identity = await executor.load();
      collect.now();
      send({ type: 'ready', identity });
    } else {
      send({ type: 'done', outcomes: await executor!.run(message.comments) });
      collect.often();
    }
  } catch (error) {
    const code = ModeratoError.isInstance(error) ? error.code : 'model-failed';
    send({ type: 'unusable', code, message: (error as Error).message });
  }
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
