import { ModeratoError, UsageError } from '../errors';
import { printable } from './terminal';

/** Prints an error as one line on stderr and sets the exit status: 2 for wrong usage, else 1. */
export function reportFailure(error: unknown): void {
  if (ModeratoError.isInstance(error)) {
    const source = error.place?.source;
    // A parser's message begins with its input's name already.
    const named = source === undefined || error.message.startsWith(source);
    const message = named ? error.message : `${source}: ${error.message}`;
    process.stderr.write(`moderato: ${printable(message)} [${error.code}]\n`);
    process.exitCode = UsageError.isInstance(error) && error.code === 'usage' ? 2 : 1;
    return;
  }
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`moderato: ${printable(message)} [unexpected]\n`);
  if (process.env.MODERATO_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  process.exitCode = 1;
}

/** Runs `work` for each input; one that fails is reported and costs itself alone. */
export async function forEachInput(
  inputs: readonly string[],
  work: (input: string) => Promise<void>,
): Promise<void> {
  for (const input of inputs) {
    try {
      await work(input);
    } catch (error) {
      reportFailure(error);
    }
  }
}
