import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';
import { Parser } from 'htmlparser2';
import { InputError } from '../errors';

/** Turns bytes that come in pieces into text. A byte-order mark stays, as U+FEFF. */
export interface ByteDecoder {
  write(bytes: Uint8Array): string;
  end(): string;
}

const HEAD = 1024;

/**
 * The encoding that the beginning of an input shows: a byte-order mark, zero bytes in UTF-16's pattern, or what an XML
 * declaration or an HTML `meta` says; else UTF-8.
 */
export function detectEncoding(head: Uint8Array): string {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== 0 && b === 0 && c !== 0 && d === 0) return 'utf-16le';
  if (a === 0 && b !== 0 && c === 0 && d !== 0) return 'utf-16be';
  return declaredEncoding(Buffer.from(head.subarray(0, HEAD)).toString('latin1')) ?? 'utf-8';
}

function declaredEncoding(head: string): string | undefined {
  if (!head.trimStart().startsWith('<')) return undefined;
  let found: string | undefined;
  const parser = new Parser(
    {
      onprocessinginstruction(name, data) {
        if (name.toLowerCase() === '?xml') found ??= /\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(data)?.[1];
      },
      onopentag(name, { charset, content }) {
        if (name === 'meta') found ??= charset ?? /charset\s*=\s*["']?([\w.:-]+)/i.exec(content ?? '')?.[1];
      },
    },
    // Only so does the parser tell of processing instructions.
    { xmlMode: true, lowerCaseTags: true, lowerCaseAttributeNames: true },
  );
  parser.write(head);
  // A declaration that is readable byte by byte cannot be UTF-16, whatever it says.
  return found === undefined || /^utf-?16/i.test(found) ? undefined : found.toLowerCase();
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
  const place = { source };
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let encoding = '';
  let head: Uint8Array = new Uint8Array(0);
  let offset = 0;

  /** Whether the last byte may be the beginning of a character. */
  let within = false;

  function decode(bytes: Uint8Array, last: boolean): string {
    try {
      if (encoding === 'utf-8' && !last && !within && isAscii(bytes)) {
        offset += bytes.length;
        return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
      }
      const text = decoder!.decode(bytes, { stream: !last });
      offset += bytes.length;
      if (bytes.length > 0) within = bytes[bytes.length - 1]! >= 0x80;
      return text;
    } catch (cause) {
      const range = `between byte ${Math.max(0, offset - 3)} and byte ${offset + bytes.length}`;
      throw new InputError(
        `${source}: not valid ${encoding.toUpperCase()} ${range}; convert the file to UTF-8`,
        {
          code: 'input-encoding',
          place,
          cause,
        },
      );
    }
  }

  function start(): string {
    encoding = detectEncoding(head);
    if (!encoding.startsWith('utf-16') && isBinary(head.subarray(0, HEAD))) {
      throw new InputError(`${source}: binary data, not text`, { code: 'input-binary', place });
    }
    try {
      decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
    } catch (cause) {
      throw new InputError(
        `${source}: the file says that its encoding is "${encoding}", which is not known`,
        {
          code: 'input-encoding',
          place,
          cause,
        },
      );
    }
    const text = decode(head, false);
    head = new Uint8Array(0);
    return text;
  }

  return {
    write(bytes) {
      if (decoder !== undefined) return decode(bytes, false);
      head = head.length === 0 ? bytes : Buffer.concat([head, bytes]);
      return head.length < HEAD ? '' : start();
    },
    end() {
      const text = decoder === undefined ? start() : '';
      return text + decode(new Uint8Array(0), true);
    },
  };
}
