import type { Labels } from '../../src/types';

export const attributes = [
  'toxicity',
  'severe_toxicity',
  'insult',
  'profanity',
  'identity_attack',
  'threat',
  'sexually_explicit',
];

/** Labels with the scores given, 0.01 elsewhere, and no stance but the one given. */
export function labels(
  scores: Record<string, number>,
  options: { favor?: string; language?: string; truncated?: boolean } = {},
): Labels {
  const target = (name: string) =>
    options.favor === name
      ? { label: 'favor' as const, scores: { favor: 0.95, against: 0.02, none: 0.03 } }
      : { label: 'none' as const, scores: { favor: 0.02, against: 0.03, none: 0.95 } };
  const all = { ...Object.fromEntries(attributes.map((name) => [name, 0.01])), ...scores };
  return {
    stance: {
      targets: { europe: target('europe'), us: target('us'), russia: target('russia') },
      labels: options.favor ? [`pro-${options.favor}`] : [],
    },
    toxicity: { label: all.toxicity! >= 0.5, score: all.toxicity!, attributes: all },
    language: options.language ?? 'en',
    truncated: options.truncated ?? false,
    model: { name: 'tiny', version: '1.0.0', digest: `sha256:${'0'.repeat(64)}` },
  };
}
