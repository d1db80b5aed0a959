import { decodeXML } from 'entities';
import { Parser } from 'htmlparser2';
import { InputError } from '../../errors';
import type { Reader, ReaderSettings } from '../format';

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

/** A reference to a character is no longer than this: `&#1114111;`. */
const LONGEST_REFERENCE = 12;

/**
 * Streams XML. Only XML's five entities and character references are decoded, so an entity that the document declares
 * is text like any other: nothing is expanded, nothing is fetched.
 */
export function xmlReader(handler: XmlHandler, settings: ReaderSettings): Reader {
  const stack: string[] = [];
  let since = 0;
  let ending = false;
  let unclosed: readonly string[] = [];
  let verbatim = false;
  /** The end of a text that may be the beginning of a reference, cut by the end of a piece. */
  let cut = '';

  // The parser decodes references too, but runs through text three times as fast when it does not look for them.
  function text(data: string): void {
    const all = cut === '' ? data : cut + data;
    cut = '';
    const last = verbatim ? -1 : all.lastIndexOf('&');
    if (last === -1) {
      handler.text(all);
      return;
    }
    const whole = all.length - last > LONGEST_REFERENCE || all.includes(';', last) ? all.length : last;
    cut = all.slice(whole);
    if (whole > 0) handler.text(decodeXML(all.slice(0, whole)));
  }

  function endText(): void {
    if (cut !== '') handler.text(cut);
    cut = '';
  }

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        since = 0;
        endText();
        stack.push(name);
        if (stack.length > MAX_DEPTH) {
          throw new InputError(`elements are nested deeper than ${MAX_DEPTH}`, { code: 'input-malformed' });
        }
        for (const key in attributes)
          if (attributes[key]!.includes('&')) attributes[key] = decodeXML(attributes[key]!);
        handler.open(name, attributes);
      },
      ontext(data) {
        since = 0;
        text(data);
      },
      oncdatastart() {
        endText();
        verbatim = true;
      },
      oncdataend() {
        verbatim = false;
      },
      onclosetag(name) {
        since = 0;
        endText();
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
    { xmlMode: true, decodeEntities: false, lowerCaseTags: false, recognizeCDATA: true },
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
