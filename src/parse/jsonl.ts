import { InputError } from '../errors';
import type { Format } from './format';
import { lineReader } from './lines';
import { normalizeName, rowToComment } from './rows';

/** JSON lines, one comment a line: `{ "id": "1", "text": "…" }`. The smallest format: the one to copy. */
export const jsonl: Format = {
  name: 'jsonl',
  description: 'JSON lines, one comment a line',
  aliases: ['ndjson', 'jsonlines'],
  streaming: true,
  detect({ json }) {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return 0;
    return rowToComment(rowOf(json), {}) === undefined ? 0.2 : 0.7;
  },
  open(sink, settings) {
    let found = 0;
    let lost = 0;
    const lose = (line: number, code: string, message: string) => {
      lost += 1;
      sink.diagnostic({
        code,
        severity: 'error',
        message: `line ${line}: ${message}`,
        lost: 1,
        place: { line },
      });
    };
    return lineReader(
      {
        line(text, line) {
          if (text.trim() === '') return;
          let value: unknown;
          try {
            value = JSON.parse(text);
          } catch {
            return lose(line, 'malformed-record', 'not valid JSON');
          }
          if (typeof value !== 'object' || value === null)
            return lose(line, 'malformed-record', 'not a JSON object');
          const comment = rowToComment(rowOf(value), settings.columns);
          if (comment === undefined) return lose(line, 'no-text', 'no field holds a text');
          found += 1;
          sink.comment(comment);
        },
        tooLong: (line) =>
          lose(line, 'record-too-long', `longer than ${settings.maxRecordLength} characters`),
        end() {
          if (found === 0) {
            throw new InputError(`none of the ${lost} lines is a JSON object with a text`, {
              code: 'input-malformed',
            });
          }
        },
      },
      settings.maxRecordLength,
    );
  },
};

function rowOf(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).map(([key, field]) => [normalizeName(key), field]));
}
