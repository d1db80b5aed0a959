import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { InputError } from '../errors';

/** Whole-file commands hold a file several times over in memory; what is larger is for `moderato batch`. */
const largestFile = 100 * 1024 * 1024;

/**
 * Reads a file, or stdin for `-`, whole.
 *
 * @throws InputError `input-not-found`, `input-is-directory`, `input-too-large`, `input-unreadable`
 */
export async function readInput(path: string): Promise<Uint8Array> {
  if (path !== '-') await checkFile(path);
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > largestFile) throw tooLarge(path);
    }
  } catch (cause) {
    if (InputError.isInstance(cause)) throw cause;
    throw new InputError(`${path} cannot be read: ${(cause as Error).message}`, {
      code: 'input-unreadable',
      cause,
    });
  }
  return Buffer.concat(chunks);
}

async function checkFile(path: string): Promise<void> {
  const info = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
      throw new InputError(`${path} does not exist; check the path.`, { code: 'input-not-found', cause });
    throw new InputError(`${path} cannot be read: ${cause.message}`, { code: 'input-unreadable', cause });
  });
  if (info.isDirectory())
    throw new InputError(`${path} is a folder; give its files, for example ${path.replace(/\/$/, '')}/*.`, {
      code: 'input-is-directory',
    });
  if (info.size > largestFile) throw tooLarge(path);
}

function tooLarge(path: string): InputError {
  return new InputError(
    `${path === '-' ? 'stdin' : path} is larger than 100 MB; use "moderato batch", which reads files of any size.`,
    { code: 'input-too-large' },
  );
}
