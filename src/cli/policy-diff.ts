import { diffPolicies, type Transition } from '../policy/diff';
import { loadPolicy } from '../policy/load';
import { scoreText } from '../policy/score-text';
import type { Decision } from '../types';
import { grouped } from './batch-progress';
import { readLabelledRows } from './labelled-rows';
import type { DiffOptions } from './policy';
import { colorsFor, printable, widthOf } from './terminal';

/** `moderato policy diff`: how many comments change, from what to what, and which. */
export async function diff(oldPath: string, newPath: string, options: DiffOptions): Promise<void> {
  const [before, after] = await Promise.all([loadPolicy(oldPath), loadPolicy(newPath)]);
  const result = await diffPolicies(before, after, readLabelledRows(options.on), options.examples);
  if (options.json) {
    const named = ({ name, version, digest }: typeof before) => ({ name, version, digest });
    process.stdout.write(
      `${JSON.stringify({ old: named(before), new: named(after), ...result }, null, 2)}\n`,
    );
    return;
  }
  const colors = colorsFor(process.stdout);
  const change = result.changed === 1 ? 'comment changes' : 'comments change';
  const lines = [
    colors.dim(`${before.name} ${before.version} → ${after.name} ${after.version}, on ${options.on}`),
    `${grouped(result.changed)} of ${grouped(result.comments)} ${change}`,
    '',
    ...result.transitions.map(
      (transition) => `  ${arrow(transition).padEnd(18)}  ${grouped(transition.count).padStart(8)}`,
    ),
  ];
  if (result.sameActionOtherRule > 0)
    lines.push(
      colors.dim(`  ${'same, other rule'.padEnd(18)}  ${grouped(result.sameActionOtherRule).padStart(8)}`),
    );
  const width = widthOf(process.stdout) - 4;
  for (const transition of result.transitions) {
    if (transition.examples.length === 0) continue;
    lines.push('', colors.bold(arrow(transition)));
    for (const { id, text, before: old, after: now } of transition.examples)
      lines.push(
        `  ${printable(id)}  ${colors.dim(`${because(old)} → ${because(now)}`)}`,
        `    ${cut(printable(text), width)}`,
      );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}

const arrow = ({ from, to }: Transition) => `${from} → ${to}`;

/** `insult (insult 0.53, limit 0.5)` */
function because({ reasons }: Decision): string {
  const [first] = reasons;
  if (!first) return 'default';
  const { rule, attribute, score, threshold } = first;
  if (attribute === undefined || score === undefined) return rule;
  return `${rule} (${attribute} ${scoreText(score, threshold)}${threshold === undefined ? '' : `, limit ${threshold}`})`;
}

const cut = (text: string, width: number) => {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join('')}…`;
};
