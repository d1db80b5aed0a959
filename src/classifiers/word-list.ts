import { findListedWords } from '../evaluate/word-list';
import type { Classifier, ClassifierOutput } from './classifier';

/**
 * The word list of the package obscenity: a comment with a listed word has every attribute. It knows no stance, and says
 * nothing of a comment without text.
 */
export function createWordListClassifier(
  attributes: readonly string[] = ['toxicity', 'profanity'],
): Classifier {
  return {
    name: 'word-list',
    maxBatchSize: 100,
    concurrency: 1,
    classify: async (batch) => {
      const found = findListedWords(batch.map(({ text }) => text));
      return batch.map(({ id, text }, index): ClassifierOutput => {
        if (text.trim() === '') return { id, status: 'skipped', reason: 'empty' };
        const answer = { label: found[index]!, score: Number(found[index]) };
        return {
          id,
          status: 'labelled',
          labels: {
            toxicity: { attributes: Object.fromEntries(attributes.map((attribute) => [attribute, answer])) },
          },
        };
      });
    },
  };
}
