import type { Reader } from '../format';

export interface CsvRecordHandler {
  /** One record as it stands in the source, line ends within quotes included. `line` is its first. */
  record(raw: string, line: number): void;
  /** A record that cannot be told from what follows: its first line alone, which is `raw`, is given up. */
  broken(line: number, reason: 'unclosed-quote' | 'too-long', raw: string): void;
  end(): void;
}

/** A quotation mark that is never closed may hide so many lines before it counts as a mistake. */
const MAX_LINES = 2000;

/**
 * Cuts delimited text into records: lines, but for line ends within quotes. Where a quotation mark is never closed, only the
 * line that it stands on is lost. Reads at most four times what it is given.
 */
export function csvRecordReader(handler: CsvRecordHandler, delimiter: string, maxLength: number): Reader {
  const quote = 34;
  const separator = delimiter.charCodeAt(0);
  let pending = '';
  /** Position in `pending` up to which the scan has come, and its state there. */
  let at = 0;
  let quoted = false;
  let fieldStart = true;
  let line = 1;
  let linesInside = 0;
  let budget = 64 * 1024;
  let skipping = false;

  function reset(start: number): void {
    pending = pending.slice(start);
    at = 0;
    quoted = false;
    fieldStart = true;
    linesInside = 0;
  }

  /** Gives up the first line of `pending` and starts again on the second. */
  function giveUpLine(reason: 'unclosed-quote' | 'too-long'): boolean {
    const end = pending.indexOf('\n');
    handler.broken(line, reason, end === -1 ? pending : withoutReturn(pending.slice(0, end)));
    if (end === -1) {
      skipping = true;
      pending = '';
      reset(0);
      return false;
    }
    line += 1;
    reset(end + 1);
    return true;
  }

  function scan(last: boolean): void {
    let start = 0;
    while (at < pending.length) {
      const code = pending.charCodeAt(at);
      if (quoted) {
        let unclosed = false;
        if (code === quote) {
          const next = pending.charCodeAt(at + 1);
          if (at + 1 === pending.length && !last) break;
          if (next === quote) at += 1;
          else if (Number.isNaN(next) || next === separator || next === 10 || next === 13) quoted = false;
          else {
            // A mark that is followed by more of the field is part of the text, as in `"He said "no" to it"`; but where a field
            // of a later line begins with it, the mark before was never closed.
            const before = pending.charCodeAt(at - 1);
            unclosed = linesInside > 0 && (before === separator || before === 10);
          }
        } else if (code === 10) {
          linesInside += 1;
          unclosed = linesInside > MAX_LINES;
        }
        if (unclosed && budget > 0) {
          budget -= at - start;
          pending = pending.slice(start);
          start = 0;
          giveUpLine('unclosed-quote');
          continue;
        }
        fieldStart = false;
      } else if (code === 10) {
        handler.record(
          pending.slice(start, pending.charCodeAt(at - 1) === 13 && at > start ? at - 1 : at),
          line,
        );
        line += 1 + linesInside;
        linesInside = 0;
        start = at + 1;
        fieldStart = true;
      } else if (code === separator) fieldStart = true;
      else if (code === quote && fieldStart) {
        quoted = true;
        fieldStart = false;
      } else if (code !== 32) fieldStart = false;
      at += 1;
    }
    pending = pending.slice(start);
    at -= start;
  }

  return {
    write(text) {
      let rest = text;
      if (skipping) {
        const end = rest.indexOf('\n');
        if (end === -1) return;
        skipping = false;
        line += 1;
        rest = rest.slice(end + 1);
      }
      budget += rest.length * 3;
      pending += rest;
      scan(false);
      while (pending.length > maxLength) {
        // A line that goes on is too long by itself.
        if (!giveUpLine(quoted && pending.includes('\n') ? 'unclosed-quote' : 'too-long')) return;
        scan(false);
      }
    },
    end() {
      scan(true);
      while (quoted && pending !== '') {
        if (budget <= 0 || !giveUpLine('unclosed-quote')) break;
        budget -= pending.length;
        scan(true);
      }
      if (pending !== '' && !skipping) {
        if (quoted) {
          for (const [index, raw] of pending.split('\n').entries())
            handler.broken(line + index, 'unclosed-quote', withoutReturn(raw));
        } else handler.record(withoutReturn(pending), line);
      }
      handler.end();
    },
  };
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
