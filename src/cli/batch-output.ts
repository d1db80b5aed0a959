import type { Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { BatchError, UsageError } from '../errors';
import { type Checkpoint, writeCheckpoint } from './batch-checkpoint';

/** Where the rows of a batch go. */
export interface Output {
  write(text: string): Promise<void>;
  /** Makes sure that what has been written survives, and says so in the checkpoint. */
  save(state: Omit<Checkpoint, 'bytes' | 'schemaVersion'>): Promise<void>;
  /** Gives the output its final name, and takes the checkpoint away unless it is to be kept. */
  finish(options: { keepCheckpoint: boolean }): Promise<void>;
  close(): Promise<void>;
}

/** The part and checkpoint files that stand beside an output while it is made. */
export const partOf = (output: string) => `${output}.part`;
export const checkpointOf = (output: string) => `${output}.checkpoint`;

/**
 * The file that an output names. Where the output is a link, that is the file it points to: the link stays, and the part
 * file stands beside the file that it becomes.
 *
 * @throws UsageError when something is there that is no file
 */
export async function outputFile(output: string): Promise<string> {
  const info = await attempt(output, () => statOrNothing(output, stat));
  // Found out now and not after a night's work, when the part file takes the name.
  if (info?.isDirectory()) throw new UsageError(`${output} is a folder; give the file to write.`);
  if (info && !info.isFile())
    throw new UsageError(`${output} is a pipe or device, not a file; write to stdout with "-o -" instead.`);
  const link = await attempt(output, () => statOrNothing(output, lstat));
  return link?.isSymbolicLink() ? realPath(output) : output;
}

/** The path without links, whether or not there is a file. */
export async function realPath(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const whole = resolve(path);
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return whole;
    const target = await readlink(path).catch(() => undefined);
    if (target !== undefined) return realPath(resolve(await realPath(dirname(path)), target));
    const folder = dirname(whole);
    return folder === whole ? whole : join(await realPath(folder), basename(whole));
  }
}

async function statOrNothing(path: string, look: typeof stat): Promise<Stats | undefined> {
  try {
    return await look(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * Rows to a file. They go to `<output>.part`, which takes the output's name in the end: a file of that name is whole.
 *
 * @param from bytes of the part file to go on behind; 0 begins anew
 */
export async function fileOutput(output: string, from: number): Promise<Output> {
  const part = partOf(output);
  const checkpoint = checkpointOf(output);
  const file = await attempt(part, () => openAt(part, from));
  let position = from;

  /** Somebody else writing to the same part file would ruin it for both. */
  async function requireOurs(): Promise<void> {
    const [opened, named] = await Promise.all([file.stat(), stat(part).catch(() => undefined)]);
    if (opened.size !== position || named?.ino !== opened.ino)
      throw new BatchError(
        `${part} is being written to by another run as well; let only one of them go on.`,
        {
          code: 'output-changed',
        },
      );
  }

  return {
    async write(text) {
      const bytes = Buffer.from(text);
      await attempt(part, async () => {
        for (let written = 0; written < bytes.length; ) {
          const result = await file.write(bytes, written, bytes.length - written, position);
          written += result.bytesWritten;
          position += result.bytesWritten;
        }
      });
    },
    async save(state) {
      await requireOurs();
      await attempt(part, () => file.datasync());
      await attempt(checkpoint, () =>
        writeCheckpoint(checkpoint, { schemaVersion: 1, ...state, bytes: position }),
      );
    },
    async finish({ keepCheckpoint }) {
      await attempt(output, async () => {
        await file.close();
        await rename(part, output);
        if (!keepCheckpoint) await rm(checkpoint, { force: true });
      });
    },
    async close() {
      await file.close().catch(() => {});
    },
  };
}

/** Rows to stdout: nothing to resume. */
export function standardOutput(): Output {
  return {
    async write(text) {
      if (!process.stdout.write(text))
        await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
    },
    async save() {},
    async finish() {},
    async close() {},
  };
}

async function openAt(part: string, from: number): Promise<FileHandle> {
  if (from === 0) return open(part, 'w');
  const file = await open(part, 'r+');
  const { size } = await file.stat();
  if (size < from) {
    await file.close();
    throw new BatchError(
      `${part} is shorter than its checkpoint says (${size} of ${from} bytes); --restart begins anew.`,
      {
        code: 'checkpoint-invalid',
      },
    );
  }
  await file.truncate(from);
  return file;
}

/** Runs a step on a file and says in plain words what stopped it. */
async function attempt<Result>(path: string, step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (cause) {
    if (BatchError.isInstance(cause)) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new BatchError(`No space is left on the disk for ${path}; make room and go on with --resume.`, {
        code: 'disk-full',
        cause,
      });
    throw new BatchError(`${path} cannot be written: ${message}`, { code: 'output-failed', cause });
  }
}
