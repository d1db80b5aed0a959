import { ClassifierError } from '../errors';
import type { SequenceClassifier, SequenceInput } from '../model/sequence-classifier';
import type { Classifier, ClassifierInput, ClassifierOutput } from './classifier';
import { answerEach, probabilities, runEach, stanceFrom } from './sequence-answers';

export interface ZeroShotOptions {
  /** A natural-language-inference model: a folder as transformers.js reads it, or a name on the Hugging Face hub. */
  model: string;
  /** Download from the hub. @default false */
  allowRemote?: boolean;
  /** Targets, and what to call each in a sentence, for example `{ us: 'the United States' }`. */
  targets?: Readonly<Record<string, string>>;
  /** Attributes, and the hypothesis that stands for each. */
  attributes?: Readonly<Record<string, string>>;
  /** Hypotheses of a target; `{}` is its name. */
  templates?: Readonly<Record<'favor' | 'against' | 'none', string>>;
  /** Pairs of comment and hypothesis in one forward pass. @default 32 */
  batchSize?: number;
}

export const defaultTemplates = {
  favor: 'The author of this comment supports {}.',
  against: 'The author of this comment is against {}.',
  none: 'The author of this comment takes no side on {}.',
} as const;

export const defaultTargets: Readonly<Record<string, string>> = {
  europe: 'Europe',
  us: 'the United States',
  russia: 'Russia',
};

export const defaultHypotheses: Readonly<Record<string, string>> = {
  toxicity: 'This comment is toxic.',
  severe_toxicity: 'This comment is extremely hateful and abusive.',
  insult: 'This comment insults somebody.',
  profanity: 'This comment contains swear words.',
  identity_attack: 'This comment attacks people for their identity.',
  threat: 'This comment threatens somebody.',
  sexually_explicit: 'This comment is sexually explicit.',
};

const stances = ['favor', 'against', 'none'] as const;

/**
 * Zero-shot classification by natural-language inference [Yin et al. 2019]: each comment is paired with a hypothesis for
 * each label. Of a target's three hypotheses the entailment logits compete by softmax; an attribute's score is entailment
 * against contradiction. Pairs of similar length share a forward pass, so that little is computed for padding. A comment
 * that is too long for a pair is cut, the hypothesis never.
 *
 * @throws ClassifierError `classifier-unavailable` where the model cannot be loaded or is no inference model
 */
export async function createZeroShotClassifier(options: ZeroShotOptions): Promise<Classifier> {
  const { loadSequenceClassifier } = await import('../model/sequence-classifier');
  const model = await loadSequenceClassifier(options.model, { allowRemote: options.allowRemote ?? false });
  const find = (start: string) => model.labels.findIndex((label) => label.toLowerCase().startsWith(start));
  const outputs = { entailment: find('entail'), contradiction: find('contradict') };
  if (outputs.entailment < 0 || outputs.contradiction < 0) {
    await model.dispose();
    throw new ClassifierError(
      `${options.model} is no inference model: its labels are ${model.labels.join(', ')}, not entailment and contradiction.`,
      { code: 'classifier-unavailable' },
    );
  }
  const targets = options.targets ?? defaultTargets;
  const attributes = options.attributes ?? defaultHypotheses;
  const templates = options.templates ?? defaultTemplates;
  const hypotheses = [
    ...Object.values(targets).flatMap((name) =>
      stances.map((stance) => templates[stance].replaceAll('{}', name)),
    ),
    ...Object.values(attributes),
  ];
  return {
    name: `zero-shot ${options.model}`,
    maxBatchSize: 64,
    concurrency: 1,
    classify: (batch) =>
      answerEach(
        batch,
        (comments) => runPairs(comments, hypotheses, model, options.batchSize ?? 32),
        (id, logits) => readAnswer(id, logits, outputs, Object.keys(targets), Object.keys(attributes)),
      ),
    dispose: () => model.dispose(),
  };
}

/** Logits by comment, then by hypothesis; of a comment with a pair that fails, why. */
async function runPairs(
  comments: readonly ClassifierInput[],
  hypotheses: readonly string[],
  model: SequenceClassifier,
  batchSize: number,
): Promise<(Float32Array[] | Error)[]> {
  const results = comments.map(() => new Array<Float32Array | Error>(hypotheses.length));
  const pairs = comments
    .flatMap(({ text }, comment) =>
      hypotheses.map((pair, hypothesis) => ({
        comment,
        hypothesis,
        input: { text, pair } satisfies SequenceInput,
      })),
    )
    .sort((a, b) => a.input.text.length + a.input.pair.length - b.input.text.length - b.input.pair.length);
  for (let start = 0; start < pairs.length; start += batchSize) {
    const batch = pairs.slice(start, start + batchSize);
    const logits = await runEach(
      batch.map(({ input }) => input),
      model,
    );
    batch.forEach(({ comment, hypothesis }, index) => {
      results[comment]![hypothesis] = logits[index]!;
    });
  }
  return results.map((rows) => rows.find((row) => row instanceof Error) ?? (rows as Float32Array[]));
}

function readAnswer(
  id: string,
  logits: readonly Float32Array[],
  { entailment, contradiction }: { entailment: number; contradiction: number },
  targets: readonly string[],
  attributes: readonly string[],
): ClassifierOutput {
  const stance = targets.map((target, index) => {
    const three = stances.map((_, offset) => logits[index * 3 + offset]![entailment]!);
    const [favor, against, none] = probabilities(three, false);
    return [target, stanceFrom({ favor: favor!, against: against!, none: none! })] as const;
  });
  const toxicity = attributes.map((attribute, index) => {
    const row = logits[targets.length * 3 + index]!;
    return [attribute, probabilities([row[contradiction]!, row[entailment]!], false)[1]!] as const;
  });
  return {
    id,
    status: 'labelled',
    labels: {
      stance: { targets: Object.fromEntries(stance) },
      toxicity: { attributes: Object.fromEntries(toxicity) },
    },
  };
}
