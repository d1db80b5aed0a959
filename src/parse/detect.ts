import { byteDecoder } from './decode';
import type { Columns, Format, Sample } from './format';
import { formats } from './formats';
import { json } from './formats/json';
import { completeJson, firstValueLine } from './reading/json-prefix';
import { firstLineReader } from './reading/json-values';

export const sampleLength = 64 * 1024;

/** What an input seems to be. `confidence` runs from 0 to 1; from 0.9 on, the format's own marks were seen. */
export interface Detection {
  format: string;
  confidence: number;
}

export function sampleOf(text: string, complete: boolean, columns: Columns = {}): Sample {
  const from = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  const head = text.slice(from, from + sampleLength);
  const whole = complete && text.length <= from + sampleLength;
  return { text: head, complete: whole, columns, ...firstJson(head) };
}

/** The first line that is a JSON value, where lines are; else as much as there is of a document. */
function firstJson(text: string): Pick<Sample, 'json' | 'lines' | 'lone'> {
  const start = text.trimStart();
  const end = start.indexOf('\n');
  const line = parseValue(end === -1 ? start : start.slice(0, end));
  if (line !== undefined)
    return { json: line, lines: true, lone: end === -1 || start.slice(end).trim() === '' };
  const later = firstValueLine(start);
  if (later !== undefined) return { json: later, lines: true, lone: false };
  const completed = completeJson(start, true);
  const value = completed === undefined ? undefined : parseValue(completed);
  // Prose may begin with a footnote's [1]; after an object, another value may follow.
  const lone = completed !== undefined && isEnd(start, completed);
  return { json: lone || !Array.isArray(value) ? value : undefined, lines: false, lone };
}

function parseValue(text: string): object | undefined {
  if (!/^[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

/** Whether nothing follows a value that `completeJson` found, or the value was cut. */
function isEnd(text: string, completed: string): boolean {
  return !text.startsWith(completed) || text.slice(completed.length).trim() === '';
}

export function detectSample(sample: Sample): { format: Format; confidence: number } {
  const best = bestFormat(sample);
  const isCut = sample.json !== undefined && !sample.lines && !sample.complete;
  return isCut && best.confidence < CERTAIN
    ? { format: wholeJson(sample.columns), confidence: best.confidence }
    : best;
}

function bestFormat(sample: Sample): { format: Format; confidence: number } {
  let best = { format: formats.at(-1)!, confidence: 0 };
  for (const format of formats) {
    const confidence = format.detect(sample);
    if (confidence > best.confidence) best = { format, confidence };
  }
  return best;
}

const CERTAIN = 0.9;

/** JSON whose list and marks may stand beyond the sample: what it is shows once all of it, or its first line, is there. */
function wholeJson(columns: Columns): Format {
  let chosen = json;
  return {
    ...json,
    get name() {
      return chosen.name;
    },
    open: (sink, settings) =>
      firstLineReader((_, text) => {
        const sample = { text: text.slice(0, sampleLength), complete: true, columns, ...firstJson(text) };
        chosen = bestFormat(sample).format;
        return chosen.open(sink, settings);
      }, settings),
  };
}

/**
 * Tells the format of an input from its first 64 Ki characters.
 *
 * @example
 * detectFormat('{"id":"1","text":"Well said."}\n') // { format: 'jsonl', confidence: 0.75 }
 * @throws {InputError} `input-binary`, `input-encoding` for bytes that are no text.
 */
export function detectFormat(input: string | Uint8Array): Detection {
  let text = '';
  let complete = true;
  if (typeof input === 'string') text = input;
  else {
    const decoder = byteDecoder('-');
    complete = input.length <= sampleLength * 4;
    text = decoder.write(input.subarray(0, sampleLength * 4));
    // A cut may go through a character, so only a whole input is checked to its end.
    if (complete) text += decoder.end();
  }
  const { format, confidence } = detectSample(sampleOf(text, complete));
  return { format: format.name, confidence };
}
