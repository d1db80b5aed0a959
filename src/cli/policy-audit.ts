import { InputError, UsageError } from '../errors';
import { type AuditedComment, auditViewpoints, type ViewpointAudit } from '../policy/audit';
import { decide } from '../policy/decide';
import { loadPolicy } from '../policy/load';
import type { Interval } from '../statistics/bootstrap';
import { grouped } from './batch-progress';
import { readLabelledRows } from './labelled-rows';
import type { AuditCommandOptions } from './policy';
import { renderTable } from './table';
import { colorsFor } from './terminal';

/** Under so many comments of a view, nothing is said of it. */
const fewestComments = 30;

/** `moderato policy audit`: the share held back of each view, at matched toxicity. */
export async function audit(options: AuditCommandOptions): Promise<void> {
  const policy = options.policy === undefined ? undefined : await loadPolicy(options.policy);
  const comments: AuditedComment[] = [];
  let name = policy ? `${policy.name} ${policy.version}` : '';
  for await (const row of readLabelledRows(options.on)) {
    if (row.status !== 'labelled') continue;
    const decision = policy ? decide(row, policy) : row.decision;
    if (!decision)
      throw new UsageError(`${options.on} holds no decisions; give the policy to audit with --policy.`);
    name ||= `${decision.policy.name} ${decision.policy.version}`;
    const { stance, toxicity, language, truncated, model } = row.labels;
    comments.push({
      labels: { stance, toxicity, language, truncated, model },
      action: decision.action,
      ...(typeof row.author === 'string' && row.author !== '' && { group: row.author }),
    });
  }
  const result = auditViewpoints(comments, { seed: options.seed });
  if (result.views.every((view) => view.comments === 0))
    throw new InputError(`${options.on}: no comment takes a side, so there are no views to compare.`, {
      code: 'input-empty',
    });
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ policy: name, comments: comments.length, ...result }, null, 2)}\n`
      : `${shown(result, name, comments.length)}\n`,
  );
}

function shown(result: ViewpointAudit, policy: string, comments: number): string {
  const colors = colorsFor(process.stdout);
  const columns = [
    { head: 'View', width: Math.max(4, ...result.views.map((view) => view.view.length)) },
    { head: 'Comments', width: 8, align: 'right' as const },
    { head: 'Held back', width: 9, align: 'right' as const },
    { head: 'At matched toxicity', width: 24 },
    { head: 'Less the others, in points', width: 26 },
  ].map((column) => ({ ...column, head: colors.bold(column.head) }));
  const rows = result.views.map((view) => [
    view.view,
    grouped(view.comments),
    view.comments === 0 ? '–' : percent(view.heldBack),
    view.matched === undefined || view.comments < fewestComments
      ? 'too few to compare'
      : `${percent(view.matched)}${range(view.matchedInterval, (share) => (100 * share).toFixed(1))}`,
    view.difference === undefined
      ? ''
      : `${points(view.difference)}${range(view.differenceInterval, points)}`,
  ]);
  const enough = result.views.filter((view) => view.comments >= fewestComments);
  const unequal = enough.filter(
    ({ differenceInterval: interval }) => interval && (interval.low > 0 || interval.high < 0),
  );
  const verdict = [
    ...unequal.map((view) =>
      colors.yellow(
        `${view.view} comments are held back ${view.difference! > 0 ? 'more' : 'less'} than others of the same toxicity, beyond chance.`,
      ),
    ),
    ...(unequal.length === 0 && enough.length > 1
      ? [colors.green(`${enough.map((view) => view.view).join(', ')}: no difference beyond chance.`)]
      : []),
    ...(enough.length < 2 ? [`Under ${fewestComments} comments of a view tell nothing; label more.`] : []),
  ].join('\n');
  return [
    `Held back (reviewed or rejected) by ${policy}, of ${grouped(comments)} labelled comments; 95% intervals by bootstrap`,
    '',
    renderTable(columns, rows).replace(/^(?=.)/gm, '  '),
    '',
    verdict,
    colors.dim(
      `${percent(result.compared)} of the comments that take a side stand at a toxicity that every view has; the rest is not compared.`,
    ),
  ].join('\n');
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const points = (share: number) => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
const range = (interval: Interval | undefined, figure: (share: number) => string) =>
  interval ? ` (${figure(interval.low)} to ${figure(interval.high)})` : '';
