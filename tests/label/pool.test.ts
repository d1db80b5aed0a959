import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Executor } from '../../src/label/executor';
import { createLabeler } from '../../src/label/labeler';
import { type PoolOptions, workerPool } from '../../src/label/pool';
import { tinyModel } from '../../src/testing/tiny-model';
import type { Outcome } from '../../src/types';

const tinyFolder = new URL('../model/data/tiny-model', import.meta.url).pathname;
const program = new URL('data/dying-worker.mjs', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'moderato-pool-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pool = (options: Partial<PoolOptions> = {}): Executor =>
  workerPool({ workers: 2, threads: 1, tokenBudget: 1024, includeUnpublished: false, program, ...options });
const comments = (texts: string[]) => texts.map((text, index) => ({ id: String(index), text }));

/** Child processes of this one that run `name`. */
function children(name: string): number[] {
  return execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(name))
    .map((line) => Number.parseInt(line, 10));
}

const sentence = (index: number) =>
  `The ${['Americans', 'Russians', 'Europeans'][index % 3]} should stay out of this war, number ${index}.`;

describe('workers', { timeout: 120_000 }, () => {
  it('give what this process gives', async () => {
    const texts = [
      ...Array.from({ length: 700 }, (_, index) => sentence(index)),
      '',
      'Ich bin für den Frieden.',
    ];
    const alone = createLabeler({ model: tinyFolder });
    const labeler = createLabeler({ model: tinyFolder, workers: 2 });
    const expected = await alone.label(texts);
    expect(await labeler.label(texts)).toEqual(expected);
    const streamed: Outcome[] = [];
    for await (const outcome of labeler.stream(texts)) streamed.push(outcome);
    expect(streamed).toEqual(expected);
    expect(await labeler.load()).toEqual(await alone.load());
    await Promise.all([alone.dispose(), labeler.dispose()]);
    expect(children('label/worker.js')).toEqual([]);
  });

  it('are replaced when they are killed, and every comment is done once', async () => {
    const labeler = createLabeler({ model: tinyFolder, workers: 2 });
    const texts = Array.from({ length: 4000 }, (_, index) => sentence(index));
    await labeler.load();
    let kills = 0;
    let done = 0;
    const ids: string[] = [];
    for await (const outcome of labeler.stream(texts)) {
      expect(outcome.status).toBe('labelled');
      ids.push(outcome.id);
      done += 1;
      if (done % 500 === 0) {
        const [victim] = children('label/worker.js');
        if (victim !== undefined) {
          process.kill(victim, 'SIGKILL');
          kills += 1;
        }
      }
    }
    expect(kills).toBeGreaterThanOrEqual(6);
    expect(ids).toEqual(texts.map((_, index) => String(index)));
    await labeler.dispose();
    expect(children('label/worker.js')).toEqual([]);
  });

  it('do the comments of a dead worker again', async () => {
    const executor = pool();
    const texts = Array.from({ length: 40 }, (_, index) =>
      index % 10 === 5 ? `once ${join(folder, `dead-${index}`)}` : `comment ${index}`,
    );
    const outcomes = await executor.run(comments(texts.slice(0, 10)));
    expect(outcomes.map((outcome) => outcome.id)).toEqual(
      texts.slice(0, 10).map((_, index) => String(index)),
    );
    expect(outcomes.every((outcome) => outcome.status === 'skipped')).toBe(true);
    await executor.dispose();
  });

  it('fail alone the one comment that kills them', async () => {
    const executor = pool();
    const texts = Array.from({ length: 30 }, (_, index) => (index === 17 ? 'poison' : `comment ${index}`));
    const [outcomes, others] = await Promise.all([
      executor.run(comments(texts)),
      executor.run(comments(['another', 'block'])),
    ]);
    expect(others.map((outcome) => outcome.status)).toEqual(['skipped', 'skipped']);
    expect(outcomes.map((outcome) => outcome.id)).toEqual(texts.map((_, index) => String(index)));
    const failures = outcomes.filter((outcome) => outcome.status === 'failed');
    expect(failures).toEqual([
      { id: '17', status: 'failed', error: expect.objectContaining({ code: 'worker-died' }) },
    ]);
    await executor.dispose();
  });

  it('give the error of a model that cannot be loaded, and no process stays', async () => {
    const executor = pool({ model: 'unusable' });
    await expect(executor.run(comments(['a']))).rejects.toMatchObject({ code: 'model-invalid' });
    await expect(executor.load()).rejects.toMatchObject({ code: 'model-invalid' });
    await executor.dispose();
    const labeler = createLabeler({ model: join(folder, 'no-such-model'), workers: 1 });
    await expect(labeler.label(['a'])).rejects.toMatchObject({ code: 'model-not-found' });
    await labeler.dispose();
    expect(children('worker')).toEqual([]);
  });

  it('are not started again once they are disposed of', async () => {
    const labeler = createLabeler({ model: tinyFolder, workers: 1 });
    let go = () => {};
    const waiting = new Promise<void>((resolve) => {
      go = resolve;
    });
    async function* slow() {
      for (let index = 0; index < 2000; index++) yield sentence(index);
      await waiting;
      yield sentence(1);
    }
    const read = async () => {
      for await (const _ of labeler.stream(slow()));
    };
    const reading = expect(read()).rejects.toMatchObject({ code: 'model-disposed' });
    await labeler.load();
    await labeler.dispose();
    go();
    await reading;
    expect(children('label/worker.js')).toEqual([]);
  });

  it('are given up when they die before they are ready', async () => {
    const executor = pool({ model: 'dies' });
    await expect(executor.run(comments(['a']))).rejects.toMatchObject({ code: 'model-failed' });
    await executor.dispose();
  });

  it('that cannot be started at all fail every call, and not the first alone', async () => {
    // The installed package lacks its worker program: forking throws at once, as it does for this name.
    const executor = pool({ program: 'no\0program' });
    for (let call = 0; call < 2; call++) {
      await expect(executor.run(comments(['a']))).rejects.toThrow(/null bytes/);
      await expect(executor.load()).rejects.toThrow(/null bytes/);
    }
    await executor.dispose();
  });

  it('do not keep a program alive that forgets to dispose of its labeler', () => {
    const script = `
      import { createLabeler } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const labeler = createLabeler({ model: ${JSON.stringify(tinyFolder)}, workers: 2 });
      console.log((await labeler.label(['No more war', 'Stay out'])).length);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(output).toBe('2\n');
  });

  it('keep a program alive that waits for their model, also when one is killed over it', () => {
    const script = `
      import { readFileSync } from 'node:fs';
      import { createLabeler } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      const labeler = createLabeler({ model: ${JSON.stringify(tinyFolder)}, workers: 1 });
      const loading = labeler.load();
      const children = () => readFileSync('/proc/self/task/' + process.pid + '/children', 'utf8').trim();
      process.kill(Number(children()), 'SIGKILL');
      console.log((await loading).name);`;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      timeout: 60_000,
    });
    expect(output).toMatch(/^\S+\n$/);
  });

  it('refuse what cannot work', () => {
    expect(() => createLabeler({ workers: 2, model: tinyModel() })).toThrow('path of its folder');
    expect(() => createLabeler({ workers: -1 })).toThrow('workers must be a whole number from 0, not -1');
    expect(() => createLabeler({ threads: 0 })).toThrow('threads must be a whole number from 1');
  });
});
