import { execFileSync, execSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from './cli/run';

const megabyte = 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'moderato-package-'));
let tarball = '';

/** Sees to it that a child process has no network: an empty network namespace, or sockets that refuse to connect. */
const isolated = spawnSync('unshare', ['--net', '--map-root-user', 'true']).status === 0;
const refuseSockets = `const net = require('node:net'); net.Socket.prototype.connect = () => { throw new Error('network used'); };`;

function node(file: string, { offline }: { offline: boolean }): string {
  const args = ['--require', join(folder, 'refuse.cjs'), file];
  const [command, rest] =
    offline && isolated
      ? ['unshare', ['--net', '--map-root-user', process.execPath, ...args]]
      : [process.execPath, args];
  return execFileSync(command as string, rest as string[], { cwd: folder, encoding: 'utf8' });
}

function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + statSync(join(path, name)).size,
    0,
  );
}

beforeAll(() => {
  execSync(`npm pack --silent --pack-destination "${folder}"`, { cwd: root });
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz'))!);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  writeFileSync(join(folder, 'refuse.cjs'), refuseSockets);
  execSync(`npm install --ignore-scripts --no-audit --no-fund --prefer-offline "${tarball}"`, {
    cwd: folder,
  });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed package', () => {
  it('is at most 30 MB packed and 150 MB installed with everything it needs', () => {
    expect(statSync(tarball).size).toBeLessThanOrEqual(30 * megabyte);
    expect(sizeOf(join(folder, 'node_modules'))).toBeLessThanOrEqual(150 * megabyte);
  });

  it('brings no ballast and no install scripts', () => {
    const installed = Object.entries(
      JSON.parse(readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8')).packages as Record<
        string,
        { hasInstallScript?: boolean }
      >,
    );
    const names = installed.map(([path]) => path.replace(/.*node_modules\//, ''));
    for (const ballast of ['sharp', 'onnxruntime-web', 'protobufjs', '@xenova/transformers'])
      expect(names).not.toContain(ballast);
    expect(installed.filter(([, entry]) => entry.hasInstallScript)).toEqual([]);
  });

  it.each([
    ['ESM', 'label.mjs', "import { createLabeler } from 'moderato';"],
    ['CommonJS', 'label.cjs', "const { createLabeler } = require('moderato');"],
  ])('labels a comment through %s without a network', (_, name, first) => {
    writeFileSync(
      join(folder, name),
      `${first}
      const labeler = createLabeler();
      labeler.label(['EU meddling will only worsen the situation.']).then(async ([outcome]) => {
        console.log(JSON.stringify(outcome));
        await labeler.dispose();
      });`,
    );
    expect(JSON.parse(node(name, { offline: true }))).toMatchObject({
      status: 'labelled',
      labels: { model: { name: 'moderato-en-small' } },
    });
  });

  it.skipIf(process.platform !== 'linux').each([
    [
      'ESM',
      'threads.mjs',
      "import { createLabeler } from 'moderato'; import { readdirSync } from 'node:fs';",
    ],
    [
      'CommonJS',
      'threads.cjs',
      "const { createLabeler } = require('moderato'); const { readdirSync } = require('node:fs');",
    ],
  ])('computes in as many threads as it is told, through %s', (_, name, first) => {
    writeFileSync(
      join(folder, name),
      `${first}
      const started = [];
      const load = async (threads) => {
        const before = readdirSync('/proc/self/task').length;
        await createLabeler({ threads }).label(['Well said.']);
        started.push(readdirSync('/proc/self/task').length - before);
      };
      // The first load also starts what reads the files.
      load(1).then(() => load(1)).then(() => load(4)).then(() => {
        console.log(started.slice(1).join(' '));
        process.exit();
      });`,
    );
    expect(node(name, { offline: false }).trim()).toBe('0 3');
  });

  it('has a command that runs', () => {
    const { stdout } = spawnSync('npx', ['--no-install', 'moderato', '--version'], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('keeps parsing and testing free of native code, in both module systems', () => {
    for (const [name, load] of [
      ['subpaths.mjs', "await import('moderato/parse'); await import('moderato/testing');"],
      ['subpaths.cjs', "require('moderato/parse'); require('moderato/testing');"],
    ] as const) {
      writeFileSync(
        join(folder, name),
        `${load} console.log(process.report.getReport().sharedObjects.filter((name) => name.includes('onnxruntime')).length)`,
      );
      expect(node(name, { offline: false }).trim()).toBe('0');
    }
  });

  it('holds what a user needs and nothing else', () => {
    const listing = execFileSync('tar', ['tzf', tarball], { encoding: 'utf8' }).trim().split('\n');
    expect(listing).toEqual(
      expect.arrayContaining(
        [
          'README.md',
          'LICENSE',
          'CHANGELOG.md',
          'THIRD_PARTY_NOTICES.md',
          'dist/index.cjs',
          'dist/cli/main.js',
        ].map((name) => `package/${name}`),
      ),
    );
    for (const path of listing)
      expect(path).toMatch(/^package\/(dist|models|docs|README|LICENSE|CHANGELOG|THIRD|package\.json)/);
  });
});
