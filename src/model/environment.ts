import { env } from '@xenova/transformers';

export type Environment = Partial<typeof env>;

let turn: Promise<unknown> = Promise.resolve();

/**
 * Runs `load` with these settings of transformers.js, which keeps them in one global object: loads take turns, and each
 * leaves the settings as they were.
 */
export function withEnvironment<Result>(settings: Environment, load: () => Promise<Result>): Promise<Result> {
  const result = turn.then(async () => {
    const earlier = { ...env };
    Object.assign(env, settings);
    try {
      return await load();
    } finally {
      Object.assign(env, earlier);
    }
  });
  turn = result.catch(() => undefined);
  return result;
}
