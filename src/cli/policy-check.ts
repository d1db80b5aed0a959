import { PolicyError } from '../errors';
import { readModelFolder } from '../model/description';
import { modelFolder } from '../model/registry';
import { loadPolicy } from '../policy/load';
import type { Condition, KnownNames, Policy } from '../policy/schema';
import type { CheckOptions } from './policy';
import { renderTable } from './table';
import { colorsFor, printable, widthOf } from './terminal';

/** `moderato policy check`: every mistake in one line, or what the policy does. */
export async function check(path: string, options: CheckOptions): Promise<void> {
  const known = await knownNames(options.model);
  let policy: Policy;
  try {
    policy = await loadPolicy(path, { known });
  } catch (error) {
    if (!PolicyError.isInstance(error) || error.code !== 'policy-invalid') throw error;
    const { issues } = error as PolicyError;
    for (const issue of issues) process.stderr.write(`${printable(issue.message)}\n`);
    throw new PolicyError(`${path} has ${issues.length === 1 ? 'a mistake' : `${issues.length} mistakes`}.`, {
      code: 'policy-invalid',
    });
  }
  process.stdout.write(options.json ? `${JSON.stringify(policy, null, 2)}\n` : `${shown(path, policy)}\n`);
}

/** The names that the model's labels have: a rule over another name would never hold. */
export async function knownNames(model: string | undefined): Promise<KnownNames> {
  const { description } = await readModelFolder(modelFolder(model));
  return {
    attributes: description.toxicity.attributes.map((attribute) => attribute.name),
    targets: description.stance.targets.map((target) => target.name),
  };
}

function shown(path: string, policy: Policy): string {
  const colors = colorsFor(process.stdout);
  const action = (name: Policy['default']) =>
    ({ approve: colors.green, review: colors.yellow, reject: colors.red })[name](name);
  const rows = policy.rules.map((rule, index) => [
    String(index + 1),
    rule.name,
    conditionText(rule.when),
    action(rule.action),
  ]);
  rows.push(['', colors.dim('default'), colors.dim('no rule holds'), action(policy.default)]);
  rows.push([
    '',
    colors.dim('not-labelled'),
    colors.dim('skipped or failed, and no rule holds'),
    action('review'),
  ]);
  const names = Math.max(12, ...policy.rules.map((rule) => rule.name.length));
  const when = Math.max(...policy.rules.map((rule) => conditionText(rule.when).length), 36);
  const room = widthOf(process.stdout) - 2 - 4 - Math.min(names, 28) - 2 - 9;
  const columns = [
    { head: '#', width: 2, align: 'right' as const },
    { head: 'Rule', width: Math.min(names, 28) },
    { head: 'When', width: Math.max(20, Math.min(when, room)) },
    { head: 'Then', width: 7 },
  ].map((column) => ({ ...column, head: colors.bold(column.head) }));
  return [
    `${path}: ${policy.name} ${policy.version}, ${policy.rules.length === 1 ? '1 rule' : `${policy.rules.length} rules`}, no mistakes`,
    ...(policy.description ? [colors.dim(policy.description)] : []),
    ...(policy.allowStanceDecisions
      ? [colors.yellow('Stance may decide over removals (allowStanceDecisions); every decision says so.')]
      : []),
    '',
    renderTable(columns, rows).replace(/^(?=.)/gm, '  '),
  ].join('\n');
}

/** `threat ≥ 0.6 and (insult ≥ 0.5 or toxic)` */
export function conditionText(condition: Condition): string {
  const range = (
    name: string,
    { atLeast, below }: { atLeast?: number | undefined; below?: number | undefined },
  ) =>
    `${name}${atLeast === undefined ? '' : ` ≥ ${atLeast}`}${below === undefined ? '' : `${atLeast === undefined ? '' : ' and'} < ${below}`}`;
  const parts = [
    ...(condition.toxic === undefined ? [] : [condition.toxic ? 'toxic' : 'not toxic']),
    ...Object.entries(condition.toxicity ?? {}).map(([name, bounds]) => range(name, bounds)),
    ...Object.entries(condition.stance ?? {}).map(([name, { is, ...bounds }]) =>
      range(`${is} ${name}`, bounds),
    ),
    ...(condition.language ? [`language ${condition.language.join(' or ')}`] : []),
    ...(condition.truncated === undefined ? [] : [condition.truncated ? 'truncated' : 'not truncated']),
    ...(condition.outcome ? [condition.outcome.join(' or ')] : []),
    ...(condition.reason ? [condition.reason.join(' or ')] : []),
    ...(condition.any ? [anyText(condition.any)] : []),
  ];
  return parts.join(' and ');
}

function anyText(branches: NonNullable<Condition['any']>): string {
  const text = branches.map((branch) => conditionText(branch)).join(' or ');
  return branches.length > 1 ? `(${text})` : text;
}
