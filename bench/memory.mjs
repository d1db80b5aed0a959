// Resident memory of `moderato batch` and its workers over a long run, from a file of comments that is made first.
//   COMMENTS=200000 MODEL=tests/model/data/tiny-model node bench/memory.mjs
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedLikeComments } from './comments.mjs';

const count = Number(process.env.COMMENTS ?? 20_000);
const workers = process.env.WORKERS ?? '2';
const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'moderato-memory-'));
const input = join(folder, 'comments.jsonl');
const file = createWriteStream(input);
const some = seedLikeComments(5000);
for (let index = 0; index < count; index++) {
  const { text } = some[index % some.length];
  if (
    !file.write(
      `${JSON.stringify({ id: `c${index}`, author: `reader${index % 999}`, text: `${text} ${index}` })}\n`,
    )
  )
    await new Promise((resolve) => file.once('drain', resolve));
}
await new Promise((resolve) => file.end(resolve));

const child = spawn(
  process.execPath,
  [
    `${root}dist/cli/main.js`,
    ...['batch', input, '-o', join(folder, 'out.jsonl'), '--workers', workers],
    ...(process.env.MODEL ? ['--model', process.env.MODEL] : []),
  ],
  { stdio: ['ignore', 'inherit', 'inherit'] },
);
const exit = new Promise((resolve) => child.on('exit', resolve));

/** Resident bytes of a process and its children, from Linux's /proc. */
function resident() {
  let bytes = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const of = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      if (Number(pid) === child.pid || of('PPid') === child.pid) bytes += of('VmRSS') * 1024;
    } catch {
      // It has ended meanwhile.
    }
  }
  return bytes;
}

const started = performance.now();
const samples = [];
while (child.exitCode === null) {
  await Promise.race([exit, new Promise((resolve) => setTimeout(resolve, 500))]);
  if (child.exitCode === null)
    samples.push({ seconds: (performance.now() - started) / 1000, bytes: resident() });
}
const seconds = (performance.now() - started) / 1000;
rmSync(folder, { recursive: true });

const megabytes = (bytes) => (bytes / 1e6).toFixed(0);
// The first quarter is loading and warming up; a leak shows in the slope of the rest.
const rest = samples.slice(samples.length >> 2);
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const [x, y] = [mean(rest.map((sample) => sample.seconds)), mean(rest.map((sample) => sample.bytes))];
const slope =
  rest.reduce((sum, sample) => sum + (sample.seconds - x) * (sample.bytes - y), 0) /
  rest.reduce((sum, sample) => sum + (sample.seconds - x) ** 2, 0);
const done = ((rest.at(-1).seconds - rest[0].seconds) * count) / seconds;
console.log(`
| comments | workers | seconds | resident, all processes: highest | first quarter's end | end | slope of the last three quarters |
|---:|---:|---:|---:|---:|---:|---:|
| ${count.toLocaleString('en')} | ${workers} | ${seconds.toFixed(0)} | ${megabytes(Math.max(...samples.map((sample) => sample.bytes)))} MB | ${megabytes(rest[0].bytes)} MB | ${megabytes(rest.at(-1).bytes)} MB | ${((slope * (rest.at(-1).seconds - rest[0].seconds)) / 1e6 / (done / 100_000)).toFixed(1)} MB per 100,000 comments |`);
process.exitCode = child.exitCode;
