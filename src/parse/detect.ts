import { byteDecoder } from './decode';
import type { Format, Sample } from './format';
import { formats } from './formats';

export const sampleLength = 64 * 1024;

/** What an input seems to be. `confidence` runs from 0 to 1; from 0.9 on, the format's own marks were seen. */
export interface Detection {
  format: string;
  confidence: number;
}

export function sampleOf(text: string, complete: boolean): Sample {
  const head = text.charCodeAt(0) === 0xfeff ? text.slice(1, sampleLength) : text.slice(0, sampleLength);
  const whole = complete && text.length <= sampleLength;
  return { text: head, complete: whole, json: firstJson(head, whole) };
}

function firstJson(text: string, complete: boolean): unknown {
  const trimmed = text.trimStart();
  if (trimmed[0] !== '{' && trimmed[0] !== '[') return undefined;
  for (const candidate of [complete ? trimmed : '', trimmed.split('\n', 1)[0]!]) {
    try {
      return JSON.parse(candidate);
    } catch {}
  }
  return undefined;
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
  const text =
    typeof input === 'string' ? input : byteDecoder('-').write(input.subarray(0, sampleLength * 4));
  const { format, confidence } = detectSample(sampleOf(text, text.length === input.length));
  return { format: format.name, confidence };
}
