import { InputError } from '../../errors';
import type { Format } from '../format';
import { lineReader } from '../reading/lines';
import { objectReader } from '../reading/rows';
import { isObject } from '../reading/values';

/** JSON lines, one comment a line: `{ "id": "1", "text": "…" }`. The smallest format: the one to copy. */
export const jsonl: Format = {
  name: 'jsonl',
  description: 'JSON lines, one comment a line',
  aliases: ['ndjson', 'jsonlines', 'json-lines'],
  streaming: true,
  detect({ json, lines, columns }) {
    if (!isObject(json) || !lines) return 0;
    return objectReader(columns)(json) === undefined ? 0.3 : 0.75;
  },
  open(sink, { columns, maxRecordLength }) {
    const toComment = objectReader(columns);
    let found = 0;
    let lost = 0;
    const lose = (line: number, code: string, message: string): void => {
      lost += 1;
      sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { line } });
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
          if (!isObject(value)) return lose(line, 'malformed-record', 'not a JSON object');
          const comment = toComment(value);
          if (comment === undefined) return lose(line, 'no-text', 'no field of the object holds a text');
          found += 1;
          sink.comment(comment);
        },
        tooLong: (line) => lose(line, 'record-too-long', `longer than ${maxRecordLength} characters`),
        end() {
          if (found > 0) return;
          throw new InputError(
            `no line is a JSON object with a text (${lost} ${lost === 1 ? 'line' : 'lines'}); name its key with columns: { text: '…' }`,
            { code: 'input-malformed' },
          );
        },
      },
      maxRecordLength,
    );
  },
};
