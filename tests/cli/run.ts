import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));
export const executable = `${root}dist/cli/main.js`;
export const tinyFolder = `${root}tests/model/data/tiny-model`;

export interface Finished {
  status: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  stdin?: string | Uint8Array;
  env?: Record<string, string>;
  cwd?: string;
}

/** Starts the built command line as a user would. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  if (!existsSync(executable)) throw new Error('dist/ is missing: run "npm run build" first.');
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  return spawn(process.execPath, [executable, ...args], {
    cwd: options.cwd ?? root,
    env: { ...env, COLUMNS: '100', ...options.env },
  });
}

/** Runs the built command line to its end. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = start(args, options);
  const output = { stdout: '', stderr: '' };
  child.stdout!.setEncoding('utf8').on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr!.setEncoding('utf8').on('data', (chunk) => {
    output.stderr += chunk;
  });
  child.stdin!.on('error', () => undefined).end(options.stdin ?? '');
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...output };
}

export const jsonLines = (text: string) =>
  text
    .trim()
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
