import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/statistics/random';
import { labels } from '../policy/labelled';
import { run, tinyFolder } from './run';

const folder = mkdtempSync(join(tmpdir(), 'moderato-policy-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);
const file = (name: string, content: string) => {
  writeFileSync(at(name), content);
  return at(name);
};
const policy = (version: string, limit: number) =>
  `name: house\nversion: ${version}\nrules:\n  - name: insults\n    when: { toxicity: { insult: ${limit} } }\n    action: review\n`;

beforeAll(() => {
  const random = createRandom(5).uniform;
  const rows: string[] = [];
  const gold: string[] = [];
  for (let index = 0; index < 400; index++) {
    const insult = Math.round(random() * 1000) / 1000;
    const favor = ['europe', 'us', 'russia'][index % 3]!;
    const row = {
      id: `c${index}`,
      source: 'x',
      parentId: null,
      author: `a${index}`,
      text: `Comment ${index}`,
    };
    rows.push(
      JSON.stringify({ ...row, status: 'labelled', labels: labels({ insult, toxicity: insult }, { favor }) }),
    );
    gold.push(
      JSON.stringify({
        id: `c${index}`,
        text: row.text,
        gold: { toxicity: { insult: random() < insult ? 1 : 0 } },
      }),
    );
  }
  rows.push(
    JSON.stringify({
      id: 's',
      source: 'x',
      parentId: null,
      author: null,
      text: '',
      status: 'skipped',
      reason: 'empty',
    }),
  );
  file('labelled.jsonl', `${rows.join('\n')}\n`);
  file('gold.jsonl', `${gold.join('\n')}\n`);
});

describe('moderato policy', { timeout: 60_000 }, () => {
  it('check shows what a policy does, and every mistake on a line of its own', async () => {
    const good = await run(['policy', 'check', file('good.yaml', policy('2', 0.5)), '--model', tinyFolder]);
    expect([good.status, good.stderr]).toEqual([0, '']);
    expect(good.stdout).toContain('house 2, 1 rule, no mistakes');
    expect(good.stdout).toMatch(/1 {2}insults +insult ≥ 0\.5 +review/);
    file('bad.yaml', policy('2', 5).replace('review', 'ban'));
    const bad = await run(['policy', 'check', 'bad.yaml', '--model', tinyFolder], {
      cwd: folder,
    });
    expect([bad.status, bad.stdout]).toEqual([1, '']);
    expect(bad.stderr).toBe(
      'bad.yaml:5: rules[0].when.toxicity.insult: must be from 0 to 1, not 5\n' +
        'bad.yaml:6: rules[0].action: must be approve, review or reject, not "ban"\n' +
        'moderato: bad.yaml has 2 mistakes. [policy-invalid]\n',
    );
  });

  it('diff counts what changes, and shows it', async () => {
    const [old, next] = [file('old.yaml', policy('1', 0.6)), file('new.yaml', policy('2', 0.4))];
    const { status, stdout, stderr } = await run(['policy', 'diff', old, next, '--on', at('labelled.jsonl')]);
    expect([status, stderr]).toEqual([0, '']);
    const rows = readFileSync(at('labelled.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const expected = rows.filter((row) => {
      const insult = row.labels?.toxicity.attributes.insult;
      return insult >= 0.4 && insult < 0.6;
    }).length;
    expect(stdout).toContain(`${expected} of 401 comments change\n\n  approve → review`);
    expect(stdout).toMatch(
      /\n {2}c\d+ {2}default → insults \(insult 0\.[45]\d, limit 0\.4\)\n {4}Comment \d+\n/,
    );
    const json = JSON.parse(
      (await run(['policy', 'diff', old, next, '--on', at('labelled.jsonl'), '--json'])).stdout,
    );
    expect(json).toMatchObject({ comments: 401, changed: expected, transitions: [{ count: expected }] });
  });

  it('fit proposes a threshold with its interval, and writes a policy that holds', async () => {
    const { status, stdout } = await run([
      ...['policy', 'fit', '--gold', at('gold.jsonl'), '--predictions', at('labelled.jsonl')],
      ...['--aim', 'precision=0.8', '-o', at('fitted.yaml')],
    ]);
    expect(status).toBe(0);
    expect(stdout).toContain('Thresholds for precision ≥ 0.8, from 400 hand-labelled comments');
    expect(stdout).toMatch(/insult +\d+ +0\.\d{3} \(0\.\d+–0\.\d+\) +0\.8\d \(0\.\d\d–0\.\d\d\)/);
    const check = await run(['policy', 'check', at('fitted.yaml'), '--model', tinyFolder]);
    expect(check.status).toBe(0);
    const missed = await run(['policy', 'fit', '--gold', at('gold.jsonl'), '--aim', 'accuracy=0.8']);
    expect([missed.status, missed.stdout]).toEqual([2, '']);
  });

  it('fit refuses predictions in which an id occurs twice: they are of several threads', async () => {
    const labelled = readFileSync(at('labelled.jsonl'), 'utf8');
    const { status, stderr } = await run([
      ...['policy', 'fit', '--gold', at('gold.jsonl'), '--aim', 'precision=0.8'],
      ...['--predictions', file('twice.jsonl', `${labelled.trim()}\n${labelled}`)],
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('occurs twice; every id must occur once. [input-malformed]');
  });

  it('fit writes the threshold that reaches the aim, however small, from gold in any shape that eval reads', async () => {
    // All positives score 0.000123456 or more: to find them all, the limit must not be a hair higher.
    const rows = Array.from({ length: 60 }, (_, index) => ({
      id: `s${index}`,
      text: `Comment ${index}`,
      insult: index < 20 ? 0.000123456 + index * 1e-6 : 0.0001,
      gold: { toxicity: { insult: index < 20 ? 1 : 0 } },
    }));
    const predictions = rows.map(({ id, text, insult }) =>
      JSON.stringify({ id, text, status: 'labelled', labels: labels({ insult }) }),
    );
    const array = file(
      'gold.json',
      JSON.stringify(
        rows.map(({ insult: _, ...row }) => row),
        null,
        2,
      ),
    );
    const { status, stdout } = await run([
      ...['policy', 'fit', '--gold', array, '--aim', 'recall=1', '-o', at('small.yaml')],
      ...['--predictions', file('small.jsonl', predictions.join('\n'))],
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/insult +20 +0\.000123456 \(0\.00012–0\.0001\d+\) +1\.00/);
    expect(readFileSync(at('small.yaml'), 'utf8')).toContain('atLeast: 0.000123456\n');
  });

  it.skipIf(process.platform !== 'linux')('names the file that cannot be read', async () => {
    // The memory of a process is a file that can be opened and whose beginning cannot be read.
    const { status, stderr } = await run(['policy', 'audit', '-p', 'strict', '--on', '/proc/self/mem']);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^moderato: \/proc\/self\/mem cannot be read: EIO.*\[input-unreadable\]\n$/);
  });

  it('audit gives no verdict where nothing could be compared', async () => {
    const rows = Array.from({ length: 80 }, (_, index) => {
      const [favor, toxicity] = index < 40 ? ['europe', 0.01] : ['us', 0.85];
      const row = { id: `c${index}`, text: 'x', author: `a${index}`, status: 'labelled' };
      return JSON.stringify({
        ...row,
        labels: labels({ toxicity: Number(toxicity) }, { favor: String(favor) }),
      });
    });
    const on = file('apart.jsonl', rows.join('\n'));
    const { status, stdout } = await run(['policy', 'audit', '-p', 'cautious', '--on', on]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/pro-us +40 +100\.0% +nothing to compare with\n/);
    expect(stdout).toMatch(/pro-russia +0 +– +too few to compare\n/);
    expect(stdout).toContain('Nothing could be compared: too few comments of the views stand at the same');
    expect(stdout).not.toContain('beyond chance');
    const { stdout: json } = await run(['policy', 'audit', '-p', 'cautious', '--on', on, '--json']);
    expect(json).not.toContain('null');
    const few = file('few.jsonl', rows.slice(0, 60).join('\n'));
    const { stdout: fewer } = await run(['policy', 'audit', '-p', 'cautious', '--on', few]);
    expect(fewer).toContain(
      'Nothing could be compared: it takes two views with 30 comments each; label more.',
    );
  });

  it('audit says that a policy over manners treats views alike', async () => {
    const { status, stdout } = await run([
      'policy',
      'audit',
      '--on',
      at('labelled.jsonl'),
      '-p',
      at('good.yaml'),
    ]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/pro-europe +134 +\d\d\.\d% +\d\d\.\d% \(\d/);
    expect(stdout).toContain('pro-europe, pro-us, pro-russia: no difference beyond chance.');
    const without = await run(['policy', 'audit', '--on', at('labelled.jsonl')]);
    expect([without.status, without.stderr]).toEqual([
      2,
      expect.stringContaining('give the policy to audit'),
    ]);
  });

  it('refuses a file that holds no labelled rows, with its line', async () => {
    const { status, stderr } = await run(['policy', 'diff', 'strict', 'cautious', '--on', at('gold.jsonl')]);
    expect(status).toBe(1);
    expect(stderr).toMatch(/gold\.jsonl:1: not a row of moderato label.*\[input-malformed\]\n$/);
  });
});
