import { InputError } from '../../errors';
import type { Format } from '../format';
import { readTree, repliesOf, shapeOf } from '../reading/json-rows';
import { lineReader } from '../reading/lines';
import { parseJson } from '../reading/long-numbers';
import { objectReader } from '../reading/rows';
import { isObject, type JsonObject } from '../reading/values';

/** JSON lines, one comment a line: `{ "id": "1", "text": "…" }`. The smallest format: the one to copy. */
export const jsonl: Format = {
  name: 'jsonl',
  description: 'JSON lines, one comment a line',
  aliases: ['ndjson', 'jsonlines', 'json-lines'],
  streaming: true,
  detect({ json, lines, columns }) {
    if (!isObject(json) || !lines) return 0;
    const shape = shapeOf(json, objectReader(columns));
    // What holds a list is a document of its own, and what has a text all the same is an error's message.
    if (shape === undefined) return objectReader(columns)(json) === undefined ? 0.3 : 0;
    return shape.row ? 0.75 : 0.2;
  },
  open(sink, { columns, maxRecordLength }) {
    const toComment = objectReader(columns);
    let found = 0;
    let lost = 0;
    const lose = (line: number, code: string, message: string): void => {
      lost += 1;
      sink.diagnostic({ code, severity: 'error', message, lost: 1, place: { line } });
    };
    const readNested = (value: JsonObject, line: number): void =>
      readTree([value], toComment, {
        comment(record) {
          found += 1;
          sink.comment(record);
        },
        lose: (code, message) => lose(line, code, message),
        // Ids of later lines are not known yet; this looks like none of them.
        name: () => `_${found + 1}`,
      });
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
          if (!isObject(value)) return lose(line, 'malformed-record', 'not a JSON object');
          // A line without a bracket has no list of answers.
          if (text.includes('[') && repliesOf(value).length > 0) return readNested(value, line);
          const comment = toComment(value);
          if (comment === undefined) return lose(line, 'no-text', 'no field of the object holds a text');
          found += 1;
          sink.comment(comment);
        },
        tooLong: (line) => lose(line, 'record-too-long', `longer than ${maxRecordLength} characters`),
        end() {
          if (found > 0) return;
          throw new InputError(
            `no line is a JSON object with a text (${lost} ${lost === 1 ? 'line' : 'lines'}); name its key (columns: { text: '…' }, --column text=…)`,
            { code: 'input-malformed' },
          );
        },
      },
      maxRecordLength,
    );
  },
};
