import type { Reader } from '../format';

export interface LineHandler {
  /** One line without its end (`\n`, `\r\n`). */
  line(text: string, number: number): void;
  /** A line longer than the limit; its text is gone. */
  tooLong(number: number): void;
  end(): void;
}

/** Cuts text that comes in pieces into lines; holds at most one line, of at most `maxLength` UTF-16 units. */
export function lineReader(handler: LineHandler, maxLength: number): Reader {
  // Pieces are kept apart and joined once, so that a line of many pieces costs linear time.
  let pieces: string[] = [];
  let held = 0;
  let skipping = false;
  let number = 0;

  function finish(tail: string): void {
    number += 1;
    if (skipping || held + tail.length > maxLength) handler.tooLong(number);
    else {
      const text = pieces.length === 0 ? tail : pieces.join('') + tail;
      handler.line(text.endsWith('\r') ? text.slice(0, -1) : text, number);
    }
    pieces = [];
    held = 0;
    skipping = false;
  }

  return {
    write(text) {
      let start = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
        finish(text.slice(start, end));
        start = end + 1;
      }
      if (start === text.length) return;
      held += text.length - start;
      if (held > maxLength) {
        skipping = true;
        pieces = [];
      }
      if (!skipping) pieces.push(text.slice(start));
    },
    end() {
      if (held > 0) finish('');
      handler.end();
    },
  };
}
