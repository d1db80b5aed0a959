import { createHash } from 'node:crypto';
import type * as z from 'zod';
import { Condition, type KnownNames, type Policy, PolicyFile } from './schema';

/** One mistake in a policy: where, as a path of keys, and what. */
export interface PolicyMistake {
  path: readonly (string | number)[];
  message: string;
}

/**
 * Checks what a policy file holds, in full: every mistake is told, not the first alone.
 *
 * @param content parsed YAML or JSON
 * @param known names that rules may use; without it any name is taken
 */
export function checkPolicy(
  content: unknown,
  known?: KnownNames,
): { policy: Policy; mistakes?: undefined } | { policy?: undefined; mistakes: PolicyMistake[] } {
  const parsed = PolicyFile.safeParse(content);
  const mistakes = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(issue, content))),
    ...checkRules(content, known),
  ];
  if (!parsed.success || mistakes.length > 0) return { mistakes };
  const digest = createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex');
  return { policy: { ...parsed.data, digest: `sha256:${digest}` } };
}

/** What no schema of a single value can see. Parts that are malformed in themselves are left to the schema. */
function checkRules(content: unknown, known: KnownNames | undefined): PolicyMistake[] {
  const { rules: given, allowStanceDecisions, default: otherwise } = fieldsOf(content);
  if (!Array.isArray(given)) return [];
  const rules = given.map((rule) => ({
    name: fieldsOf(rule).name,
    raw: fieldsOf(rule).when,
    when: Condition.safeParse(fieldsOf(rule).when).data,
    action: fieldsOf(rule).action,
  }));
  const mistakes: PolicyMistake[] = [];
  const names = new Map<unknown, number>();
  for (const [index, { name, raw, when, action }] of rules.entries()) {
    const at = (...path: (string | number)[]) => ['rules', index, ...path];
    const first = names.get(name);
    if (first !== undefined)
      mistakes.push({ path: at('name'), message: `"${name}" is rules[${first}]'s name already` });
    else if (typeof name === 'string') names.set(name, index);
    for (const [path, condition] of branches(raw))
      mistakes.push(...checkNames(condition, known, at('when', ...path)));
    if (!when) continue;
    if (Object.keys(when).length === 0)
      mistakes.push({
        path: at('when'),
        message: 'must hold a condition; "default" is for all other comments',
      });
    for (const [path, part] of branches(when)) {
      const condition = part as Condition;
      mistakes.push(...checkRanges(condition, at('when', ...path)));
      mistakes.push(...checkSense(condition, when, at('when', ...path)));
      if (action === 'approve' && condition.outcome?.some((outcome) => outcome !== 'labelled'))
        mistakes.push({
          path: at('action'),
          message: 'a rule over skipped or failed comments must not approve them: nobody has read them',
        });
      if (!condition.stance || allowStanceDecisions === true) continue;
      const rejectsLater =
        otherwise === 'reject' || rules.slice(index + 1).some((later) => later.action === 'reject');
      const unless = 'unless the policy says allowStanceDecisions: true';
      if (action === 'reject')
        mistakes.push({ path: at('action'), message: `a rule over stance must not reject ${unless}` });
      else if (action === 'approve' && rejectsLater)
        mistakes.push({
          path: at('action'),
          message: `a rule over stance must not exempt a view from what rejects others ${unless}`,
        });
    }
  }
  return mistakes;
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** A condition and the branches under its `any`, with their paths. */
function branches(condition: unknown): [path: (string | number)[], condition: Record<string, unknown>][] {
  const whole = fieldsOf(condition);
  const any = Array.isArray(whole.any) ? whole.any : [];
  return [
    [[], whole],
    ...any.map((branch, index): [(string | number)[], Record<string, unknown>] => [
      ['any', index],
      fieldsOf(branch),
    ]),
  ];
}

function checkNames(
  condition: Record<string, unknown>,
  known: KnownNames | undefined,
  path: (string | number)[],
): PolicyMistake[] {
  if (!known) return [];
  const unknown = (key: 'toxicity' | 'stance', names: readonly string[], what: string) =>
    Object.keys(fieldsOf(condition[key]))
      .filter((name) => !names.includes(name))
      .map((name) => ({
        path: [...path, key, name],
        message: `the model has no ${what} of this name; it has ${names.join(', ')}`,
      }));
  return [
    ...unknown('toxicity', known.attributes, 'attribute'),
    ...unknown('stance', known.targets, 'target'),
  ];
}

function checkRanges(condition: Condition, path: (string | number)[]): PolicyMistake[] {
  return (['toxicity', 'stance'] as const).flatMap((key) =>
    Object.entries(condition[key] ?? {}).flatMap(([name, range]) => {
      const at = [...path, key, name];
      if (range.below !== undefined && range.below <= (range.atLeast ?? 0))
        return [{ path: at, message: `no score is at least ${range.atLeast ?? 0} and below ${range.below}` }];
      if (key === 'toxicity' && range.below === undefined && range.atLeast === undefined)
        return [{ path: at, message: 'must have atLeast, below or both' }];
      return [];
    }),
  );
}

/** Conditions that no comment can meet together. */
function checkSense(condition: Condition, whole: Condition, path: (string | number)[]): PolicyMistake[] {
  const outcomes = condition.outcome ?? whole.outcome;
  const needsLabels =
    condition.toxic !== undefined ||
    condition.toxicity ||
    condition.stance ||
    condition.truncated !== undefined;
  if (needsLabels && outcomes && !outcomes.includes('labelled'))
    return [{ path: [...path, 'outcome'], message: 'only labelled comments have scores; this never holds' }];
  if (needsLabels && (condition.reason ?? whole.reason))
    return [{ path: [...path, 'reason'], message: 'only skipped comments have a reason; this never holds' }];
  return [];
}

/** A schema's complaint in a reader's words. */
function explain(issue: z.core.$ZodIssue, content: unknown): PolicyMistake[] {
  // A short form has no parts: what is wrong with its part is wrong with itself.
  const path: (string | number)[] = [];
  let value = content;
  for (const key of issue.path) {
    if (value !== undefined && (typeof value !== 'object' || value === null)) break;
    path.push(typeof key === 'symbol' ? String(key) : key);
    value = fieldsOf(value)[String(key)];
  }
  const given = shown(value);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: [...path, key], message: 'there is no such key here' }));
    case 'invalid_value': {
      const values = issue.values.map(String);
      const last = values.pop();
      const choice = values.length > 0 ? `${values.join(', ')} or ${last}` : last;
      return [
        { path, message: value === undefined ? `is missing; ${choice}` : `must be ${choice}, not ${given}` },
      ];
    }
    case 'invalid_type':
      return [
        {
          path,
          message:
            value === undefined
              ? 'is missing'
              : `must be ${nameOfType[issue.expected] ?? issue.expected}, not ${given}`,
        },
      ];
    case 'too_big':
    case 'too_small':
      if (issue.origin === 'number') return [{ path, message: `must be from 0 to 1, not ${given}` }];
      return [{ path, message: issue.message }];
    default:
      return [{ path, message: `${issue.message}, not ${given}` }];
  }
}

const nameOfType: Record<string, string> = {
  number: 'a number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'keys and values',
  record: 'names and values',
};

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

/** `rules[2].when.toxicity.threat` */
export function keyPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${key}` : key),
    '',
  );
}
