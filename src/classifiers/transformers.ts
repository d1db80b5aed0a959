import { ClassifierError } from '../errors';
import type { stanceLabels } from '../evaluate/stance';
import type { SequenceClassifier } from '../model/sequence-classifier';
import type { Classifier, ClassifierOutput } from './classifier';
import { answerEach, probabilities, runEach, stanceFrom } from './sequence-answers';

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
