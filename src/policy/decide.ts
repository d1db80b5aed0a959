import { PolicyError } from '../errors';
import type { Decision, Labels, Outcome } from '../types';
import { definePolicy } from './load';
import { type PresetName, presets } from './presets';
import type { Condition, Policy, PolicyInput, Rule } from './schema';

type Reason = Decision['reasons'][number];

/** What a decision is made from: labels, an outcome of a labeler, or a row that `moderato label` printed. */
export type Decidable =
  | Labels
  | {
      status: Outcome['status'];
      labels?: Labels | undefined;
      reason?: string | undefined;
      language?: string | undefined;
      error?: { code: string } | undefined;
    };

/** What every decision says when stance had a part in it. */
const stanceNotice = (policy: Policy) =>
  policy.allowStanceDecisions
    ? 'Decided by stance, which this policy allows (allowStanceDecisions).'
    : 'Stance had a part in this; the policy does not let it remove a comment.';

/**
 * Decides what happens to a comment: the first rule that holds, else the policy's default. Skipped and failed comments
 * are reviewed unless a rule rejects them, and never approved: rules that approve are not asked about them. Pure: the
 * same labels and policy give the same decision.
 *
 * @param input labels, an outcome, or a labelled row
 * @param policy a checked policy, a preset's name, or a policy written in code, which is checked first
 * @returns the action, and for each condition of the deciding rule what was measured against which threshold
 * @throws PolicyError `policy-invalid`, or `policy-unreadable` for an unknown preset
 *
 * @example
 * decide(outcome, 'strict');
 * // { action: 'reject',
 * //   reasons: [{ rule: 'sure-toxicity', attribute: 'toxicity', score: 0.954, threshold: 0.9, message: 'Is rude or disrespectful.' }],
 * //   policy: { name: 'strict', version: '1.0.0', digest: 'sha256:5f…' } }
 */
export function decide(input: Decidable, policy: Policy | PolicyInput | PresetName): Decision {
  const checked = checkedPolicy(policy);
  const facts = 'status' in input ? input : { status: 'labelled' as const, labels: input };
  const labelled = facts.status === 'labelled' && facts.labels !== undefined;
  for (const rule of checked.rules) {
    if (rule.action === 'approve' && !labelled) continue;
    const reasons = hold(rule.when, facts, stanceNotice(checked));
    if (reasons === 'unknown') return decision('review', [unscored(rule, facts.labels!)], checked);
    if (reasons) return decision(rule.action, worded(rule, reasons), checked);
  }
  if (labelled) return decision(checked.default, [{ rule: 'default' }], checked);
  const why = facts.status === 'skipped' ? facts.reason : facts.error?.code;
  return decision(
    'review',
    [
      {
        rule: 'not-labelled',
        message:
          facts.status === 'labelled'
            ? 'The comment has no labels.'
            : `The comment was ${facts.status}${why ? ` (${why})` : ''}.`,
      },
    ],
    checked,
  );
}

type Facts = Exclude<Decidable, Labels>;
type Measured = Omit<Reason, 'rule'>;

/**
 * What was measured where the condition holds, undefined where it does not, `unknown` where the model has no score.
 *
 * @param ofStance what is said where stance was measured
 */
function hold(condition: Condition, facts: Facts, ofStance: string): Measured[] | 'unknown' | undefined {
  const { labels } = facts;
  const needsLabels =
    condition.toxic !== undefined ||
    condition.truncated !== undefined ||
    condition.toxicity !== undefined ||
    condition.stance !== undefined;
  if (needsLabels && !labels) return undefined;
  if (condition.outcome && !condition.outcome.includes(facts.status)) return undefined;
  if (condition.reason && !(condition.reason as string[]).includes(facts.reason ?? '')) return undefined;
  const language = labels?.language ?? facts.language;
  if (condition.language && !(language !== undefined && condition.language.includes(language)))
    return undefined;
  if (condition.truncated !== undefined && labels!.truncated !== condition.truncated) return undefined;
  if (condition.toxic !== undefined && labels!.toxicity.label !== condition.toxic) return undefined;

  const measured: Measured[] = [];
  if (condition.toxic !== undefined) measured.push({ attribute: 'toxic', score: labels!.toxicity.score });
  for (const [name, range] of Object.entries(condition.toxicity ?? {})) {
    const score = ownValue(labels!.toxicity.attributes, name);
    if (score === undefined) return 'unknown';
    if (!within(score, range)) return undefined;
    measured.push({ attribute: name, score, ...threshold(range) });
  }
  for (const [name, wanted] of Object.entries(condition.stance ?? {})) {
    const stance = ownValue(labels!.stance.targets, name);
    if (stance === undefined) return 'unknown';
    const score = stance.scores[wanted.is];
    if (stance.label !== wanted.is || !within(score, wanted)) return undefined;
    measured.push({
      attribute: `stance.${name}.${wanted.is}`,
      score,
      ...threshold(wanted),
      message: ofStance,
    });
  }
  if (!condition.any) return measured;
  for (const branch of condition.any) {
    const found = hold(branch, facts, ofStance);
    if (found === 'unknown') return found;
    if (found) return [...measured, ...found];
  }
  return undefined;
}

/** A policy may name what every object answers to, such as `constructor`. */
const ownValue = <Value>(record: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;

const within = (score: number, range: { atLeast?: number | undefined; below?: number | undefined }) =>
  score >= (range.atLeast ?? 0) && (range.below === undefined || score < range.below);

const threshold = (range: { atLeast?: number | undefined; below?: number | undefined }) => {
  const bound = range.atLeast ?? range.below;
  return bound === undefined ? {} : { threshold: bound };
};

function worded(rule: Rule, measured: Measured[]): Reason[] {
  if (measured.length === 0) return [{ rule: rule.name, ...(rule.message && { message: rule.message }) }];
  return measured.map(({ message: notice, ...rest }) => {
    const message = [rule.message, notice].filter(Boolean).join(' ');
    return { rule: rule.name, ...rest, ...(message && { message }) };
  });
}

function unscored(rule: Rule, labels: Labels): Reason {
  const { name, version } = labels.model;
  return {
    rule: rule.name,
    message: `The rule asks for a score that the model ${name} ${version} does not give; a person decides.`,
  };
}

function decision(action: Decision['action'], reasons: Reason[], policy: Policy): Decision {
  const { name, version, digest, allowStanceDecisions } = policy;
  return {
    action,
    reasons,
    policy: { name, version, digest, ...(allowStanceDecisions && { allowStanceDecisions }) },
  };
}

const checkedBefore = new WeakMap<object, Policy>();

function checkedPolicy(policy: Policy | PolicyInput | PresetName): Policy {
  const given = typeof policy === 'string' ? presets[policy] : policy;
  if (given === undefined)
    throw new PolicyError(`There is no preset "${policy}"; presets: ${Object.keys(presets).join(', ')}.`, {
      code: 'policy-unreadable',
    });
  const before = checkedBefore.get(given);
  if (before) return before;
  const { digest: _, ...content } = given as PolicyInput & { digest?: string };
  const checked = definePolicy(content);
  checkedBefore.set(given, checked);
  return checked;
}
