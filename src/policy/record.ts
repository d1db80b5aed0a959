import { createHash } from 'node:crypto';
import type { Action, Decision, LabelledRow, Labels, ModelIdentity, Outcome } from '../types';
import { scoreText } from './score-text';

export interface DecisionRecordInput {
  /** The comment that was decided on; its text goes into the record as a digest alone. */
  comment: { id: string; text: string; source?: string };
  /** The outcome or labelled row that the decision was made from. */
  outcome: Outcome | LabelledRow;
  decision: Decision;
  /** @default now */
  at?: Date;
  /**
   * A person who has made or confirmed the decision: it is then not automated. Where the person decides otherwise than
   * the policy, the policy's reasons are left out of the statement; `note` then gives the person's own. `review` says
   * that the person has not decided yet.
   */
  reviewer?: { name: string; action: Action; note?: string };
  /** How the author can object, in words for the author. */
  redress?: string;
}

/** What an appeal, an audit or a statement of reasons has to know of one decision. */
export interface DecisionRecord {
  schemaVersion: 1;
  comment: { id: string; source?: string; digest: string };
  decidedAt: string;
  action: Action;
  /** `none`, `held` until a person decides, or `removed`. */
  restriction: 'none' | 'held' | 'removed';
  automated: {
    /** The comment was found by automated means. */
    detection: boolean;
    /** No person took part in the decision. */
    decision: boolean;
  };
  reviewer?: { name: string; action: Action; note?: string };
  reasons: Decision['reasons'];
  policy: Decision['policy'];
  /** Absent where the comment was not labelled. */
  model?: ModelIdentity;
  scores?: { toxicity: Labels['toxicity']['attributes']; language: string; truncated: boolean };
  outcome: Outcome['status'];
  redress?: string;
  /** The reasons in sentences, for the author of the comment. */
  statement: string;
}

/**
 * Makes the record of a decision: what Article 17 of the Digital Services Act (Regulation (EU) 2022/2065) asks of a
 * statement of reasons and software can know. What was restricted and why (17.3 a and b), whether automated means
 * found the comment or made the decision (c), the rule of the policy that it broke (e), and redress where it is given (f).
 * Stance is in the record only where it was a reason.
 *
 * @example
 * decisionRecord({ comment, outcome, decision }).statement;
 * // 'Your comment was removed. Is rude or disrespectful. Rule "sure-toxicity": toxicity 0.95, limit 0.9. The comment was
 * // found and the decision made by automated means (model moderato-en-small …, policy strict 1.0.0).'
 */
export function decisionRecord(input: DecisionRecordInput): DecisionRecord {
  const { comment, outcome, decision, reviewer, redress } = input;
  const labels = outcome.status === 'labelled' ? outcome.labels : undefined;
  const action = reviewer?.action ?? decision.action;
  const record = {
    schemaVersion: 1 as const,
    comment: {
      id: comment.id,
      ...(comment.source !== undefined && { source: comment.source }),
      digest: `sha256:${createHash('sha256').update(comment.text).digest('hex')}`,
    },
    decidedAt: (input.at ?? new Date()).toISOString(),
    action,
    restriction: ({ approve: 'none', review: 'held', reject: 'removed' } as const)[action],
    automated: { detection: true, decision: reviewer === undefined },
    ...(reviewer && { reviewer }),
    reasons: decision.reasons,
    policy: decision.policy,
    ...(labels && {
      model: labels.model,
      scores: {
        toxicity: labels.toxicity.attributes,
        language: labels.language,
        truncated: labels.truncated,
      },
    }),
    outcome: outcome.status,
    ...(redress !== undefined && { redress }),
  };
  return { ...record, statement: statementOf(record, decision.action) };
}

const happened = {
  approve: 'Your comment was published.',
  review: 'Your comment is held until a person has read it.',
  reject: 'Your comment was removed.',
} as const;

/** @param decided what the policy decided: its reasons are those of this action alone */
function statementOf(record: Omit<DecisionRecord, 'statement'>, decided: Action): string {
  const means = [
    record.model && `model ${record.model.name} ${record.model.version}`,
    `policy ${record.policy.name} ${record.policy.version}`,
  ].filter(Boolean);
  const { reviewer, action } = record;
  const stillHeld = reviewer !== undefined && action === 'review';
  return [
    stillHeld ? 'Your comment is still held.' : happened[action],
    ...(action === decided ? reasonsOf(record) : []),
    ...(reviewer
      ? [
          `The comment was examined by automated means (${means.join(', ')}); ` +
            (stillHeld
              ? 'a person has read it and has not decided yet.'
              : 'the decision was made by a person.'),
          ...(reviewer.note ? [reviewer.note] : []),
        ]
      : [
          action === 'review'
            ? `The comment was held by automated means (${means.join(', ')}); a person will decide.`
            : `The comment was found and the decision made by automated means (${means.join(', ')}).`,
        ]),
    ...(record.policy.allowStanceDecisions ? ['The policy allows decisions by stance.'] : []),
    ...(record.redress ? [record.redress] : []),
  ].join(' ');
}

/** What the rule says, and what it measured. */
function reasonsOf({ reasons }: Pick<DecisionRecord, 'reasons'>): string[] {
  const messages = [...new Set(reasons.flatMap((reason) => reason.message ?? []))];
  const rule = reasons[0]?.rule;
  if (rule === undefined || rule === 'default') return messages;
  const measured = reasons.flatMap(({ attribute, score, threshold }) =>
    attribute === undefined || score === undefined
      ? []
      : `${attribute} ${scoreText(score, threshold)}${threshold === undefined ? '' : `, limit ${threshold}`}`,
  );
  return [...messages, `Rule "${rule}"${measured.length > 0 ? `: ${measured.join('; ')}` : ''}.`];
}
