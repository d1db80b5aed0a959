import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readJsonRows } from '../../src/cli/rows';

const folder = mkdtempSync(join(tmpdir(), 'moderato-rows-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function rowsOf(content: string): Promise<unknown[]> {
  const path = join(folder, 'rows.jsonl');
  writeFileSync(path, content);
  return readJsonRows(path);
}

describe('rows of JSON', () => {
  it('end with a line feed and nothing else that a text may hold', async () => {
    const rows = [{ text: 'one\u2028two' }, { text: 'three\u2029four\u0085five' }];
    expect(await rowsOf(rows.map((row) => JSON.stringify(row)).join('\n'))).toEqual(rows);
  });

  it('may have a byte order mark, empty lines, and Windows ends', async () => {
    expect(await rowsOf('\ufeff{"a":1}\r\n\r\n{"a":2}\r\n')).toEqual([{ a: 1 }, { a: 2 }]);
    expect(await rowsOf('\n\n[\n{"a":1},\n{"a":2}]')).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it('name the line that is none', async () => {
    await expect(rowsOf('{"a":1}\n\n{"a":')).rejects.toMatchObject({
      code: 'input-malformed',
      place: { line: 3 },
    });
  });
});
