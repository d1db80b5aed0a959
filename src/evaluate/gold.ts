import { EvaluationError } from '../errors';
import { numberGroups } from '../statistics/groups';
import type { GoldRow, StanceLabel } from '../types';
import { stanceLabels } from './stance';

/** Gold rows, checked and indexed. */
export interface Gold {
  rows: readonly GoldRow[];
  indexOf: ReadonlyMap<string, number>;
  /** Targets and attributes that at least one row judges, in order of first appearance. */
  targets: readonly string[];
  attributes: readonly string[];
  /** Index of each row's group; a row without `group` is a group of its own. */
  group: Int32Array;
  groups: number;
  /** At least one row names a group. */
  grouped: boolean;
}

/** Full names of metrics hold these words where a target's or an attribute's name stands; the last is no key of a record. */
const reserved = ['pooled', 'bias', '__proto__'];

/**
 * Checks gold rows: ids unique, labels known, something judged.
 *
 * Ids and groups that are numbers are taken as text, `true` and `false` as 1 and 0, and an absent `text` as empty:
 * many files are written so.
 *
 * @throws EvaluationError `gold-empty`, `gold-invalid`, `unknown-label`, `duplicate-id`; the message names the row
 */
export function readGold(input: readonly unknown[]): Gold {
  if (!Array.isArray(input) || input.length === 0)
    throw new EvaluationError(
      'There are no gold rows; give at least one {"id": …, "text": …, "gold": {"stance": …, "toxicity": …}}.',
      { code: 'gold-empty' },
    );
  const indexOf = new Map<string, number>();
  const targets = new Set<string>();
  const attributes = new Set<string>();
  const rows = input.map((value, index) => {
    const row = readGoldRow(value, index);
    const earlier = indexOf.get(row.id);
    if (earlier !== undefined)
      throw new EvaluationError(
        `Gold rows ${earlier + 1} and ${index + 1} have the same id "${row.id}"; every id must occur once.`,
        { code: 'duplicate-id', place: { record: index + 1 } },
      );
    indexOf.set(row.id, index);
    for (const target of Object.keys(row.gold.stance ?? {})) targets.add(target);
    for (const attribute of Object.keys(row.gold.toxicity ?? {})) attributes.add(attribute);
    return row;
  });
  if (targets.size + attributes.size === 0)
    throw new EvaluationError(
      'No gold row judges anything; give each a "stance" or a "toxicity" under "gold".',
      {
        code: 'gold-invalid',
      },
    );
  const groups = numberGroups(rows.map(({ group }) => group));
  return {
    rows,
    indexOf,
    targets: [...targets],
    attributes: [...attributes],
    group: groups.of,
    groups: groups.count,
    grouped: groups.named,
  };
}

function readGoldRow(value: unknown, index: number): GoldRow {
  const fail: Fail = (message, code = 'gold-invalid') => {
    throw new EvaluationError(`Gold row ${index + 1}${idOf(value)}: ${message}`, {
      code,
      place: { record: index + 1 },
    });
  };
  if (!isRecord(value)) return fail('it is not an object; each row is {"id", "text", "gold"}.');
  const id = asText(value.id) ?? fail('"id" is missing; every row needs one, as text.');
  const text = value.text ?? '';
  if (typeof text !== 'string') return fail('"text" is not text.');
  const group = value.group === undefined || value.group === null ? undefined : asText(value.group);
  if (value.group !== undefined && value.group !== null && group === undefined)
    return fail('"group" is neither text nor a number.');
  if (!isRecord(value.gold))
    return fail('"gold" is missing; give {"stance": {target: label}} or {"toxicity": {attribute: 0 or 1}}.');
  const stance = readJudgements(value.gold.stance, 'stance', fail, (target, label) => {
    checkName(target, 'target', fail);
    if (isPresent(label) && !(stanceLabels as readonly unknown[]).includes(label))
      fail(`target "${target}" has the label ${show(label)}; use favor, against or none.`, 'unknown-label');
    return label as StanceLabel;
  });
  const toxicity = readJudgements(value.gold.toxicity, 'toxicity', fail, (attribute, label) => {
    checkName(attribute, 'attribute', fail);
    const number = typeof label === 'boolean' ? Number(label) : label;
    if (isPresent(number) && number !== 0 && number !== 1)
      fail(
        `attribute "${attribute}" has the label ${show(label)}; use 0 or 1 (turn shares of raters into 0 or 1 first).`,
        'unknown-label',
      );
    return number as 0 | 1;
  });
  const gold = { ...(stance && { stance }), ...(toxicity && { toxicity }) };
  return { ...value, id, text, gold, group };
}

type Fail = (message: string, code?: 'gold-invalid' | 'unknown-label') => never;

/** @param read gives the label that an entry stands for; absent where it says nothing */
function readJudgements<Label>(
  judgements: unknown,
  task: 'stance' | 'toxicity',
  fail: Fail,
  read: (name: string, label: unknown) => Label,
): Record<string, Label> | undefined {
  if (!isPresent(judgements)) return undefined;
  if (!isRecord(judgements))
    return fail(`"gold.${task}" is not an object of ${task === 'stance' ? 'targets' : 'attributes'}.`);
  const names = Object.keys(judgements);
  const labels = names.map((name) => read(name, judgements[name]));
  // Most rows are as they should be: theirs are taken as they are, which spares a large file its second copy.
  if (names.every((name, index) => judgements[name] === labels[index] && isPresent(labels[index])))
    return judgements as Record<string, Label>;
  return Object.fromEntries(
    names.flatMap((name, index) => (isPresent(labels[index]) ? [[name, labels[index]!]] : [])),
  );
}

function checkName(name: string, kind: string, fail: Fail): void {
  if (reserved.includes(name)) fail(`the ${kind} name "${name}" is reserved for reports; choose another.`);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const isPresent = (value: unknown): boolean => value !== undefined && value !== null;

export function asText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value;
  return typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
}

export function show(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text === undefined ? String(value) : text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

export function idOf(value: unknown): string {
  const id = isRecord(value) ? asText(value.id) : undefined;
  return id === undefined ? '' : ` (id "${id}")`;
}
