import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { AutoModelForSequenceClassification, AutoTokenizer } from '@xenova/transformers';
import { ClassifierError } from '../errors';
import { withEnvironment } from './environment';
import { FailedSession } from './onnxruntime';

/** A text, or a pair of texts for models that judge the second by the first. */
export interface SequenceInput {
  text: string;
  pair?: string;
}

/** A text-classification model of anybody's making, in the layout that transformers.js reads. */
export interface SequenceClassifier {
  /** Names of the outputs, in their order. */
  labels: readonly string[];
  /** The outputs are independent of each other: sigmoid rather than softmax. */
  multiLabel: boolean;
  /**
   * One forward pass. What is longer than the model reads is cut; of a pair, the text alone.
   *
   * @returns for each input its logits, in the order of `labels`
   */
  run(batch: readonly SequenceInput[]): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}

export interface LoadSequenceClassifierOptions {
  /** Download the model from the Hugging Face hub where it is not a folder on disk. @default false */
  allowRemote?: boolean;
}

/** Longer texts are cut before they are tokenized; no such model reads that far. */
const longestText = 20_000;

/**
 * Loads a folder (config.json, tokenizer.json, tokenizer_config.json, onnx/model_quantized.onnx or onnx/model.onnx) or,
 * where that is allowed, a model of the hub.
 *
 * @throws ClassifierError `classifier-unavailable`
 */
export async function loadSequenceClassifier(
  model: string,
  options: LoadSequenceClassifierOptions = {},
): Promise<SequenceClassifier> {
  const folder = resolve(model);
  const onDisk = existsSync(join(folder, 'config.json'));
  if (!onDisk && !options.allowRemote)
    throw new ClassifierError(
      `${model} is no model folder (there is no ${join(model, 'config.json')}), and downloading is not allowed; ` +
        'give a folder, or allow the download with --allow-remote (allowRemote: true).',
      { code: 'classifier-unavailable' },
    );
  const name = onDisk ? basename(folder) : model;
  const quantized = !onDisk || existsSync(join(folder, 'onnx', 'model_quantized.onnx'));
  try {
    const [tokenizer, network] = await withEnvironment(
      {
        allowLocalModels: true,
        allowRemoteModels: !onDisk,
        ...(onDisk && { localModelPath: dirname(folder) + sep }),
      },
      () =>
        Promise.all([
          AutoTokenizer.from_pretrained(name, { local_files_only: onDisk }),
          AutoModelForSequenceClassification.from_pretrained(name, { quantized, local_files_only: onDisk }),
        ]),
    );
    return wrap(tokenizer as unknown as Tokenizer, network as unknown as Network);
  } catch (cause) {
    if (ClassifierError.isInstance(cause)) throw cause;
    throw new ClassifierError(`The model ${model} cannot be loaded: ${(cause as Error).message}`, {
      code: 'classifier-unavailable',
      cause,
    });
  }
}

type Tokenizer = ((texts: string[], options: object) => object) & {
  model_max_length?: number;
  /** Token ids of a text, or of a pair, with the special tokens. */
  encode(text: string, pair: string): number[];
};

interface Network {
  (inputs: object): Promise<{ logits: { data: Float32Array; dims: number[] } }>;
  session: unknown;
  config: {
    id2label?: Record<string, string>;
    problem_type?: string;
    max_position_embeddings?: number;
  };
}

function wrap(tokenizer: Tokenizer, network: Network): SequenceClassifier {
  if (network.session instanceof FailedSession)
    throw new ClassifierError(`The network cannot be loaded: ${(network.session.cause as Error).message}`, {
      code: 'classifier-unavailable',
      cause: network.session.cause,
    });
  const { id2label = {}, problem_type, max_position_embeddings } = network.config;
  const longest = Math.min(tokenizer.model_max_length ?? 512, max_position_embeddings ?? 512);
  const clean = (text: string) => text.slice(0, longestText);
  const shorten = ({ text, pair }: SequenceInput) =>
    pair === undefined ? clean(text) : roomFor(clean(pair), clean(text), tokenizer, longest);
  return {
    labels: Object.keys(id2label)
      .sort((a, b) => Number(a) - Number(b))
      .map((id) => id2label[id]!),
    multiLabel: problem_type === 'multi_label_classification',
    async run(batch) {
      const paired = batch.some(({ pair }) => pair !== undefined);
      const inputs = tokenizer(batch.map(shorten), {
        padding: true,
        truncation: true,
        max_length: longest,
        ...(paired && { text_pair: batch.map(({ pair }) => clean(pair ?? '')) }),
      });
      const { logits } = await network(inputs);
      const outputs = logits.data.length / batch.length;
      return batch.map((_, row) => logits.data.slice(row * outputs, (row + 1) * outputs));
    },
    async dispose() {
      await (network.session as { release?(): Promise<void> }).release?.();
    },
  };
}

/**
 * The longest beginning of a text that leaves room for its pair. The tokenizer would cut the end of the two joined, which
 * is the pair.
 */
function roomFor(pair: string, text: string, tokenizer: Tokenizer, longest: number): string {
  const fits = (end: number) => tokenizer.encode(text.slice(0, end), pair).length <= longest;
  if (fits(text.length)) return text;
  let fitting = 0;
  let tooLong = text.length;
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(middle)) fitting = middle;
    else tooLong = middle;
  }
  return text.slice(0, fitting);
}
