import { englishDataset, englishRecommendedTransformers, RegExpMatcher } from 'obscenity';
import { createRandom } from '../statistics/random';
import type { Gold } from './gold';
import type { Prediction } from './predictions';
import { stanceLabels } from './stance';

/** Predictions that any classifier should beat, so that no number stands alone. */
export const baselineNames = ['majority', 'stratified-random', 'word-list'] as const;
export type BaselineName = (typeof baselineNames)[number];

/** How often each label occurs among the gold rows. */
export interface LabelFrequencies {
  /** For each target the shares of favor, against and none. */
  stance: Record<string, readonly [number, number, number]>;
  /** For each attribute the share of positives. */
  toxicity: Record<string, number>;
}

export function labelFrequencies(gold: Pick<Gold, 'rows' | 'targets' | 'attributes'>): LabelFrequencies {
  const frequencies: LabelFrequencies = { stance: {}, toxicity: {} };
  for (const target of gold.targets) {
    const counts: [number, number, number] = [0, 0, 0];
    let total = 0;
    for (const row of gold.rows) {
      const label = row.gold.stance?.[target];
      if (label === undefined) continue;
      counts[stanceLabels.indexOf(label)]!++;
      total++;
    }
    frequencies.stance[target] = counts.map((count) => count / total) as [number, number, number];
  }
  for (const attribute of gold.attributes) {
    let positives = 0;
    let total = 0;
    for (const row of gold.rows) {
      const label = row.gold.toxicity?.[attribute];
      if (label === undefined) continue;
      positives += label;
      total++;
    }
    frequencies.toxicity[attribute] = positives / total;
  }
  return frequencies;
}

/** The commonest label of each target and attribute for every comment; the scores are the labels' frequencies. */
export function majorityPrediction(id: string, frequencies: LabelFrequencies): Prediction {
  return {
    id,
    status: 'labelled',
    stance: mapValues(frequencies.stance, (shares) => ({
      label: shares.indexOf(Math.max(...shares)),
      scores: shares,
    })),
    toxicity: mapValues(frequencies.toxicity, (share) => ({
      score: share,
      label: share > 0.5,
      threshold: null,
    })),
  };
}

/** Labels drawn at random as often as they occur; the scores are uniform and know nothing. */
export function createRandomPredictor(
  frequencies: LabelFrequencies,
  seed: number,
): (id: string) => Prediction {
  const random = createRandom(seed);
  return (id) => ({
    id,
    status: 'labelled',
    stance: mapValues(frequencies.stance, ([favor, against]) => {
      const draw = random.uniform();
      return { label: draw < favor ? 0 : draw < favor + against ? 1 : 2, scores: null };
    }),
    toxicity: mapValues(frequencies.toxicity, (share) => {
      const score = random.uniform();
      return { score, label: score >= 1 - share, threshold: null };
    }),
  });
}

let matcher: RegExpMatcher | undefined;

/** Whether obscenity's English list finds a word in the text. */
export function hasListedWord(text: string): boolean {
  if (text === '') return false;
  matcher ??= new RegExpMatcher({ ...englishDataset.build(), ...englishRecommendedTransformers });
  return matcher.hasMatch(text);
}

/** Every attribute is 1 where the text holds a listed word; it says nothing of stance. */
export function createWordListPredictor(
  attributes: readonly string[],
): (id: string, text: string) => Prediction {
  const [absent, present] = [false, true].map((found) =>
    Object.fromEntries(
      attributes.map((attribute) => [attribute, { score: Number(found), label: found, threshold: null }]),
    ),
  );
  return (id, text) => ({
    id,
    status: 'labelled',
    stance: {},
    toxicity: hasListedWord(text) ? present! : absent!,
  });
}

export function baselinePredictions(name: BaselineName, gold: Gold, seed: number): Prediction[] {
  if (name === 'word-list') {
    // Looking for words takes a while and says something of toxicity alone.
    const judged = gold.attributes.length > 0;
    const predict = createWordListPredictor(gold.attributes);
    return gold.rows.map(({ id, text }) => predict(id, judged ? text : ''));
  }
  const frequencies = labelFrequencies(gold);
  if (name === 'majority') {
    const answer = majorityPrediction('', frequencies);
    return gold.rows.map(({ id }) => ({ ...answer, id }));
  }
  const predict = createRandomPredictor(frequencies, seed);
  return gold.rows.map(({ id }) => predict(id));
}

function mapValues<In, Out>(record: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
