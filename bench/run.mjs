// Runs the benchmarks one after the other, each in a process of its own, and prints their tables as Markdown:
//   npm run bench [startup] [label] [memory] [parse] [evaluate]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const wanted = process.argv.slice(2);
for (const name of ['startup', 'label', 'memory', 'parse', 'evaluate']) {
  const file = fileURLToPath(new URL(`${name}.mjs`, import.meta.url));
  if (!existsSync(file) || (wanted.length > 0 && !wanted.includes(name))) continue;
  console.log(`\n## ${name}`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', file], { stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
