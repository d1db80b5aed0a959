import { createRandom, type Random } from '../statistics/random';
import type { GoldColumns } from './columns';
import type { Gold } from './gold';
import { emptyPredictions, type Predictions, statuses } from './predictions';
import { findListedWords } from './word-list';

/** Predictions that any classifier should beat, so that no number stands alone. */
export type BaselineName = 'majority' | 'stratified-random' | 'word-list';

/** How often each label occurs among the gold rows. */
export interface LabelFrequencies {
  /** For each target the shares of favor, against and none. */
  stance: Record<string, readonly [number, number, number]>;
  /** For each attribute the share of positives. */
  toxicity: Record<string, number>;
}

export function labelFrequencies(gold: GoldColumns): LabelFrequencies {
  const sharesOf = ({ gold: labels }: { gold: Uint8Array }, classes: number) => {
    const counts = new Array<number>(classes).fill(0);
    for (const label of labels) counts[label]!++;
    return counts.map((count) => count / labels.length);
  };
  return {
    stance: Object.fromEntries(
      gold.stance.map(({ target, column }) => [target, sharesOf(column, 3) as [number, number, number]]),
    ),
    toxicity: Object.fromEntries(
      gold.toxicity.map(({ attribute, column }) => [attribute, sharesOf(column, 2)[1]!]),
    ),
  };
}

/** Index of the commonest label. */
export const commonest = (shares: readonly number[]): number => shares.indexOf(Math.max(...shares));

/** Draws a label's index as often as its share says. */
export function drawStance([favor, against]: readonly [number, number, number], random: Random): number {
  const draw = random.uniform();
  return draw < favor ? 0 : draw < favor + against ? 1 : 2;
}

/**
 * Draws a score that knows nothing, and a label that is positive as often as `share` says. Scores are multiples of 1/1024:
 * more of them would not be more random, and a long file is measured faster.
 */
export function drawAttribute(share: number, random: Random): { score: number; label: boolean } {
  const draw = random.uniform();
  return { score: Math.floor(draw * 1024) / 1024, label: draw >= 1 - share };
}

/** What gives the predictions of each baseline for all gold rows. */
export function createBaselines(
  gold: Gold,
  columns: GoldColumns,
  seed: number,
): Record<BaselineName, () => Predictions> {
  const frequencies = labelFrequencies(columns);
  const empty = () => {
    const predictions = emptyPredictions(gold.rows.length, gold);
    predictions.status.fill(statuses.indexOf('labelled'));
    return predictions;
  };
  return {
    majority() {
      const predictions = empty();
      for (const [target, { label, scores }] of predictions.stance) {
        const shares = frequencies.stance[target]!;
        label.fill(commonest(shares));
        for (let index = 0; index < scores.length; index++) scores[index] = shares[index % 3]!;
      }
      for (const [attribute, { label, score }] of predictions.toxicity) {
        const share = frequencies.toxicity[attribute]!;
        label.fill(Number(share > 0.5));
        score.fill(share);
      }
      return predictions;
    },
    'stratified-random'() {
      const predictions = empty();
      const random = createRandom(seed);
      const stance = [...predictions.stance].map(
        ([target, { label }]) => [frequencies.stance[target]!, label] as const,
      );
      const toxicity = [...predictions.toxicity].map(
        ([attribute, answers]) => [frequencies.toxicity[attribute]!, answers] as const,
      );
      for (let row = 0; row < gold.rows.length; row++) {
        for (const [shares, label] of stance) label[row] = drawStance(shares, random);
        for (const [share, answers] of toxicity) {
          const { score, label } = drawAttribute(share, random);
          answers.score[row] = score;
          answers.label[row] = Number(label);
        }
      }
      return predictions;
    },
    'word-list'() {
      const predictions = empty();
      // Looking for words takes a while and says something of toxicity alone.
      if (gold.attributes.length === 0) return predictions;
      const found = findListedWords(gold.rows.map(({ text }) => text));
      for (const { label, score } of predictions.toxicity.values())
        found.forEach((present, row) => {
          label[row] = Number(present);
          score[row] = Number(present);
        });
      return predictions;
    },
  };
}
