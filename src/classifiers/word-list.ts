import { createWordListPredictor } from '../evaluate/baselines';
import { outputOf } from './baseline-output';
import type { Classifier } from './classifier';

/** The word list of the package obscenity: a comment with a listed word has every attribute. It knows no stance. */
export function createWordListClassifier(
  attributes: readonly string[] = ['toxicity', 'profanity'],
): Classifier {
  const predict = createWordListPredictor(attributes);
  return {
    name: 'word-list',
    maxBatchSize: 100,
    concurrency: 1,
    classify: async (batch) => batch.map(({ id, text }) => outputOf(predict(id, text))),
  };
}
