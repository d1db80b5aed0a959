import type { PolicyInput } from './schema';

/**
 * Policies to begin with. Neither looks at stance.
 *
 * - `cautious` never rejects: what it does not approve, a person reads.
 * - `strict` rejects what the model is very sure of, and sends the doubtful to a person.
 */
export const presets = {
  cautious: {
    schemaVersion: 1,
    name: 'cautious',
    version: '1.0.0',
    description: 'Approves what is clearly civil; a person reads the rest. Rejects nothing by itself.',
    rules: [
      {
        name: 'threat',
        when: { toxicity: { threat: 0.3 } },
        action: 'review',
        message: 'May threaten somebody.',
      },
      {
        name: 'identity-attack',
        when: { toxicity: { identity_attack: 0.3 } },
        action: 'review',
        message: 'May attack people for what they are.',
      },
      {
        name: 'severe-toxicity',
        when: { toxicity: { severe_toxicity: 0.3 } },
        action: 'review',
        message: 'May be hateful or very aggressive.',
      },
      {
        name: 'sexually-explicit',
        when: { toxicity: { sexually_explicit: 0.4 } },
        action: 'review',
        message: 'May be sexually explicit.',
      },
      {
        name: 'insult',
        when: { toxicity: { insult: 0.4 } },
        action: 'review',
        message: 'May insult somebody.',
      },
      {
        name: 'profanity',
        when: { toxicity: { profanity: 0.5 } },
        action: 'review',
        message: 'May be profane.',
      },
      {
        name: 'toxicity',
        when: { any: [{ toxic: true }, { toxicity: { toxicity: 0.4 } }] },
        action: 'review',
        message: 'May be rude or disrespectful.',
      },
      {
        name: 'not-read-to-the-end',
        when: { truncated: true },
        action: 'review',
        message: 'Longer than the model reads.',
      },
    ],
    default: 'approve',
  },
  strict: {
    schemaVersion: 1,
    name: 'strict',
    version: '1.0.0',
    description: 'Rejects what the model is very sure of; a person reads the doubtful.',
    rules: [
      {
        name: 'sure-threat',
        when: { toxicity: { threat: 0.8 } },
        action: 'reject',
        message: 'Threatens somebody.',
      },
      {
        name: 'sure-identity-attack',
        when: { toxicity: { identity_attack: 0.8 } },
        action: 'reject',
        message: 'Attacks people for what they are.',
      },
      {
        name: 'sure-severe-toxicity',
        when: { toxicity: { severe_toxicity: 0.8 } },
        action: 'reject',
        message: 'Is hateful or very aggressive.',
      },
      {
        name: 'sure-toxicity',
        when: { toxicity: { toxicity: 0.9 } },
        action: 'reject',
        message: 'Is rude or disrespectful.',
      },
      {
        name: 'doubtful',
        when: {
          any: [
            { toxic: true },
            { toxicity: { toxicity: 0.3 } },
            { toxicity: { insult: 0.3 } },
            { toxicity: { profanity: 0.3 } },
            { toxicity: { threat: 0.2 } },
            { toxicity: { identity_attack: 0.2 } },
            { toxicity: { severe_toxicity: 0.2 } },
            { toxicity: { sexually_explicit: 0.3 } },
          ],
        },
        action: 'review',
        message: 'May break the rules of the debate.',
      },
      {
        name: 'not-read-to-the-end',
        when: { truncated: true },
        action: 'review',
        message: 'Longer than the model reads.',
      },
    ],
    default: 'approve',
  },
} as const satisfies Record<string, PolicyInput>;

export type PresetName = keyof typeof presets;
