import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeComments } from './batch-input';
import { run, start, tinyFolder } from './run';

const folder = mkdtempSync(join(tmpdir(), 'moderato-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const input = writeComments(at('input.jsonl'), 2500);
const batch = (output: string, ...more: string[]) => [
  'batch',
  input,
  '-o',
  output,
  '--model',
  tinyFolder,
  ...more,
];
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
let unbroken: string;

beforeAll(async () => {
  expect((await run(batch(at('unbroken.jsonl'), '--workers', '0', '-q'))).status).toBe(0);
  unbroken = readFileSync(at('unbroken.jsonl'), 'utf8');
});

/** A random generator with a seed, so that a failing sequence of kills can be had again. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function workersOf(pid: number): number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .filter(Boolean)
      .map(Number);
  } catch {
    return [];
  }
}

/** Zombies are dead: whether somebody collects them is not up to the one who left them. */
function alive(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

describe('a batch run that is killed', () => {
  it('whole, at 25 random moments, ends with the output of an unbroken run, and leaves no process', async () => {
    const chance = random(25);
    let kills = 0;
    for (let round = 0; kills < 25; round++) {
      const output = at(`killed-${round}.jsonl`);
      const workers = round % 2 === 0 ? '0' : '2';
      // Killed between the last two steps it leaves its checkpoint beside the whole output; the next run takes it away.
      while (!existsSync(output) || existsSync(`${output}.checkpoint`)) {
        const child = start(batch(output, '--workers', workers, '--resume'));
        child.stderr!.resume();
        const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
        const before = sizeOf(`${output}.part`);
        // Now and then while it starts or reads again what is done, else at any moment of the work.
        if (chance() < 0.2) await Promise.race([exit, pause(chance() * 800)]);
        else while (sizeOf(`${output}.part`) <= before && child.exitCode === null) await pause(5);
        await Promise.race([exit, pause(chance() * 300)]);
        if (child.exitCode !== null) {
          expect(child.exitCode).toBe(0);
          break;
        }
        const orphans = workersOf(child.pid!);
        child.kill('SIGKILL');
        kills += 1;
        await exit;
        for (let wait = 0; orphans.some(alive) && wait < 60; wait++) await pause(100);
        expect(orphans.filter(alive)).toEqual([]);
        if (kills >= 25) expect((await run(batch(output, '--workers', workers, '--resume'))).status).toBe(0);
      }
      expect(readFileSync(output, 'utf8')).toBe(unbroken);
      expect(existsSync(`${output}.part`) || existsSync(`${output}.checkpoint`)).toBe(false);
    }
  }, 180_000);

  it('worker by worker, 25 times, loses nothing and does nothing twice', async () => {
    const chance = random(26);
    let kills = 0;
    for (let round = 0; kills < 25; round++) {
      const output = at(`workers-${round}.jsonl`);
      const child = start(batch(output, '--workers', '2', '-q'));
      child.stderr!.resume();
      const exit = new Promise<number | null>((resolve) => child.on('exit', resolve));
      while (child.exitCode === null && kills < 25) {
        // Faster kills than a worker needs to start would be a case of its own.
        const before = sizeOf(`${output}.part`);
        while (sizeOf(`${output}.part`) === before && child.exitCode === null) await pause(10);
        await Promise.race([exit, pause(chance() * 300)]);
        const workers = workersOf(child.pid!);
        const victim = workers[Math.floor(chance() * workers.length)];
        if (victim === undefined || child.exitCode !== null) continue;
        try {
          process.kill(victim, 'SIGKILL');
          kills += 1;
        } catch {
          // The worker has ended by itself since it was listed: the run is over.
        }
      }
      expect(await exit).toBe(0);
      expect(readFileSync(output, 'utf8')).toBe(unbroken);
    }
  }, 180_000);

  it('by a full disk, says so and goes on when there is room', async ({ skip }) => {
    const disk = at('disk');
    mkdirSync(disk);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', disk], { stdio: 'ignore' });
    } catch {
      return skip('no small file system can be mounted here');
    }
    try {
      const output = join(disk, 'out.jsonl');
      const first = await run(batch(output, '--workers', '0', '-q'));
      expect(first.status).toBe(1);
      expect(first.stderr).toMatch(
        /^moderato: No space is left on the disk for .*--resume\. \[disk-full\]\n$/,
      );
      for (const size of ['800k', '1500k']) {
        execFileSync('mount', ['-o', `remount,size=${size}`, disk]);
        const again = await run(batch(output, '--workers', '0', '-q', '--resume'));
        expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('[disk-full]')]);
        expect(existsSync(output)).toBe(false);
      }
      execFileSync('mount', ['-o', 'remount,size=20m', disk]);
      expect((await run(batch(output, '--workers', '2', '-q', '--resume'))).status).toBe(0);
      expect(readFileSync(output, 'utf8')).toBe(unbroken);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  }, 120_000);
});
