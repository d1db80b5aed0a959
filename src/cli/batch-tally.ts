import type { Tally } from './batch-checkpoint';
import { duration, grouped } from './batch-progress';
import type { BatchRow } from './batch-rows';

export function emptyTally(): Tally {
  return { comments: 0, repeated: 0, status: {}, reasons: {}, errors: {}, toxic: 0, stance: {}, actions: {} };
}

/** Adds one row. */
export function count(tally: Tally, row: BatchRow, repeated: boolean): void {
  tally.comments += 1;
  if (repeated) tally.repeated += 1;
  add(tally.status, row.status);
  if (row.reason) add(tally.reasons, row.reason);
  if (row.error) add(tally.errors, row.error.code);
  if (row.decision) add(tally.actions, row.decision.action);
  if (!row.labels) return;
  if (row.labels.toxicity.label) tally.toxic += 1;
  for (const [target, stance] of Object.entries(row.labels.stance.targets)) {
    tally.stance[target] ??= {};
    add(tally.stance[target], stance.label);
  }
}

function add(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

export interface Circumstances {
  output: string;
  inputs: number;
  seconds: number;
  /** Comments done in these seconds. */
  done: number;
  /** Entries of the inputs that no comment could be made of. */
  unreadable: number;
}

/** The account that a batch gives of itself at the end. */
export function summaryLines(tally: Tally, circumstances: Circumstances): string[] {
  const { output, inputs, seconds, done, unreadable } = circumstances;
  const rate = grouped(Math.round(done / Math.max(seconds, 1e-3)));
  const rows: [string, number, string][] = [['labelled', tally.status.labelled ?? 0, '']];
  rows.push(['skipped', tally.status.skipped ?? 0, listed(tally.reasons)]);
  rows.push(['failed', tally.status.failed ?? 0, listed(tally.errors)]);
  if (unreadable > 0) rows.push(['unreadable', unreadable, 'entries of the input, not among the comments']);
  if (tally.repeated > 0) rows.push(['repeated', tally.repeated, 'same text as one before, labelled once']);
  rows.push(['toxic', tally.toxic, shareOf(tally.toxic, tally.status.labelled)]);
  for (const [target, counts] of Object.entries(tally.stance))
    for (const stance of ['favor', 'against'])
      rows.push([`${stance} ${target}`, counts[stance] ?? 0, shareOf(counts[stance], tally.status.labelled)]);
  for (const action of ['approve', 'review', 'reject'])
    if (Object.keys(tally.actions).length > 0)
      rows.push([`→ ${action}`, tally.actions[action] ?? 0, shareOf(tally.actions[action], tally.comments)]);
  const names = Math.max(...rows.map(([name]) => name.length));
  const figures = Math.max(...rows.map(([, figure]) => grouped(figure).length));
  const files = inputs === 1 ? '1 input' : `${inputs} inputs`;
  return [
    `${grouped(tally.comments)} comments of ${files} → ${output === '-' ? 'stdout' : output}`,
    ...rows.map(([name, figure, remark]) =>
      `  ${name.padEnd(names)}  ${grouped(figure).padStart(figures)}  ${remark}`.trimEnd(),
    ),
    `${grouped(done)} of them in ${duration(seconds)}, ${rate}/s`,
  ];
}

const listed = (counts: Record<string, number>) =>
  Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, figure]) => `${name} ${grouped(figure)}`)
    .join(', ');

function shareOf(part = 0, whole = 0): string {
  return part === 0 ? '' : `${((100 * part) / whole).toFixed(1)}%`;
}
