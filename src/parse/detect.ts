import { byteDecoder } from './decode';
import type { Columns, Format, Sample } from './format';
import { formats } from './formats';
import { completeJson } from './reading/json-prefix';

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

const LINES = 20;

/** The first line that is a JSON value; else as much as there is of a document. */
function firstJson(text: string): { json: unknown; lines: boolean } {
  if (!/^\s*[[{]/.test(text)) return { json: undefined, lines: false };
  for (const line of text.trimStart().split('\n', LINES)) {
    try {
      const json: unknown = JSON.parse(line);
      if (typeof json === 'object' && json !== null) return { json, lines: true };
    } catch {}
    // A line that only opens something belongs to a document on several lines.
    if (/^\s*[[{]\s*$/.test(line)) break;
  }
  try {
    const completed = completeJson(text.trimStart(), true);
    return completed === undefined
      ? { json: undefined, lines: false }
      : { json: JSON.parse(completed), lines: !text.trim().includes('\n') };
  } catch {
    return { json: undefined, lines: false };
  }
}

export function detectSample(sample: Sample): { format: Format; confidence: number } {
  let best = { format: formats.at(-1)!, confidence: 0 };
  for (const format of formats) {
    const confidence = format.detect(sample);
    if (confidence > best.confidence) best = { format, confidence };
  }
  return best;
}

/**
 * Tells the format of an input from its first 64 Ki characters.
 *
 * @example
 * detectFormat('{"id":"1","text":"Well said."}\n') // { format: 'jsonl', confidence: 0.7 }
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
