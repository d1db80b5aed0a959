import { InputError } from '../../errors';
import type { Format, Reader, ReaderSettings, Sample, Sink } from '../format';
import { completeJson } from './json-prefix';
import { lineReader } from './lines';

/** A format whose input is one JSON value, or one a line. */
export interface JsonFormat {
  name: string;
  description: string;
  aliases: readonly string[];
  /** How sure it is that a value, perhaps cut at its end, is of this format. */
  recognize(value: unknown, sample: Sample): number;
  /** How sure it is of a sample that no JSON can be read from. */
  broken?(sample: Sample): number;
  /** Made once for an input. Gives the number of things found, comments or threads, in a value. */
  open(sink: Sink, settings: ReaderSettings): (value: unknown) => number;
}

/** A `Format` of a `JsonFormat`. Lines are read one by one, so that dumps of any size pass. */
export function jsonFormat(definition: JsonFormat): Format {
  const { name, description, aliases } = definition;
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
      const reader = jsonReader((value) => (found += read(value)), sink, settings);
      return {
        write: reader.write,
        end() {
          reader.end();
          if (found === 0) {
            throw new InputError(`nothing in the input looks like ${description}`, {
              code: 'input-malformed',
            });
          }
        },
      };
    },
  };
}

function jsonReader(read: (value: unknown) => number, sink: Sink, settings: ReaderSettings): Reader {
  let pieces: string[] = [];
  let length = 0;
  let started = false;
  let mode: 'undecided' | 'document' | 'lines' = 'undecided';
  const lose = (line: number, code: string, message: string): void =>
    sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { line } });
  const lines = lineReader(
    {
      line(text, line) {
        if (text.trim() === '') return;
        let value: unknown;
        try {
          value = JSON.parse(text);
        } catch {
          return lose(line, 'malformed-record', 'not valid JSON');
        }
        if (read(value) === 0) lose(line, 'malformed-record', 'not of the format of the other lines');
      },
      tooLong: (line) => lose(line, 'record-too-long', `longer than ${settings.maxRecordLength} characters`),
      end: () => undefined,
    },
    settings.maxRecordLength,
  );

  function keep(text: string): void {
    length += text.length;
    if (length > settings.maxDocumentLength) {
      throw new InputError(
        `the JSON document is longer than ${settings.maxDocumentLength} characters; write it as JSON lines, or raise maxDocumentLength`,
        { code: 'input-too-large' },
      );
    }
    pieces.push(text);
  }

  return {
    write(text) {
      if (mode === 'lines') return lines.write(text);
      keep(text);
      started ||= text.trim() !== '';
      if (mode === 'document' || !started || !text.includes('\n')) return;
      const all = pieces.join('');
      pieces = [all];
      const from = all.search(/\S/);
      const end = all.indexOf('\n', from);
      if (end === -1) return;
      mode = isJson(all.slice(from, end)) ? 'lines' : 'document';
      if (mode === 'document') return;
      pieces = [];
      lines.write(all);
    },
    end() {
      if (mode === 'lines') return lines.end();
      const text = pieces.join('');
      pieces = [];
      readDocument(text, read, sink);
    },
  };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readDocument(text: string, read: (value: unknown) => number, sink: Sink): void {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    value = readTruncated(text, cause);
    sink.diagnostic({
      code: 'truncated',
      severity: 'error',
      message: 'the input ends in the middle; what stands before is read',
      place: { line: text.split('\n').length },
    });
  }
  read(value);
}

/** What is complete of a document that was cut off. */
function readTruncated(text: string, cause: unknown): unknown {
  try {
    const start = text.trimStart();
    const completed = completeJson(start);
    // Where nothing had to be closed, the document had ended and something else follows: no cut, another mistake.
    if (completed !== undefined && !start.startsWith(completed)) return JSON.parse(completed);
  } catch {}
  throw new InputError(`not valid JSON: ${cause instanceof Error ? cause.message : 'malformed'}`, {
    code: 'input-malformed',
    cause,
  });
}
