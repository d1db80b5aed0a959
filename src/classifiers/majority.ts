import { labelFrequencies, majorityPrediction } from '../evaluate/baselines';
import type { Gold } from '../evaluate/gold';
import { outputOf } from './baseline-output';
import type { Classifier } from './classifier';

/** Says of every comment what is commonest among the gold rows; the scores are how common it is. */
export function createMajorityClassifier(gold: Pick<Gold, 'rows' | 'targets' | 'attributes'>): Classifier {
  const frequencies = labelFrequencies(gold);
  return {
    name: 'majority',
    maxBatchSize: 1000,
    concurrency: 1,
    classify: async (batch) => batch.map(({ id }) => outputOf(majorityPrediction(id, frequencies))),
  };
}
