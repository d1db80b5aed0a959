import { commonest, labelFrequencies } from '../evaluate/baselines';
import { goldColumns } from '../evaluate/columns';
import type { Gold } from '../evaluate/gold';
import { stanceLabels } from '../evaluate/stance';
import type { Classifier } from './classifier';

/** Says of every comment what is commonest among the gold rows; the scores are how common it is. */
export function createMajorityClassifier(gold: Gold): Classifier {
  const { stance, toxicity } = labelFrequencies(goldColumns(gold));
  const targets = Object.entries(stance).map(([target, shares]) => {
    const [favor, against, none] = shares;
    return [target, { label: stanceLabels[commonest(shares)]!, scores: { favor, against, none } }] as const;
  });
  const attributes = Object.entries(toxicity).map(
    ([attribute, share]) => [attribute, { label: share > 0.5, score: share }] as const,
  );
  const labels = {
    stance: { targets: Object.fromEntries(targets) },
    toxicity: { attributes: Object.fromEntries(attributes) },
  };
  return {
    name: 'majority',
    maxBatchSize: 1000,
    concurrency: 1,
    classify: async (batch) => batch.map(({ id }) => ({ id, status: 'labelled', labels })),
  };
}
