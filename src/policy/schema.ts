import * as z from 'zod';
import { Action, Probability, SkipReason, StanceLabel } from '../types';

/** Half-open `[atLeast, below)`. A number alone means `atLeast`. */
export const ScoreRange = z.preprocess(
  (value) => (typeof value === 'number' ? { atLeast: value } : value),
  z.strictObject({ atLeast: Probability.optional(), below: Probability.optional() }),
);

/** A target's label, its score within bounds, or both. A word alone is the label. */
export const StanceCondition = z.preprocess(
  (value) => (typeof value === 'string' ? { is: value } : value),
  z.strictObject({ is: StanceLabel, atLeast: Probability.optional(), below: Probability.optional() }),
);

const list = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(
    (value) => (typeof value === 'string' ? [value] : value),
    z.array(item).min(1, 'must name at least one'),
  );

const Language = z.string().regex(/^[a-z]{2,3}$/, 'must be an ISO 639-1 code such as en, or und');

const conditions = {
  /** Whether the model's own verdict, at its own threshold, is toxic. */
  toxic: z.boolean().optional(),
  /** Calibrated scores of the model's attributes. */
  toxicity: z.record(z.string(), ScoreRange).optional(),
  /** Stance toward the model's targets. */
  stance: z.record(z.string(), StanceCondition).optional(),
  /** Detected language, one of these. */
  language: list(Language).optional(),
  /** Whether the end of the comment was too long for the model to read. */
  truncated: z.boolean().optional(),
  /** What became of the comment. */
  outcome: list(z.enum(['labelled', 'skipped', 'failed'])).optional(),
  /** Why it was skipped, one of these. */
  reason: list(SkipReason).optional(),
};

/** Every condition given must hold; of the branches under `any`, at least one. */
export const Condition = z.strictObject({
  ...conditions,
  any: z.array(z.strictObject(conditions)).min(1, 'must hold at least one branch').optional(),
});
export type Condition = z.infer<typeof Condition>;

export const Rule = z.strictObject({
  name: z.string().min(1, 'must not be empty'),
  when: Condition,
  action: Action,
  /** Said to people with every decision that the rule makes. */
  message: z.string().optional(),
});
export type Rule = z.infer<typeof Rule>;

/** A policy file as it is written. */
export const PolicyFile = z.strictObject({
  schemaVersion: z.literal(1).default(1),
  name: z.string().min(1, 'must not be empty'),
  version: z.preprocess(
    (value) => (typeof value === 'number' ? String(value) : value),
    z.string().min(1, 'must not be empty'),
  ),
  description: z.string().optional(),
  /** Whether stance may decide over removals; every decision then says so. */
  allowStanceDecisions: z.boolean().default(false),
  /** The first rule that holds decides. */
  rules: z.array(Rule).min(1, 'must hold at least one rule'),
  /** What happens to labelled comments for which no rule holds. */
  default: Action.default('approve'),
});

/** A policy that has been checked; `digest` identifies its content. */
export type Policy = z.infer<typeof PolicyFile> & { readonly digest: string };

/** A policy as people write it, before defaults and short forms are filled in. */
export type PolicyInput = z.input<typeof PolicyFile>;

/** The names of attributes and targets that a model gives. */
export interface KnownNames {
  attributes: readonly string[];
  targets: readonly string[];
}
