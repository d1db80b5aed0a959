/**
 * The process that a worker pool starts: one model, one block of comments at a time. It ends when the pool's process
 * does, however that ended.
 */
import { ModeratoError } from '../errors';
import type { Executor } from './executor';
import { inProcess } from './in-process';
import type { FromWorker, ToWorker } from './messages';

let executor: Executor | undefined;

process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole process group; when to stop is the pool's decision.
process.on('SIGINT', () => {});

process.on('message', async (message: ToWorker) => {
  try {
    if (message.type === 'load') {
      executor = inProcess(message.options);
      send({ type: 'ready', identity: await executor.load() });
    } else {
      send({ type: 'done', outcomes: await executor!.run(message.comments) });
    }
  } catch (error) {
    const code = ModeratoError.isInstance(error) ? error.code : 'model-failed';
    send({ type: 'unusable', code, message: (error as Error).message });
  }
});

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
}
