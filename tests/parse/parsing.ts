import { ModeratoError } from '../../src/errors';

export { formats, parseThread } from '../../src/parse/index';

/** The code of the error that a call throws. */
export function errorCode(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    if (ModeratoError.isInstance(error)) return error.code;
    throw error;
  }
  return undefined;
}
