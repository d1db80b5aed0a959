import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, it } from 'vitest';
import { writeComments } from './batch-input';
import { jsonLines, run, start, tinyFolder } from './run';

const folder = mkdtempSync(join(tmpdir(), 'moderato-batch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const input = writeComments(at('input.jsonl'), 1200);
const here = ['--model', tinyFolder, '--workers', '0'];
const read = (path: string) => readFileSync(path, 'utf8');

describe('moderato batch', { timeout: 120_000 }, () => {
  it('writes the rows that label prints, and an account of them to stderr', async () => {
    const output = at('rows.jsonl');
    const batch = await run(['batch', input, '-o', output, ...here]);
    expect(batch.status).toBe(0);
    expect(batch.stdout).toBe('');
    const label = await run(['label', input, '--model', tinyFolder]);
    expect(read(output)).toBe(label.stdout);
    expect(batch.stderr).toMatch(/^1,200 comments of 1 input → /);
    expect(batch.stderr).toMatch(/\n {2}skipped +48 {2}empty 24, unsupported-language 24\n/);
    expect(batch.stderr).toMatch(/\n {2}failed +0\n/);
    expect(batch.stderr).toMatch(/\n {2}repeated +1\d\d {2}same text/);
    expect(readdirSync(folder).filter((name) => name.startsWith('rows.jsonl'))).toEqual(['rows.jsonl']);
  });

  it('gives the same bytes with any number of workers', async () => {
    const outputs = await Promise.all(
      ['0', '2'].map(async (workers) => {
        const output = at(`workers-${workers}.jsonl`);
        const { status } = await run([
          'batch',
          input,
          '-o',
          output,
          '--model',
          tinyFolder,
          '--workers',
          workers,
        ]);
        expect(status).toBe(0);
        return read(output);
      }),
    );
    expect(outputs[0]).toBe(outputs[1]);
  });

  it('writes CSV that a CSV reader reads back, with decisions', async () => {
    const output = at('rows.csv');
    const { status } = await run(['batch', input, '-o', output, '--policy', 'strict', ...here]);
    expect(status).toBe(0);
    const records: Record<string, string>[] = parse(read(output), { columns: true });
    expect(records).toHaveLength(1200);
    const expected = jsonLines(read(input)) as { id: string; text: string; author: string }[];
    expect(records.map(({ id, text, author }) => ({ id, author, text }))).toEqual(
      expected.map(({ id, text, author }) => ({ id, author, text })),
    );
    const labelled = records.filter((record) => record.status === 'labelled');
    for (const record of labelled) {
      expect(
        Number(record.europe_favor) + Number(record.europe_against) + Number(record.europe_none),
      ).toBeCloseTo(1, 4);
      expect(record.threat).toMatch(/^[01](\.\d+)?$/);
    }
    for (const record of records.filter((one) => one.status === 'skipped'))
      expect([record.action, record.rules]).toEqual(['review', 'not-labelled']);
    expect(new Set(records.map((record) => record.action)).size).toBeGreaterThan(1);
  });

  it('reads files, patterns and stdin, each file once, and not its own output', async () => {
    mkdirSync(at('many'));
    for (const name of ['b10', 'b9', 'a1'])
      writeFileSync(at(`many/${name}.jsonl`), `{"id":"${name}","text":"No more war in Europe"}\n`);
    const output = at('many/out.jsonl');
    writeFileSync(output, 'an older result\n');
    const args = ['batch', at('many/b9.jsonl'), at('many/*.jsonl'), '-', '-o', output, ...here];
    const { status } = await run(args, { stdin: '{"id":"in","text":"Stay out of it, America"}\n' });
    expect(status).toBe(0);
    expect(jsonLines(read(output)).map((row) => row.id)).toEqual(['b9', 'a1', 'b10', 'in']);
  });

  it('goes on with the other inputs when one cannot be read, and says so', async () => {
    const output = at('some.jsonl');
    const empty = at('empty.jsonl');
    writeFileSync(empty, '');
    const { status, stderr } = await run(['batch', empty, input, '-o', output, '--limit', '10', ...here]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^moderato: .*empty\.jsonl.*\[input-empty\]\n[\s\S]*10 comments of 2 inputs/);
    expect(jsonLines(read(output))).toHaveLength(10);
  });

  it('says so again when it is asked to go on, and does not call the output whole', async () => {
    const output = at('lost.jsonl');
    const binary = at('binary.jsonl');
    writeFileSync(binary, Buffer.from([0x89, 0x50, 0, 1, 2, 3, 0xff, 0xfe, 0]));
    const args = ['batch', binary, input, '-o', output, '--resume', '-q', ...here];
    const failure = expect.stringMatching(/^moderato: .*binary\.jsonl: binary data.*\[input-binary\]\n/);
    const first = await run(args);
    expect([first.status, first.stderr]).toEqual([1, failure]);
    const rows = read(output);
    expect(jsonLines(rows)).toHaveLength(1200);
    for (let again = 0; again < 2; again++) {
      const { status, stderr } = await run(args);
      expect([status, stderr]).toEqual([1, failure]);
      expect(stderr).toMatch(/is whole but for 1 input that could not be read; --restart begins anew\.\n$/);
      expect(read(output)).toBe(rows);
    }
    const limited = await run([...args, '--limit', '3']);
    expect([limited.status, limited.stderr]).toEqual([1, expect.stringContaining('[settings-changed]')]);
    const fewer = await run(args.filter((word) => word !== binary));
    expect([fewer.status, fewer.stderr]).toEqual([1, expect.stringContaining('[input-changed]')]);

    writeFileSync(binary, '{"id":"mended","text":"No more war in Europe"}\n');
    const mended = await run(args);
    expect([mended.status, mended.stderr]).toEqual([1, expect.stringContaining('[input-changed]')]);
    const anew = await run(args.map((word) => (word === '--resume' ? '--restart' : word)));
    expect([anew.status, anew.stderr]).toEqual([0, '']);
    expect(jsonLines(read(output))[0].id).toBe('mended');
    expect(existsSync(`${output}.checkpoint`)).toBe(false);
  });

  it('begins anew when the output of a run that lost an input has been taken away', async () => {
    const output = at('taken.jsonl');
    const empty = at('nothing.jsonl');
    writeFileSync(empty, '');
    const args = ['batch', empty, input, '-o', output, '--limit', '5', '-q', ...here];
    for (const more of [[], ['--resume'], []]) {
      expect((await run([...args, ...more])).status).toBe(1);
      expect(jsonLines(read(output))).toHaveLength(5);
      rmSync(output);
    }
  });

  it('remembers a lost input over a crash between the last row and the final name', async () => {
    const output = at('crashed.jsonl');
    const empty = at('no-rows.jsonl');
    writeFileSync(empty, '');
    // With a limit that is reached nothing is read again, so that nothing could fail again.
    const args = ['batch', empty, input, '-o', output, '--limit', '5', '-q', '--resume', ...here];
    expect((await run(args)).status).toBe(1);
    renameSync(output, `${output}.part`);
    for (let again = 0; again < 2; again++) {
      const { status, stderr } = await run(args);
      expect([status, stderr]).toEqual([1, expect.stringContaining('[input-empty]')]);
      expect(jsonLines(read(output))).toHaveLength(5);
    }
  });

  it('never overwrites an input that is the output under another name', async () => {
    const source = at('source.jsonl');
    const link = at('link-to-source.jsonl');
    const folderLink = at('here');
    const row = '{"id":"a","text":"No more war in Europe"}\n';
    writeFileSync(source, row);
    symlinkSync('source.jsonl', link);
    symlinkSync(folder, folderLink);
    symlinkSync('source.jsonl', at('other.jsonl.part'));
    for (const [from, to] of [
      [link, source],
      [source, link],
      [source, join(folderLink, 'source.jsonl')],
      [source, at('other.jsonl')],
    ]) {
      const { status, stderr } = await run(['batch', from!, '-o', to!, ...here]);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/is an input and the output.*\[usage\]\n$/),
      ]);
      expect(read(source)).toBe(row);
    }
  });

  it('writes what an output that is a link points to, there or not, and keeps the link', async () => {
    mkdirSync(at('elsewhere'));
    const link = at('link.jsonl');
    symlinkSync('elsewhere/real.jsonl', link);
    for (let round = 0; round < 2; round++) {
      expect((await run(['batch', input, '-o', link, '--limit', '3', '-q', ...here])).status).toBe(0);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(lstatSync(at('elsewhere/real.jsonl')).isFile()).toBe(true);
      expect(jsonLines(read(link))).toHaveLength(3);
      expect(readdirSync(at('elsewhere'))).toEqual(['real.jsonl']);
    }
  });

  it.skipIf(process.platform === 'win32')('refuses a pipe or device as the output', async () => {
    const pipe = at('pipe');
    execFileSync('mkfifo', [pipe]);
    for (const output of [pipe, '/dev/null']) {
      const { status, stderr } = await run(['batch', input, '-o', output, ...here]);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/is a pipe or device.*"-o -".*\[usage\]\n$/),
      ]);
    }
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('prints to stdout, and ends quietly when nobody reads on', async () => {
    const child = start(['batch', input, '-o', '-', '-q', ...here]);
    let errors = '';
    child.stderr!.on('data', (chunk) => {
      errors += chunk;
    });
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    child.stdout!.destroy();
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(0);
    expect(errors).toBe('');
  });

  it.each([
    [
      'a missing file',
      ['nowhere.jsonl', '-o', at('x.jsonl')],
      1,
      /nowhere\.jsonl does not exist.*\[input-not-found\]/,
    ],
    ['a folder', [folder, '-o', at('x.jsonl')], 1, /is a folder.*\[input-is-directory\]/],
    [
      'a pattern without matches',
      [at('*.nothing'), '-o', at('x.jsonl')],
      1,
      /No file matches.*\[input-not-found\]/,
    ],
    ['no output', [input], 2, /required option.*--output/],
    ['an input as the output', [input, '-o', input], 2, /is an input and the output.*\[usage\]/],
    [
      'a folder that is not there',
      [input, '-o', at('no/x.jsonl')],
      1,
      /cannot be written.*\[output-failed\]/,
    ],
    [
      'a policy that is not there',
      [input, '-o', at('x.jsonl'), '-p', 'mild'],
      1,
      /no policy mild.*\[policy-unreadable\]/,
    ],
    [
      'a model that is not there',
      [input, '-o', at('x.jsonl'), '-m', './no-model'],
      1,
      /no-model.*\[model-not-found\]/,
    ],
    [
      'workers that are no number',
      [input, '-o', at('x.jsonl'), '-w', 'two'],
      2,
      /must be auto or a whole number/,
    ],
    ['a folder as the output', [input, '-o', folder], 2, /is a folder; give the file to write.*\[usage\]/],
    ['a format that is not there', [input, '-o', at('x.jsonl'), '-f', 'cvs'], 1, /"cvs".*\[unknown-format\]/],
    ['a resumed stdout', [input, '-o', '-', '--resume'], 2, /cannot be resumed.*\[usage\]/],
  ])('refuses %s in one line', async (_, args, expected, message) => {
    const { status, stdout, stderr } = await run(['batch', ...here, ...args]);
    expect([status, stdout]).toEqual([expected, '']);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(at('x.jsonl'))).toBe(false);
  });

  it('stops within two seconds on Ctrl-C, and says how to go on with what', async () => {
    const large = writeComments(at('large.jsonl'), 10_000);
    const output = at('stopped file.jsonl');
    const args = ['batch', large, '-o', output, '--model', tinyFolder, '--workers', '2'];
    const child = start(args);
    let errors = '';
    child.stderr!.on('data', (chunk) => {
      errors += chunk;
    });
    await until(() => existsSync(`${output}.part`) && readFileSync(`${output}.part`).length > 100_000);
    const stopped = performance.now();
    child.kill('SIGINT');
    const status = await new Promise((resolve) => child.on('exit', resolve));
    expect(status).toBe(130);
    expect(performance.now() - stopped).toBeLessThan(2000);
    expect(errors).toMatch(/Stopped after [\d,]+ comments\. Go on with:\n {2}moderato batch /);
    expect(errors).toContain(`-o '${output}' --model ${tinyFolder} --workers 2 --resume\n`);
    expect(existsSync(output)).toBe(false);

    const again = await run(args);
    expect(again.status).toBe(1);
    expect(again.stderr).toMatch(/unfinished run .* \[unfinished-run\]\n$/);
    const other = await run([...args, '--resume', '--limit', '9999']);
    expect(other.stderr).toMatch(/another limit \(none\) than this one \(9999\).*\[settings-changed\]\n$/);
    utimesSync(large, new Date(), new Date(Date.now() + 5000));
    const touched = await run([...args, '--resume']);
    expect([touched.status, touched.stderr]).toEqual([
      1,
      expect.stringMatching(/has been written to.*\[input-changed\]\n$/),
    ]);
    writeFileSync(large, '{"id":"new","text":"Something else"}\n', { flag: 'a' });
    const longer = await run([...args, '--resume']);
    expect(longer.stderr).toMatch(
      /has changed since the run began \(\d+ → \d+ bytes\).*\[input-changed\]\n$/,
    );
  });

  it('says that a whole output needs no resuming, and begins where nothing was begun', async () => {
    const output = at('whole.jsonl');
    const args = ['batch', input, '-o', output, '--limit', '20', '--resume', ...here];
    expect((await run(args)).status).toBe(0);
    expect(jsonLines(read(output))).toHaveLength(20);
    const again = await run(args);
    expect([again.status, again.stderr]).toEqual([
      0,
      `${output} is whole: there is no unfinished run to go on with.\n`,
    ]);
  });

  it('refuses to go on with another stdin', async () => {
    const output = at('stdin.jsonl');
    const args = ['batch', '-', '-o', output, '--model', tinyFolder, '--workers', '0'];
    const stdin = read(writeComments(at('stdin-source.jsonl'), 4_000));
    const child = start(args);
    child.stdin!.on('error', () => {}).end(stdin);
    await until(() => existsSync(`${output}.part`) && readFileSync(`${output}.part`).length > 100_000);
    child.kill('SIGINT');
    await new Promise((resolve) => child.on('exit', resolve));
    const changed = await run([...args, '--resume'], { stdin: stdin.replace('americans', 'canadians') });
    expect([changed.status, changed.stderr]).toEqual([
      1,
      expect.stringMatching(/does not begin with.*\[input-changed\]\n$/),
    ]);
    const same = await run([...args, '--resume', '-q'], { stdin });
    expect([same.status, same.stderr]).toEqual([0, '']);
    expect(jsonLines(read(output)).map((row) => row.id)).toEqual(jsonLines(stdin).map((row) => row.id));
  });
});

async function until(condition: () => boolean): Promise<void> {
  const started = performance.now();
  while (!condition()) {
    if (performance.now() - started > 60_000) throw new Error('It did not happen within a minute.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
