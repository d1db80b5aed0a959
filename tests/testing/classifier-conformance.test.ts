import { describe, expect, it } from 'vitest';
import type { Classifier, ClassifierInput } from '../../src/classifiers/classifier';
import { classifierConformance } from '../../src/testing/classifier-conformance';

const scoring = (hasAnswer: (comment: ClassifierInput) => boolean): Classifier => ({
  name: 'own',
  maxBatchSize: 10,
  concurrency: 1,
  classify: async (batch) =>
    batch.map((comment) =>
      hasAnswer(comment)
        ? { id: comment.id, status: 'labelled', labels: { toxicity: { attributes: { toxicity: 0 } } } }
        : { id: comment.id, status: 'skipped', reason: 'empty' },
    ),
});

async function failures(classifier: Classifier, options = {}): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of classifierConformance(() => classifier, options))
    await run().catch(() => failed.push(name));
  return failed;
}

describe('classifierConformance', () => {
  it('passes a classifier that skips what has no text', async () => {
    expect(await failures(scoring(({ text }) => text.trim() !== ''))).toEqual([]);
  });

  it('finds one that scores what has no text, and lets the ones be that read none', async () => {
    expect(await failures(scoring(() => true))).toEqual(['scores nothing that has no text']);
    expect(await failures(scoring(({ text }) => text !== ''))).toEqual(['scores nothing that has no text']);
    expect(
      await failures(
        scoring(() => true),
        { readsText: false },
      ),
    ).toEqual([]);
  });
});
