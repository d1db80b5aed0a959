import type { Action, Decision } from '../types';
import { type Decidable, decide } from './decide';
import type { Policy } from './schema';

export interface Transition {
  from: Action;
  to: Action;
  count: number;
  examples: { id: string; text: string; before: Decision; after: Decision }[];
}

export interface PolicyDiff {
  comments: number;
  changed: number;
  /** Comments that are decided the same by another rule. */
  sameActionOtherRule: number;
  /** The largest first. */
  transitions: Transition[];
}

/** A labelled row, as `moderato label` prints it. */
export type DiffRow = Exclude<Decidable, { stance: unknown }> & { id: string; text: string };

/**
 * What a new policy does otherwise than an old one, on comments that have been labelled.
 *
 * @param examples most examples of each transition, the first ones met
 */
export async function diffPolicies(
  before: Policy,
  after: Policy,
  rows: AsyncIterable<DiffRow> | Iterable<DiffRow>,
  examples = 3,
): Promise<PolicyDiff> {
  const transitions = new Map<string, Transition>();
  let comments = 0;
  let changed = 0;
  let sameActionOtherRule = 0;
  for await (const row of rows) {
    comments += 1;
    const old = decide(row, before);
    const now = decide(row, after);
    if (old.action === now.action) {
      if (old.reasons[0]?.rule !== now.reasons[0]?.rule) sameActionOtherRule += 1;
      continue;
    }
    changed += 1;
    const key = `${old.action} ${now.action}`;
    const transition = transitions.get(key) ?? { from: old.action, to: now.action, count: 0, examples: [] };
    transitions.set(key, transition);
    transition.count += 1;
    if (transition.examples.length < examples)
      transition.examples.push({ id: row.id, text: row.text, before: old, after: now });
  }
  return {
    comments,
    changed,
    sameActionOtherRule,
    transitions: [...transitions.values()].sort((a, b) => b.count - a.count),
  };
}
