import { TextDecoder } from 'node:util';
import { InputError } from '../errors';

/** Turns bytes that come in pieces into text. */
export interface ByteDecoder {
  write(bytes: Uint8Array): string;
  end(): string;
}

const HEAD = 1024;

/**
 * The encoding that the beginning of an input shows: a byte-order mark, zero bytes in UTF-16's pattern, or what an
 * XML declaration or an HTML `meta` says; else UTF-8.
 */
export function detectEncoding(head: Uint8Array): { encoding: string; skip: number } {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  if (head[0] !== 0 && head[1] === 0 && head[2] !== 0 && head[3] === 0)
    return { encoding: 'utf-16le', skip: 0 };
  if (head[0] === 0 && head[1] !== 0 && head[2] === 0 && head[3] !== 0)
    return { encoding: 'utf-16be', skip: 0 };
  return { encoding: 'utf-8', skip: 0 };
}

function isBinary(head: Uint8Array): boolean {
  let controls = 0;
  for (const byte of head) {
    if (byte === 0) return true;
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) controls += 1;
  }
  return controls > head.length / 10;
}

/**
 * A decoder for one input. Invalid bytes are an error, never U+FFFD in silence.
 *
 * @throws {InputError} `input-binary`, `input-encoding` from `write` and `end`.
 */
export function byteDecoder(source: string): ByteDecoder {
  let decoder: TextDecoder | undefined;
  let encoding = '';
  let head = new Uint8Array(0);
  let offset = 0;

  function decode(bytes: Uint8Array, last: boolean): string {
    try {
      return decoder!.decode(bytes, { stream: !last });
    } catch (cause) {
      throw new InputError(`${source}: not valid ${encoding} near byte ${offset}; convert it to UTF-8`, {
        code: 'input-encoding',
        place: { source },
        cause,
      });
    }
  }

  function start(): string {
    const { encoding: detected, skip } = detectEncoding(head);
    encoding = detected;
    if (!encoding.startsWith('utf-16') && isBinary(head.subarray(0, HEAD))) {
      throw new InputError(`${source}: binary data, not text`, { code: 'input-binary', place: { source } });
    }
    decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    const text = decode(head.subarray(skip), false);
    head = new Uint8Array(0);
    return text;
  }

  return {
    write(bytes) {
      if (decoder !== undefined) {
        const text = decode(bytes, false);
        offset += bytes.length;
        return text;
      }
      const joined = new Uint8Array(head.length + bytes.length);
      joined.set(head);
      joined.set(bytes, head.length);
      head = joined;
      if (head.length < HEAD) return '';
      const text = start();
      offset = bytes.length;
      return text;
    },
    end() {
      const text = decoder === undefined ? start() : '';
      return text + decode(new Uint8Array(0), true);
    },
  };
}
