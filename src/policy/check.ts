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
    for (const [path, condition] of branches(raw)) {
      mistakes.push(...checkNames(condition, known, at('when', ...path)));
      mistakes.push(...checkEmpty(condition, at('when', ...path)));
    }
    if (!when) continue;
    mistakes.push(...checkSense(when, at('when')));
    if (action === 'approve' && branches(when).some(([, part]) => isOverUnlabelled(part)))
      mistakes.push({
        path: at('action'),
        message: 'a rule over skipped or failed comments must not approve them: nobody has read them',
      });
    for (const [path, condition] of branches(when)) {
      mistakes.push(...checkRanges(condition, at('when', ...path)));
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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A condition and the branches under its `any`, with their paths; what has no keys is left out. */
function branches(condition: Condition): [path: (string | number)[], condition: Condition][];
function branches(condition: unknown): [path: (string | number)[], condition: Record<string, unknown>][];
function branches(condition: unknown): [path: (string | number)[], condition: Record<string, unknown>][] {
  if (!isRecord(condition)) return [];
  const any: unknown[] = Array.isArray(condition.any) ? condition.any : [];
  return [
    [[], condition],
    ...any.flatMap((branch, index): [(string | number)[], Record<string, unknown>][] =>
      isRecord(branch) ? [[['any', index], branch]] : [],
    ),
  ];
}

/** What asks for nothing holds for every comment, which a rule must not do unnoticed. */
function checkEmpty(condition: Record<string, unknown>, path: (string | number)[]): PolicyMistake[] {
  const isEmpty = (value: unknown) =>
    isRecord(value) && Object.values(value).every((part) => part === undefined);
  if (isEmpty(condition))
    return [{ path, message: 'must hold a condition; "default" is for all other comments' }];
  return (['toxicity', 'stance'] as const)
    .filter((key) => isEmpty(condition[key]))
    .map((key) => ({ path: [...path, key], message: 'must name at least one' }));
}

function checkNames(
  condition: Record<string, unknown>,
  known: KnownNames | undefined,
  path: (string | number)[],
): PolicyMistake[] {
  const unknown = (key: 'toxicity' | 'stance', names: readonly string[] | undefined, what: string) =>
    Object.keys(fieldsOf(condition[key])).flatMap((name): PolicyMistake[] => {
      const at = [...path, key, name];
      // Schemas pass over this name in silence, and with it over the condition.
      if (name === '__proto__') return [{ path: at, message: `no ${what} can have this name` }];
      if (!names || names.includes(name)) return [];
      return [{ path: at, message: `the model has no ${what} of this name; it has ${names.join(', ')}` }];
    });
  return [
    ...unknown('toxicity', known?.attributes, 'attribute'),
    ...unknown('stance', known?.targets, 'target'),
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

/** Whether the condition asks for comments that were not labelled. */
const isOverUnlabelled = ({ outcome, reason }: Condition) =>
  reason !== undefined || outcome?.some((status) => status !== 'labelled');

/** A `when` that no comment can meet, or branches of it that none can. */
function checkSense(when: Condition, path: (string | number)[]): PolicyMistake[] {
  const whole = contradiction([when]);
  if (whole) return [{ path: [...path, whole.key], message: whole.message }];
  return (when.any ?? []).flatMap((branch, index): PolicyMistake[] => {
    const found = contradiction([when, branch]);
    return found ? [{ path: [...path, 'any', index, found.key], message: found.message }] : [];
  });
}

/** Why no comment meets all these conditions at once, and the key to blame. */
function contradiction(together: readonly Condition[]): { key: string; message: string } | undefined {
  const names = (key: keyof Condition) => together.some((condition) => condition[key] !== undefined);
  const allows = (status: 'labelled' | 'skipped' | 'failed') =>
    together.every(({ outcome }) => outcome?.includes(status) ?? true);
  const needsLabels = names('toxic') || names('toxicity') || names('stance') || names('truncated');
  if (needsLabels && !allows('labelled'))
    return { key: 'outcome', message: 'only labelled comments have scores; this never holds' };
  if (names('reason') && (needsLabels || !allows('skipped')))
    return { key: 'reason', message: 'only skipped comments have a reason; this never holds' };
  if (!allows('labelled') && !allows('skipped') && !allows('failed'))
    return { key: 'outcome', message: 'no comment has both outcomes; this never holds' };
  return undefined;
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
  // YAML has NaN and infinity, and lists that hold themselves; JSON has none of them.
  const isCompound = typeof value === 'string' || (typeof value === 'object' && value !== null);
  const text = isCompound ? jsonOf(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return 'what holds itself';
  }
}

/** `rules[2].when.toxicity.threat` */
export function keyPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text ? `${text}.${key}` : key),
    '',
  );
}
