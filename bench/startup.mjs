// From the start of node to the first label, each time in a new process: what a script pays that labels one comment.
import { spawnSync } from 'node:child_process';
import { median } from './median.mjs';

const rounds = Number(process.env.ROUNDS ?? 15);
const script = `
  import { createLabeler } from 'moderato';
  const labeler = createLabeler();
  const [outcome] = await labeler.label(['EU meddling will only worsen the situation.']);
  if (outcome.status !== 'labelled') throw new Error(outcome.status);
`;

function seconds(args) {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - started) / 1000;
}

const first = [];
const bare = [];
for (let round = 0; round < rounds; round += 1) {
  bare.push(seconds(['--eval', '']));
  first.push(seconds(['--input-type=module', '--eval', script]));
}
const range = (values) =>
  `${median(values).toFixed(2)} s (${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)})`;
console.log(`
| ${rounds} processes each | median (lowest to highest) |
|---|---|
| node that does nothing | ${range(bare)} |
| node to the first label | ${range(first)} |`);
