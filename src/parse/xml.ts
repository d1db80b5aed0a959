import { Parser } from 'htmlparser2';
import { InputError } from '../errors';
import type { Reader, ReaderSettings } from './format';

export interface XmlHandler {
  open(name: string, attributes: Record<string, string>): void;
  text(data: string): void;
  close(name: string): void;
  /** The input has ended; `unclosed` are the elements that it left open, outermost first. */
  end(unclosed: readonly string[]): void;
}

/** No export is so deep; the parser's time grows with the square of the depth. */
const MAX_DEPTH = 10_000;

/** The part of a name after its prefix: exports change prefixes and namespace versions. */
export function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/**
 * Streams XML. The parser knows only XML's five entities and character references, so an entity that the document declares
 * is text like any other: nothing is expanded, nothing is fetched.
 */
export function xmlReader(handler: XmlHandler, settings: ReaderSettings): Reader {
  const stack: string[] = [];
  let since = 0;
  let ending = false;
  let unclosed: readonly string[] = [];
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        since = 0;
        stack.push(name);
        if (stack.length > MAX_DEPTH) {
          throw new InputError(`elements are nested deeper than ${MAX_DEPTH}`, { code: 'input-malformed' });
        }
        handler.open(name, attributes);
      },
      ontext(data) {
        since = 0;
        handler.text(data);
      },
      onclosetag(name) {
        since = 0;
        // What the parser closes at the end of the input was left open by it.
        if (ending) return;
        stack.pop();
        handler.close(name);
      },
      oncomment() {
        since = 0;
      },
      onprocessinginstruction() {
        since = 0;
      },
    },
    { xmlMode: true, decodeEntities: true, lowerCaseTags: false, recognizeCDATA: true },
  );
  return {
    write(text) {
      // One piece at a time, so that a single endless token is noticed before it fills the memory.
      for (let start = 0; start < text.length; start += 65_536) {
        since += Math.min(65_536, text.length - start);
        parser.write(start === 0 && text.length <= 65_536 ? text : text.slice(start, start + 65_536));
        if (since > settings.maxRecordLength + 131_072) {
          throw new InputError(
            `an XML element, comment or section is longer than ${settings.maxRecordLength} characters; raise maxRecordLength if that is meant`,
            { code: 'input-too-large' },
          );
        }
      }
    },
    end() {
      unclosed = [...stack];
      ending = true;
      parser.end();
      handler.end(unclosed);
    },
  };
}
