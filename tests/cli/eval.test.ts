import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { agreementCommand } from '../../src/cli/agreement';
import { compareCommand } from '../../src/cli/compare';
import { evalCommand } from '../../src/cli/eval';

const folder = mkdtempSync(join(tmpdir(), 'eval-'));
const file = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const lines = (rows: object[]) => `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
const labels = ['favor', 'against', 'none'];
const goldRows = Array.from({ length: 60 }, (_, index) => ({
  id: index,
  text: `comment ${index}`,
  group: `g${index % 12}`,
  gold: { stance: { europe: labels[index % 3] }, toxicity: { insult: index % 4 === 0 } },
}));
const predict = (every: number) =>
  lines(
    goldRows.map(({ id, gold }, index) => ({
      id: String(id),
      status: 'labelled',
      labels: {
        stance: { targets: { europe: { label: index % every === 0 ? 'none' : gold.stance.europe } } },
        toxicity: { attributes: { insult: gold.toxicity.insult ? 0.7 : 0.2 + (index % every) / 20 } },
      },
    })),
  );
const gold = file('gold.jsonl', `\ufeff${lines(goldRows)}\n`);
const good = file('good.jsonl', predict(10));
const bad = file('bad.jsonl', predict(2));

let printed = '';
let complained = '';
beforeEach(() => {
  printed = '';
  complained = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += text;
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: string[]) => {
  const program = new Command('moderato').exitOverride();
  for (const command of [evalCommand(), compareCommand(), agreementCommand()])
    program.addCommand(command.exitOverride());
  return program.parseAsync(['node', 'moderato', ...args]);
};

describe('moderato eval', () => {
  it('prints a table with intervals and baselines', async () => {
    await run('eval', '--gold', gold, '--predictions', good, '--samples', '100');
    expect(printed).toContain('All 60 comments answered.');
    expect(printed).toMatch(/europe {2}0\.\d{3} \[0\.\d\d, [01]\.\d\d\]/);
    expect(printed).toContain('majority');
    expect(printed).not.toContain('\u001b');
  });

  it('runs stored predictions as a classifier', async () => {
    await run('eval', '-g', gold, '-p', good, '-c', `predictions:${good}`, '--samples', '0', '--json');
    const [file, classifier] = JSON.parse(printed).evaluations;
    expect(classifier.metrics).toEqual(file.metrics);
  });

  it('names a file that is not there once', async () => {
    await expect(run('eval', '--gold', 'missing.jsonl', '--predictions', good)).rejects.toMatchObject({
      name: 'InputError',
      message: 'missing.jsonl does not exist; check the path.',
    });
  });

  it('prints the whole report as JSON and writes the others', async () => {
    const outputs = {
      html: join(folder, 'out', 'r.html'),
      markdown: join(folder, 'r.md'),
      junit: join(folder, 'r.xml'),
    };
    await run(
      'eval',
      '-g',
      gold,
      '-p',
      good,
      bad,
      '--samples',
      '50',
      '--json',
      ...Object.entries(outputs).flatMap(([name, path]) => [`--${name}`, path]),
    );
    const report = JSON.parse(printed);
    expect(report).toMatchObject({ schemaVersion: 1, kind: 'report' });
    expect(report.evaluations.map(({ name }: { name: string }) => name)).toEqual(['good', 'bad']);
    expect(report.comparisons).toHaveLength(1);
    expect(readFileSync(outputs.html, 'utf8')).toContain('<!doctype html>');
    expect(readFileSync(outputs.markdown, 'utf8')).toContain('## good');
    expect(readFileSync(outputs.junit, 'utf8')).toContain('<testsuites');
  });

  it('exits 3 where a gate is not met, and says by how much', async () => {
    await run('eval', '-g', gold, '-p', good, '--samples', '0', '--fail-under', 'stance.macroF1=0.5');
    expect(process.exitCode).toBeUndefined();
    await run(
      'eval',
      '-g',
      gold,
      '-p',
      bad,
      '--samples',
      '0',
      '--fail-under',
      'stance.macroF1=0.99',
      '--fail-under',
      'coverage=1',
    );
    expect(process.exitCode).toBe(3);
    expect(complained).toMatch(/bad: stance\.macroF1 is 0\.\d+, required at least 0\.99/);
    expect(complained).not.toContain('coverage');
  });

  it('exits 3 where it is worse than an earlier report', async () => {
    await run('eval', '-g', gold, '-p', good, '--samples', '0', '--json');
    const earlier = file('earlier.json', printed);
    await run('eval', '-g', gold, '-p', good, '--samples', '0', '--baseline', earlier);
    expect(process.exitCode).toBeUndefined();
    await run('eval', '-g', gold, '-p', bad, '--samples', '0', '--baseline', earlier, '--max-drop', '0.01');
    expect(process.exitCode).toBe(3);
  });

  it('reads an earlier report over however many lines, and refuses one on other gold rows', async () => {
    await run('eval', '-g', gold, '-p', good, '--samples', '0', '--json');
    const earlier = file('pretty.json', JSON.stringify(JSON.parse(printed), null, 2));
    await run('eval', '-g', gold, '-p', good, '--samples', '0', '--baseline', earlier);
    expect(process.exitCode).toBeUndefined();
    const shorter = file('shorter.jsonl', lines(goldRows.slice(0, 50)));
    await expect(
      run('eval', '-g', shorter, '-p', good, '--ignore-unknown-ids', '--samples', '0', '--baseline', earlier),
    ).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('other gold rows') });
    await expect(
      run('eval', '-g', gold, '-p', good, '--samples', '0', '--baseline', file('two.json', '{}\n{}\n')),
    ).rejects.toThrow(/two\.json is not one JSON document/);
  });

  it('gives files and classifiers names of their own, each with its own gates', async () => {
    const namesake = file('word-list.jsonl', predict(10));
    const junit = join(folder, 'names.xml');
    await run(
      'eval',
      '-g',
      gold,
      '-p',
      namesake,
      '-c',
      'word-list',
      'word-list',
      '--samples',
      '0',
      '--fail-under',
      'coverage=0.1',
      '--junit',
      junit,
    );
    const xml = readFileSync(junit, 'utf8');
    expect(
      [...xml.matchAll(/<testsuite name="([^"]*)" tests="(\d+)"/g)].map(([, ...found]) => found),
    ).toEqual([
      [namesake, '1'],
      ['word-list', '1'],
      ['word-list (2)', '1'],
    ]);
  });

  it('says whose rows are wrong', async () => {
    const twice = file('twice.jsonl', predict(10) + predict(10));
    await expect(run('eval', '-g', gold, '-p', good, twice, '--samples', '0')).rejects.toThrow(
      /^twice: Prediction rows 1 and 61 have the same id/,
    );
  });

  it('takes one threshold for all or one for each, of attributes that gold has', async () => {
    const with_ = (...thresholds: string[]) =>
      run(
        'eval',
        '-g',
        gold,
        '-p',
        good,
        '--samples',
        '0',
        '--json',
        ...thresholds.flatMap((one) => ['--threshold', one]),
      );
    await with_('insult=0.75');
    expect(JSON.parse(printed).evaluations[0].metrics['toxicity.insult.recall'].value).toBe(0);
    await expect(with_('insutl=0.95')).rejects.toMatchObject({
      code: 'usage',
      message: '--threshold: no gold row judges an attribute "insutl"; they judge insult.',
    });
    await expect(
      run('compare', good, bad, '-g', gold, '--samples', '0', '--threshold', 'insutl=0.95'),
    ).rejects.toMatchObject({ code: 'usage' });
    await expect(with_('0.95', 'insult=0.7')).rejects.toThrow(/not both/);
    await expect(with_('insult=0.7', '0.95')).rejects.toThrow(/not both/);
  });

  it('refuses options that would do nothing', async () => {
    const cases: [string[], RegExp][] = [
      [['-g', gold, '--split', 'train'], /--split and --attribute are for --suite/],
      [['-g', gold, '--attribute', 'insult'], /--split and --attribute are for --suite/],
      [['-g', gold, '--max-drop', '0.5'], /--baseline REPORT/],
      [['--suite', 'hatecheck', folder, '--split', 'train'], /hatecheck takes no split, only attribute/],
      [['--suite', 'glue', folder], /There is no suite "glue"/],
    ];
    for (const [args, message] of cases)
      await expect(run('eval', '-p', good, ...args)).rejects.toMatchObject({
        code: 'usage',
        message: expect.stringMatching(message),
      });
  });

  it('runs classifiers', async () => {
    await run('eval', '-g', gold, '-c', 'majority', 'word-list', '--samples', '0', '--json');
    const [majority, wordList] = JSON.parse(printed).evaluations;
    expect(majority.metrics['stance.europe.accuracy'].value).toBeCloseTo(1 / 3);
    expect(wordList.metrics['stance.europe.accuracy'].value).toBeNull();
  });

  it('refuses wrong usage with what to do', async () => {
    await expect(run('eval', '-p', good)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--gold FILE'),
    });
    await expect(run('eval', '-g', gold)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('--classifier'),
    });
    await expect(
      run('eval', '-g', gold, '-p', good, '--samples', '0', '--fail-under', 'stance.f1=0.5'),
    ).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining('Valid names: coverage, stance.f1Average'),
    });
    await expect(run('eval', '-g', gold, '-p', good, '--fail-under', 'stance.macroF1')).rejects.toThrow(
      /METRIC=VALUE/,
    );
    await expect(run('eval', '-g', join(folder, 'none.jsonl'), '-p', good)).rejects.toMatchObject({
      code: 'input-not-found',
    });
    await expect(run('eval', '-g', file('bad.txt', '{"id": 1}\nnot json\n'), '-p', good)).rejects.toThrow(
      /bad\.txt:2: not JSON/,
    );
  });
});

describe('moderato compare and agreement', () => {
  it('says which is better and by how much', async () => {
    await run('compare', good, bad, '--gold', gold, '--samples', '200');
    expect(printed).toMatch(/stance\.europe\.f1Average +[\d.]+ +[\d.]+ +0\.\d+ \[/);
    printed = '';
    await run('compare', good, good, '--gold', gold, '--samples', '50', '--json');
    expect(JSON.parse(printed).comparisons[0].metrics['stance.f1Average']).toMatchObject({
      difference: 0,
      pValue: 1,
    });
  });

  it('measures agreement', async () => {
    await run('agreement', gold, gold, '--json');
    expect(JSON.parse(printed).stance.europe.krippendorffAlpha).toBe(1);
  });
});
