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
    view.heldBack === undefined ? '–' : percent(view.heldBack),
    view.matched === undefined
      ? view.comments < result.fewestComments
        ? 'too few to compare'
        : 'nothing to compare with'
      : `${percent(view.matched)}${range(view.matchedInterval, (share) => (100 * share).toFixed(1))}`,
    view.difference === undefined
      ? ''
      : `${points(view.difference)}${range(view.differenceInterval, points)}`,
  ]);
  return [
    `Held back (reviewed or rejected) by ${policy}, of ${grouped(comments)} labelled comments; 95% intervals by bootstrap`,
    '',
    renderTable(columns, rows).replace(/^(?=.)/gm, '  '),
    '',
    ...verdict(result, colors),
    ...(result.compared > 0
      ? [
          colors.dim(
            `${percent(result.compared)} of the comments that take a side stand at a toxicity that every compared view has; the rest is not compared.`,
          ),
        ]
      : []),
  ].join('\n');
}

/** What the intervals say; that views are treated alike is said only of what was compared. */
function verdict(result: ViewpointAudit, colors: ReturnType<typeof colorsFor>): string[] {
  const judged = result.views.filter((view) => view.differenceInterval !== undefined);
  if (judged.length === 0) return [colors.yellow(`Nothing could be compared: ${whyNothing(result)}.`)];
  const unequal = judged.filter(
    ({ differenceInterval: interval }) => interval!.low > 0 || interval!.high < 0,
  );
  if (unequal.length === 0)
    return [colors.green(`${judged.map((view) => view.view).join(', ')}: no difference beyond chance.`)];
  return unequal.map((view) =>
    colors.yellow(
      `${view.view} comments are held back ${view.difference! > 0 ? 'more' : 'less'} than others of the same toxicity, beyond chance.`,
    ),
  );
}

function whyNothing({ views, fewestComments, compared }: ViewpointAudit): string {
  if (views.filter((view) => view.comments >= fewestComments).length < 2)
    return `it takes two views with ${fewestComments} comments each; label more`;
  return compared > 0
    ? 'too few authors to tell a difference from chance; label more'
    : 'too few comments of the views stand at the same toxicity; label more';
}

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const points = (share: number) => `${share >= 0 ? '+' : '−'}${Math.abs(100 * share).toFixed(1)}`;
const range = (interval: Interval | undefined, figure: (share: number) => string) =>
  interval ? ` (${figure(interval.low)} to ${figure(interval.high)})` : '';
