import type { Classifier, ClassifierOutput } from './classifier';

/** Answers from prediction rows made earlier, by id; a comment without one is a failed one. */
export function createStoredClassifier(
  rows: readonly ClassifierOutput[],
  name = 'stored predictions',
): Classifier {
  // Files may hold ids that are numbers; comments have them as text.
  const byId = new Map(rows.map((row) => [String(row?.id), { ...row, id: String(row?.id) }]));
  return {
    name,
    maxBatchSize: 1000,
    concurrency: 1,
    classify: async (batch) =>
      batch.map(
        ({ id }): ClassifierOutput =>
          byId.get(id) ?? {
            id,
            status: 'failed',
            error: { code: 'no-prediction', message: `No stored prediction has the id "${id}".` },
          },
      ),
  };
}
