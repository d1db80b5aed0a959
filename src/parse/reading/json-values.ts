import { InputError } from '../../errors';
import type { Format, Reader, ReaderSettings, Sample, Sink } from '../format';
import { documentReader } from './document';
import { completeJson, firstValueLine } from './json-prefix';
import { lineReader } from './lines';
import { parseJson } from './long-numbers';

/**
 * Gives the number of things found, comments or threads, in a value. `lone`: whether it is a document or a line of its own, not
 * one of several values that stand one after the other.
 */
type ReadValue = (value: unknown, lone: boolean) => number;

/** A format whose input is one JSON value, or one a line. */
export interface JsonFormat {
  name: string;
  description: string;
  aliases: readonly string[];
  /** What a user can do about an input in which nothing is found. */
  advice?: string;
  /** How sure it is that a value, perhaps cut at its end, is of this format. */
  recognize(value: unknown, sample: Sample): number;
  /** How sure it is of a sample that no JSON can be read from. */
  broken?(sample: Sample): number;
  /** Made once for an input. */
  open(sink: Sink, settings: ReaderSettings): ReadValue;
}

/** A `Format` of a `JsonFormat`. Lines are read one by one, so that dumps of any size pass. */
export function jsonFormat(definition: JsonFormat): Format {
  const { name, description, aliases, advice } = definition;
  return {
    name,
    description,
    aliases,
    streaming: false,
    detect: (sample) =>
      sample.json === undefined
        ? (definition.broken?.(sample) ?? 0)
        : definition.recognize(sample.json, sample),
    open(sink, settings) {
      const read = definition.open(sink, settings);
      let found = 0;
      const reader = jsonReader((value, lone) => (found += read(value, lone)), sink, settings);
      return {
        write: reader.write,
        end() {
          reader.end();
          if (found === 0) {
            throw new InputError(
              `nothing in the input looks like ${description}${advice === undefined ? '' : `; ${advice}`}`,
              { code: 'input-malformed' },
            );
          }
        },
      };
    },
  };
}

function jsonReader(read: ReadValue, sink: Sink, settings: ReaderSettings): Reader {
  return firstLineReader(
    (lines) =>
      lines
        ? valueLines(read, sink, settings)
        : documentReader((text) => readDocument(text, read, sink, settings), settings),
    settings,
  );
}

function valueLines(read: ReadValue, sink: Sink, settings: ReaderSettings): Reader {
  const lose = loser(sink);
  return lineReader(
    {
      line(text, line) {
        if (text.trim() === '') return;
        let value: unknown;
        try {
          value = parseJson(text);
        } catch {
          return lose(line, 'malformed-record', 'not valid JSON');
        }
        if (read(value, true) === 0) lose(line, 'malformed-record', 'not of the format of the other lines');
      },
      tooLong: (line) => lose(line, 'record-too-long', `longer than ${settings.maxRecordLength} characters`),
      end: () => undefined,
    },
    settings.maxRecordLength,
  );
}

const loser =
  (sink: Sink) =>
  (line: number, code: string, message: string): void =>
    sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { line } });

/**
 * Holds text until its first line shows whether it is JSON lines, or until all of it is there.
 *
 * @param open gets whether the first line is a value of its own, and the text so far
 */
export function firstLineReader(
  open: (lines: boolean, text: string) => Reader,
  { maxDocumentLength }: ReaderSettings,
): Reader {
  let reader: Reader | undefined;
  let pieces: string[] = [];
  let length = 0;
  let started = false;
  let isDocument = false;

  function start(lines: boolean, text: string): Reader {
    pieces = [];
    reader = open(lines, text);
    reader.write(text);
    return reader;
  }

  return {
    write(text) {
      if (reader !== undefined) return reader.write(text);
      length += text.length;
      if (length > maxDocumentLength) {
        throw new InputError(
          `the JSON document is longer than ${maxDocumentLength} characters; write it as JSON lines, or raise maxDocumentLength`,
          { code: 'input-too-large' },
        );
      }
      pieces.push(text);
      started ||= text.trim() !== '';
      if (isDocument || !started || !text.includes('\n')) return;
      const all = pieces.join('');
      pieces = [all];
      const from = all.search(/\S/);
      const end = all.indexOf('\n', from);
      if (end === -1) return;
      isDocument = parsed(all.slice(from, end)) === undefined;
      if (!isDocument) start(true, all);
    },
    end() {
      (reader ?? start(false, pieces.join(''))).end();
    },
  };
}

function readDocument(text: string, read: ReadValue, sink: Sink, settings: ReaderSettings): void {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    if (firstValueLine(text) !== undefined) {
      const lines = valueLines(read, sink, settings);
      lines.write(text);
      lines.end();
      return;
    }
    if (readSequence(text, read, sink)) return;
    throw new InputError(`not valid JSON: ${cause instanceof Error ? cause.message : 'malformed'}`, {
      code: 'input-malformed',
      cause,
    });
  }
  read(value, true);
}

/**
 * Reads values one after the other on several lines, as `jq` prints them; the last, or the only one, may be cut off.
 *
 * @returns false, with nothing read, if the first value is broken
 */
function readSequence(text: string, read: ReadValue, sink: Sink): boolean {
  const lose = loser(sink);
  let line = 1;
  let at = 0;
  for (let values = 0; ; values += 1) {
    const gap = text.slice(at).search(/\S/);
    if (gap === -1) return true;
    const start = at + gap;
    for (; at < start; at += 1) if (text[at] === '\n') line += 1;
    const rest = text.slice(start);
    const completed = /^[[{]/.test(rest) ? completeJson(rest) : undefined;
    const isCut = completed !== undefined && !rest.startsWith(completed);
    const value = completed === undefined ? undefined : parsed(completed);
    if (value === undefined && values === 0) return false;
    if (isCut) {
      sink.diagnostic({
        code: 'truncated',
        severity: 'error',
        message: 'the input ends in the middle; what stands before is read',
        place: { line: text.split('\n').length },
      });
    }
    // That the only value holds nothing is for the caller to say.
    if (value === undefined) lose(line, 'malformed-record', 'not valid JSON');
    else if (read(value, isCut && values === 0) === 0 && values > 0)
      lose(line, 'malformed-record', 'not of the format of the other values');
    if (isCut) return true;
    const end = completed === undefined ? text.indexOf('\n', start) : start + completed.length;
    if (end === -1) return true;
    for (; at < end; at += 1) if (text[at] === '\n') line += 1;
  }
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
