import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, openSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { executable, jsonLines, root, run, tinyFolder } from './run';

const folder = mkdtempSync(join(tmpdir(), 'moderato-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

const seed = 'seeds/000_ee73bf0fadc786d5.txt';
const withoutComments = 'seeds/001_c9e40089b84303d3.txt';
const tiny = ['--model', tinyFolder];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

describe('moderato label', () => {
  it('prints one JSON line for each comment of the first seed', async () => {
    const { status, stdout, stderr } = await run(['label', ...tiny, seed]);
    expect([status, stderr]).toEqual([0, '']);
    const rows = jsonLines(stdout);
    expect(rows).toHaveLength(11);
    expect(Object.keys(rows[0])).toEqual(['id', 'source', 'parentId', 'author', 'text', 'status', 'labels']);
    expect(rows[6]).toMatchObject({ source: seed, parentId: null, author: 'BuggaBoom', status: 'labelled' });
    expect(rows[6].text).toBe(
      'EU meddling will only worsen the situation. They should stay out and let the US handle it.',
    );
  });

  it('names the thread where an input holds several, so that rows can be told apart and read back', async () => {
    const article = (title: string, text: string) => ({
      title,
      comments: [{ text }, { text: `${text} Indeed.` }],
    });
    const threads = [article('A', 'Europe is too weak.'), article('B', 'Russia must leave Ukraine.')];
    const { stdout } = await run(['label', ...tiny, '-'], { stdin: JSON.stringify(threads) });
    const rows = jsonLines(stdout);
    expect(rows).toHaveLength(4);
    expect(new Set(rows.map(({ threadId, id }) => `${threadId} ${id}`)).size).toBe(4);
    const again = jsonLines((await run(['parse', '-'], { stdin: stdout })).stdout);
    expect(
      again.map(({ comments }) => comments.map(({ id, text }: { id: string; text: string }) => [id, text])),
    ).toEqual([
      [rows[0], rows[1]].map(({ id, text }) => [id, text]),
      [rows[2], rows[3]].map(({ id, text }) => [id, text]),
    ]);
  });

  it('reads stdin for -', async () => {
    const { status, stdout } = await run(['label', ...tiny, '-'], {
      stdin: '{"id":"a","text":"Europe is too weak for this."}\n{"id":"b","text":""}\n',
    });
    expect(status).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([
      { id: 'a', source: '-', status: 'labelled' },
      { id: 'b', status: 'skipped', reason: 'empty' },
    ]);
  });

  it('says when a page holds no comments, and keeps stdout for data', async () => {
    const { status, stdout, stderr } = await run(['label', ...tiny, withoutComments]);
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toContain(`${withoutComments}: no comments`);
  });

  it('goes on with the other files when one cannot be read', async () => {
    const { status, stdout, stderr } = await run(['label', ...tiny, '/nowhere/page.txt', seed]);
    expect(status).toBe(1);
    expect(jsonLines(stdout)).toHaveLength(11);
    expect(stderr).toMatch(/^moderato: .*\/nowhere\/page\.txt.* \[input-not-found\]\n$/);
  });

  it.each([80, 100, 180])('draws a table no wider than a terminal of %d columns', async (columns) => {
    const { stdout } = await run(['label', '--table', ...tiny, seed], { env: { COLUMNS: String(columns) } });
    expect(stdout).toContain('Europe Pushes for Truce in Ukraine');
    for (const word of ['Author', 'Europe', 'US', 'Russia', 'Toxic', 'Comment', 'Noir Black', 'Eugene Alta'])
      expect(stdout).toContain(word);
    for (const line of stdout.split('\n').slice(2)) expect([...line].length).toBeLessThanOrEqual(columns);
    expect(stdout).not.toContain('\u001b');
  });

  it('colours only on demand or on a terminal, and obeys NO_COLOR', async () => {
    const args = ['label', '--table', ...tiny, seed];
    const plain = await run(args, { env: { NO_COLOR: '1', FORCE_COLOR: '1' } });
    const coloured = await run(args, { env: { FORCE_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b[');
    expect(coloured.stdout).toContain('\u001b[');
    expect(coloured.stdout.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });

  it('does not let a comment write to the terminal', async () => {
    const { stdout } = await run(['label', '--table', ...tiny, '-'], {
      stdin: `${JSON.stringify({ id: 'a', author: 'e\u001b]0;owned\u0007vil', text: 'wipe \u001b[2J this\rscreen now' })}\n`,
    });
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('ends quietly when the pipe is closed', () => {
    const many = file('many.jsonl', '{"text":"Europe should do more for its defence."}\n'.repeat(3000));
    const command = `"${process.execPath}" "${executable}" label --model "${tinyFolder}" "${many}" | head -n 1`;
    const { stdout, stderr } = spawnSync('bash', ['-c', command], { encoding: 'utf8', cwd: root });
    expect(jsonLines(stdout)).toHaveLength(1);
    expect(stderr).toBe('');
  });
});

describe('bad input', () => {
  const cases: [string, () => string, string][] = [
    ['a missing file', () => '/nowhere/page.txt', 'input-not-found'],
    ['a folder', () => folder, 'input-is-directory'],
    [
      'a binary file',
      () =>
        file(
          'picture.png',
          new Uint8Array(4096).map((_, index) => (index * 7) % 256),
        ),
      'input-binary',
    ],
    [
      'invalid UTF-8',
      () => file('latin.txt', Buffer.from('Sch\u00f6ne Gr\u00fc\u00dfe\n', 'latin1')),
      'input-encoding',
    ],
    ['an empty file', () => file('empty.txt', ''), 'input-empty'],
    ['a file of blanks', () => file('blank.txt', ' \n\n\t'), 'input-empty'],
    [
      'a file of 200 MB',
      () => {
        const path = file('large.txt', '');
        truncateSync(path, 200 * 1024 * 1024);
        return path;
      },
      'input-too-large',
    ],
  ];

  it.each(cases)('%s: one line with a code, exit 1', async (_, path, code) => {
    for (const command of [['parse'], ['label', ...tiny]]) {
      const { status, stdout, stderr } = await run([...command, path()]);
      expect([status, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(new RegExp(`^moderato: [^\n]+ \\[${code}\\]\n$`));
    }
  });

  it('a broken model folder: one line with a code, exit 1', async () => {
    const broken = join(folder, 'broken-model');
    cpSync(tinyFolder, broken, { recursive: true });
    truncateSync(join(broken, 'onnx/model_quantized.onnx'), 100);
    const { status, stdout, stderr } = await run(['label', '--model', broken, seed]);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^moderato: [^\n]+ \[model-corrupt\]\n$/);
  });

  it.each([
    ['no file', ['label']],
    ['an unknown option', ['label', '--frobnicate', seed]],
    ['an unknown command', ['lable', seed]],
    ['no threads', ['label', '--threads', '0', seed]],
  ])('wrong usage, %s: exit 2', async (_, args) => {
    const { status, stdout, stderr } = await run(args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
  });

  it('help is data, with examples, exit 0', async () => {
    for (const command of ['parse', 'label']) {
      const { status, stdout } = await run([command, '--help']);
      expect(status).toBe(0);
      expect(stdout).toContain('Examples:');
    }
  });

  it('a full disk is an error, not a silent loss', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [executable, 'parse', seed], {
      cwd: root,
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^moderato: .*ENOSPC/);
  });
});

describe('start', () => {
  it('loads no native code to show help or to parse', () => {
    for (const args of [['--help'], ['parse', seed]]) {
      const script = `
        process.argv.push(...${JSON.stringify(args)});
        process.on('exit', () => {
          const { sharedObjects } = process.report.getReport();
          process.stderr.write(String(sharedObjects.filter((name) => name.includes('onnxruntime')).length));
        });
        import(${JSON.stringify(executable)});`;
      const { stderr } = spawnSync(process.execPath, ['--eval', script], { encoding: 'utf8', cwd: root });
      expect(stderr).toBe('0');
    }
  });
});
