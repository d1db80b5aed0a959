// From the logits of a sequence classifier to a classifier's answers: what `transformers.ts` and `zero-shot.ts` share.
import { stanceLabels } from '../evaluate/stance';
import type { SequenceClassifier, SequenceInput } from '../model/sequence-classifier';
import type { ClassifierInput, ClassifierOutput } from './classifier';

/** Sigmoid for independent outputs and for a single one, softmax for classes. */
export function probabilities(logits: ArrayLike<number>, multiLabel: boolean): number[] {
  const values = Array.from(logits);
  if (multiLabel || values.length === 1) return values.map((logit) => 1 / (1 + Math.exp(-logit)));
  const highest = Math.max(...values);
  const exponentials = values.map((logit) => Math.exp(logit - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

/** Probabilities that sum to 1, and the label of the greatest. */
export function stanceFrom(weights: Readonly<Record<(typeof stanceLabels)[number], number>>) {
  const sum = weights.favor + weights.against + weights.none || 1;
  const scores = { favor: weights.favor / sum, against: weights.against / sum, none: weights.none / sum };
  const label = stanceLabels.reduce(
    (best, one) => (scores[one] > scores[best] ? one : best),
    'none' as 'favor' | 'against' | 'none',
  );
  return { label, scores };
}

/**
 * Empty comments are skipped, and those that the model fails at fail, each alone.
 *
 * @param run the result of each comment, or why it has none
 */
export async function answerEach<Result>(
  batch: readonly ClassifierInput[],
  run: (comments: readonly ClassifierInput[]) => Promise<(Result | Error)[]>,
  outputOf: (id: string, result: Result) => ClassifierOutput,
): Promise<ClassifierOutput[]> {
  const filled = batch.filter(({ text }) => text.trim() !== '');
  const results = await run(filled);
  const byId = new Map(filled.map(({ id }, index) => [id, results[index]!]));
  return batch.map(({ id }): ClassifierOutput => {
    const result = byId.get(id);
    if (result === undefined) return { id, status: 'skipped', reason: 'empty' };
    if (result instanceof Error)
      return { id, status: 'failed', error: { code: 'model-failed', message: result.message } };
    return outputOf(id, result);
  });
}

/** One forward pass; where it fails, each of its inputs is tried alone and fails alone. */
export async function runEach(
  inputs: readonly SequenceInput[],
  model: SequenceClassifier,
): Promise<(Float32Array | Error)[]> {
  if (inputs.length === 0) return [];
  try {
    return await model.run(inputs);
  } catch (error) {
    if (inputs.length === 1) return [error as Error];
    const results: (Float32Array | Error)[] = [];
    for (const input of inputs) results.push(...(await runEach([input], model)));
    return results;
  }
}
