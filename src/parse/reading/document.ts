import { InputError } from '../../errors';
import type { Reader, ReaderSettings } from '../format';

/** A reader for formats that need the whole input at once. */
export function documentReader(read: (text: string) => void, settings: ReaderSettings): Reader {
  const pieces: string[] = [];
  let length = 0;
  return {
    write(text) {
      length += text.length;
      if (length > settings.maxDocumentLength) {
        throw new InputError(
          `the input is longer than ${settings.maxDocumentLength} characters, the most that a format which is read as a whole may have; split it, or raise maxDocumentLength`,
          { code: 'input-too-large' },
        );
      }
      pieces.push(text);
    },
    end() {
      read(pieces.join(''));
    },
  };
}
