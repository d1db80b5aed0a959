import { drawAttribute, drawStance, labelFrequencies } from '../evaluate/baselines';
import { goldColumns } from '../evaluate/columns';
import type { Gold } from '../evaluate/gold';
import { stanceLabels } from '../evaluate/stance';
import { createRandom, type Random } from '../statistics/random';
import type { Classifier } from './classifier';

/** Draws labels as often as they occur among the gold rows. The draw depends on the comment's id and the seed alone. */
export function createStratifiedRandomClassifier(gold: Gold, seed = 1): Classifier {
  const { stance, toxicity } = labelFrequencies(goldColumns(gold));
  const labelsOf = (random: Random) => ({
    stance: {
      targets: Object.fromEntries(
        Object.entries(stance).map(([target, shares]) => [
          target,
          { label: stanceLabels[drawStance(shares, random)]! },
        ]),
      ),
    },
    toxicity: {
      attributes: Object.fromEntries(
        Object.entries(toxicity).map(([attribute, share]) => [attribute, drawAttribute(share, random)]),
      ),
    },
  });
  return {
    name: 'stratified-random',
    maxBatchSize: 1000,
    concurrency: 1,
    classify: async (batch) =>
      batch.map(({ id }) => ({ id, status: 'labelled', labels: labelsOf(createRandom(seed ^ hash(id))) })),
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}
