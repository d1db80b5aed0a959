import { InputError } from '../../errors';
import type { Format } from '../format';
import { contentOf, readTree, type TreeHandler } from '../reading/json-rows';
import { lineReader } from '../reading/lines';
import { parseJson } from '../reading/long-numbers';
import { objectReader } from '../reading/rows';
import { isObject } from '../reading/values';

/** JSON lines, one comment a line: `{ "id": "1", "text": "…" }`. The smallest format: the one to copy. */
export const jsonl: Format = {
  name: 'jsonl',
  description: 'JSON lines, one comment a line',
  aliases: ['ndjson', 'jsonlines', 'json-lines'],
  streaming: true,
  detect({ json, lines, lone, columns }) {
    if (!isObject(json) || !lines) return 0;
    const content = contentOf(json, objectReader(columns), lone);
    // What holds a list is a document of its own, and what has a text all the same is an error's message.
    if (content === undefined) return objectReader(columns)(json) === undefined ? 0.3 : 0;
    return content.row ? 0.75 : 0.2;
  },
  open(sink, { columns, maxRecordLength }) {
    const toComment = objectReader(columns);
    let found = 0;
    let bad = 0;
    let lineAtHand = 0;
    const lose = (line: number, code: string, message: string, lost = 1): void => {
      bad += 1;
      sink.diagnostic({ code, severity: 'error', message, lost, place: { line } });
    };
    const handler: TreeHandler = {
      comment(record) {
        found += 1;
        sink.comment(record);
      },
      lose: (code, message, _record, lost) => lose(lineAtHand, code, message, lost),
      // Ids of later lines are not known yet; this looks like none of them.
      name: () => `_${found + 1}`,
    };
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
          lineAtHand = line;
          // Only what holds lists or objects can hold answers; to look costs time.
          if (text.includes('[') || text.indexOf('{', 1) !== -1) return readTree([value], toComment, handler);
          const comment = toComment(value);
          if (comment === undefined) return lose(line, 'no-text', 'no field of the object holds a text');
          handler.comment(comment);
        },
        tooLong: (line) => lose(line, 'record-too-long', `longer than ${maxRecordLength} characters`),
        end() {
          if (found > 0) return;
          throw new InputError(
            `no line is a JSON object with a text (${bad} ${bad === 1 ? 'line' : 'lines'}); name its key (columns: { text: '…' }, --column text=…)`,
            { code: 'input-malformed' },
          );
        },
      },
      maxRecordLength,
    );
  },
};
