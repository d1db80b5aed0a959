import { ClassifierError } from '../errors';
import { stanceLabels } from '../evaluate/stance';
import type { SequenceClassifier, SequenceInput } from '../model/sequence-classifier';
import type { Classifier, ClassifierInput, ClassifierOutput } from './classifier';

export interface TransformersOptions {
  /** A model folder as transformers.js reads it, or a name on the Hugging Face hub. */
  model: string;
  /** Download from the hub. @default false */
  allowRemote?: boolean;
  /**
   * What the model's labels stand for: an attribute, or `stance.<target>.<favor|against|none>`. Labels that are not
   * here are not used. @default the usual names of toxicity models
   */
  labels?: Readonly<Record<string, string>>;
  /** Comments of one forward pass. @default 16 */
  batchSize?: number;
}

/** Label names that models of the hub use, in lower case. */
const usualLabels: Readonly<Record<string, string>> = {
  toxic: 'toxicity',
  toxicity: 'toxicity',
  severe_toxic: 'severe_toxicity',
  severe_toxicity: 'severe_toxicity',
  obscene: 'profanity',
  profanity: 'profanity',
  threat: 'threat',
  insult: 'insult',
  identity_hate: 'identity_attack',
  identity_attack: 'identity_attack',
  hate: 'identity_attack',
  hateful: 'identity_attack',
  sexual_explicit: 'sexually_explicit',
  sexually_explicit: 'sexually_explicit',
  offensive: 'toxicity',
};

type Meaning = { attribute: string } | { target: string; stance: (typeof stanceLabels)[number] };

/**
 * Any text-classification model that transformers.js runs. Models quantised dynamically score a comment a little
 * differently among other neighbours; set `batchSize` to 1 where that matters.
 *
 * @throws ClassifierError `classifier-unavailable` where the model cannot be loaded or none of its labels is known
 */
export async function createTransformersClassifier(options: TransformersOptions): Promise<Classifier> {
  const { loadSequenceClassifier } = await import('../model/sequence-classifier');
  const model = await loadSequenceClassifier(options.model, { allowRemote: options.allowRemote ?? false });
  let meanings: Map<number, Meaning>;
  try {
    meanings = meaningsOf(model, options);
  } catch (error) {
    await model.dispose();
    throw error;
  }
  return {
    name: `transformers ${options.model}`,
    maxBatchSize: options.batchSize ?? 16,
    concurrency: 1,
    classify: (batch) =>
      answerEach(
        batch,
        (comments) => runEach(comments, model),
        (id, logits) => answer(id, probabilities(logits, model.multiLabel), meanings),
      ),
    dispose: () => model.dispose(),
  };
}

function meaningsOf(model: SequenceClassifier, options: TransformersOptions): Map<number, Meaning> {
  const meanings = new Map<number, Meaning>();
  for (const label of Object.keys(options.labels ?? {}))
    if (!model.labels.includes(label))
      throw new ClassifierError(
        `${options.model} has no label "${label}"; it has ${model.labels.join(', ')}.`,
        {
          code: 'classifier-unavailable',
        },
      );
  model.labels.forEach((label, index) => {
    const meaning = options.labels
      ? options.labels[label]
      : usualLabels[label.toLowerCase().replace(/[\s-]+/g, '_')];
    if (meaning !== undefined) meanings.set(index, readMeaning(meaning));
  });
  if (meanings.size === 0)
    throw new ClassifierError(
      `The labels of ${options.model} (${model.labels.join(', ')}) are not known; say what they stand for, ` +
        `as in transformers:${options.model},${model.labels.at(-1) ?? 'LABEL_1'}=toxicity.`,
      { code: 'classifier-unavailable' },
    );
  return meanings;
}

function readMeaning(meaning: string): Meaning {
  const match = /^stance\.(.+)\.(favor|against|none)$/.exec(meaning);
  if (match) return { target: match[1]!, stance: match[2] as 'favor' };
  return { attribute: meaning };
}

/** Sigmoid for independent outputs and for a single one, softmax for classes. */
export function probabilities(logits: ArrayLike<number>, multiLabel: boolean): number[] {
  const values = Array.from(logits);
  if (multiLabel || values.length === 1) return values.map((logit) => 1 / (1 + Math.exp(-logit)));
  const highest = Math.max(...values);
  const exponentials = values.map((logit) => Math.exp(logit - highest));
  const sum = exponentials.reduce((total, value) => total + value, 0);
  return exponentials.map((value) => value / sum);
}

function answer(id: string, scores: readonly number[], meanings: Map<number, Meaning>): ClassifierOutput {
  const attributes: Record<string, number> = {};
  const byTarget: Record<string, Record<(typeof stanceLabels)[number], number>> = {};
  for (const [index, meaning] of meanings) {
    if ('attribute' in meaning)
      attributes[meaning.attribute] = Math.max(attributes[meaning.attribute] ?? 0, scores[index]!);
    else {
      byTarget[meaning.target] ??= { favor: 0, against: 0, none: 0 };
      byTarget[meaning.target]![meaning.stance] += scores[index]!;
    }
  }
  return {
    id,
    status: 'labelled',
    labels: {
      ...(Object.keys(byTarget).length > 0 && {
        stance: {
          targets: Object.fromEntries(
            Object.entries(byTarget).map(([target, one]) => [target, stanceFrom(one)]),
          ),
        },
      }),
      ...(Object.keys(attributes).length > 0 && { toxicity: { attributes } }),
    },
  };
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
