import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * On a machine with much memory V8 lets garbage pile up to several times what is in use before it collects. A process
 * that runs for hours beside others collects on its own account now and then.
 *
 * @param every calls of `often` to one collection
 */
export function garbageCollector(every: number): { now(): void; often(): void } {
  setFlagsFromString('--expose-gc');
  const now = runInNewContext('gc') as () => void;
  let calls = 0;
  return {
    now: () => now(),
    often() {
      calls += 1;
      if (calls % every === 0) now();
    },
  };
}
