import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { jsonLines, run, tinyFolder } from './run';

const folder = mkdtempSync(join(tmpdir(), 'moderato-parse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const survey = join(folder, 'survey.csv');
writeFileSync(
  survey,
  'answer,who\n"Europe must do more, write to joe@example.com",Joe Doe\n"Well said, @Joe.",Ann Roe\n"I agree.",Joe Doe\n',
);
const columns = ['--column', 'text=answer', '--column', 'author=who'];

describe('moderato parse', () => {
  it('reads a table whose columns have names of its own', async () => {
    const { status, stdout } = await run(['parse', survey, ...columns]);
    expect(status).toBe(0);
    const [thread] = jsonLines(stdout);
    expect(thread.format).toBe('csv');
    expect(thread.comments.map((comment: { author: { name: string } }) => comment.author.name)).toEqual([
      'Joe Doe',
      'Ann Roe',
      'Joe Doe',
    ]);
  });

  it('pseudonymizes: the same person under one key, others under another, and no address', async () => {
    const authors = async (key?: string, env = {}) => {
      const flags = key === undefined ? ['--pseudonymize'] : ['--pseudonym-key', key];
      const { stdout, stderr } = await run(['parse', ...flags, survey, ...columns], { env });
      expect(stdout).not.toMatch(/joe@example|Joe Doe|Ann Roe/);
      expect(stderr).toContain('redacted 1 e-mail address');
      return jsonLines(stdout)[0].comments.map(
        (comment: { author: { name: string } }) => comment.author.name,
      );
    };
    const [first, repeated, other, random] = [
      await authors('a'),
      await authors(undefined, { MODERATO_KEY: 'a' }),
      await authors('b', { MODERATO_KEY: 'a' }),
      await authors(),
    ];
    expect(first).toEqual(repeated);
    expect(first[0]).toBe(first[2]);
    expect(new Set([...first, ...other, ...random]).size).toBe(6);
  });

  it('takes what follows --pseudonymize for a file, and no key that is empty', async () => {
    const { stdout } = await run(['parse', '--pseudonymize', survey, survey, ...columns]);
    expect(jsonLines(stdout)).toHaveLength(2);
    const { status, stderr } = await run(['parse', survey, ...columns, '--pseudonym-key', '']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('must not be empty')]);
  });

  it('refuses a field that no comment has', async () => {
    const { status, stderr } = await run(['parse', survey, '--column', 'mood=answer']);
    expect(status).toBe(2);
    expect(stderr).toContain('parentId');
  });
});

describe('moderato batch', () => {
  const batch = (...args: string[]) =>
    run(['batch', survey, '--model', tinyFolder, '--workers', '0', ...columns, ...args]);

  it('needs a key for pseudonyms, since a resumed run needs the same one', async () => {
    const { status, stderr } = await batch('--pseudonymize', '-o', join(folder, 'none.jsonl'));
    expect([status, stderr]).toEqual([2, expect.stringContaining('MODERATO_KEY')]);
  });

  it('writes pseudonyms', async () => {
    const { status, stdout } = await batch('--pseudonymize', '--pseudonym-key', 'a', '-o', '-');
    expect(status).toBe(0);
    expect(jsonLines(stdout)).toHaveLength(3);
    expect(stdout).not.toMatch(/joe@example|Joe Doe/);
  });
});
