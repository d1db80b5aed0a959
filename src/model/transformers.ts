import { join } from 'node:path';
import { AutoModelForSequenceClassification, AutoTokenizer } from '@xenova/transformers';
import { ModelError } from '../errors';
import { readModelFolder } from './description';
import { type Environment, withEnvironment } from './environment';
import type { Model, TokenSequence } from './model';
import { FailedSession, Tensor, withSession } from './onnxruntime';
import { modelFolder } from './registry';

export interface LoadModelOptions {
  /** A shipped model's name or the path of a model folder. @default 'moderato-en-small' */
  model?: string;
  /** Threads of one forward pass. @default as many as the machine has cores */
  threads?: number;
}

/** What transformers.js loads when asked for a quantized model. */
const networkFile = 'onnx/model_quantized.onnx';

/** A text beyond this many characters is cut before it is tokenized, so that a 10 MB comment costs no minutes. */
const longestText = 20_000;

type Session = {
  run(feeds: Record<string, unknown>): Promise<Record<string, { data: Float32Array }>>;
  release?(): Promise<void>;
};

/**
 * Loads a model folder through transformers.js, from disk alone.
 *
 * @throws ModelError `model-not-found`, `model-invalid`, `model-corrupt`
 */
export async function loadModel(options: LoadModelOptions = {}): Promise<Model> {
  const folder = modelFolder(options.model);
  const { description, digest, files } = await readModelFolder(folder);
  const local = { local_files_only: true };
  const [tokenizer, network] = await withEnvironment(onlyFrom(files), () =>
    withSession({ path: join(folder, networkFile), threads: options.threads }, () =>
      Promise.all([
        AutoTokenizer.from_pretrained('model', local),
        AutoModelForSequenceClassification.from_pretrained('model', { quantized: true, ...local }),
      ]),
    ),
  ).catch((cause) => {
    throw new ModelError(`The model in ${folder} cannot be loaded: ${(cause as Error).message}`, {
      code: 'model-invalid',
      cause,
    });
  });
  let session: Session | undefined = (network as unknown as { session: Session }).session;
  if (session instanceof FailedSession)
    throw new ModelError(`The network in ${folder} cannot be loaded: ${(session.cause as Error).message}`, {
      code: 'model-invalid',
      cause: session.cause,
    });

  const separator = tokenizer.sep_token_id as number;
  const padding = tokenizer.pad_token_id as number;

  return {
    identity: { name: description.name, version: description.version, digest },
    description,

    tokenize(text) {
      const collapsed = text.replace(/\s+/g, ' ').trim();
      const ids: number[] = tokenizer.encode(collapsed.slice(0, longestText));
      if (ids.length <= description.maxTokens) return { ids, truncated: collapsed.length > longestText };
      return { ids: [...ids.slice(0, description.maxTokens - 1), separator], truncated: true };
    },

    async run(batch, paddedLength) {
      if (session === undefined)
        throw new ModelError('The model has been disposed of; create another labeler.', {
          code: 'model-disposed',
        });
      // The runtime multiplies a single row by another algorithm, whose last bit differs: a batch of one runs as two.
      const rows = batch.length === 1 ? [batch[0]!, batch[0]!] : batch;
      const { logits } = await session.run(feeds(rows, paddedLength, padding));
      const outputs = logits!.data.length / rows.length;
      return batch.map((_, row) => logits!.data.slice(row * outputs, (row + 1) * outputs));
    },

    async dispose() {
      const released = session;
      session = undefined;
      await released?.release?.();
    },
  };
}

/** Hands transformers.js the bytes that were checked: it would read each file twice more, and load an HTTP client for it. */
function onlyFrom(files: ReadonlyMap<string, Buffer>): Environment {
  return {
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: '',
    useBrowserCache: false,
    useFSCache: false,
    useCustomCache: true,
    customCache: {
      async match(path: string) {
        const bytes = files.get(path.replace(/^\/?model\//, ''));
        return bytes && { status: 200, arrayBuffer: async () => bytes };
      },
      async put() {},
    },
  };
}

function feeds(
  batch: readonly TokenSequence[],
  paddedLength: number,
  padding: number,
): Record<string, unknown> {
  const size = batch.length * paddedLength;
  const ids = new BigInt64Array(size).fill(BigInt(padding));
  const mask = new BigInt64Array(size);
  batch.forEach((sequence, row) => {
    const start = row * paddedLength;
    sequence.ids.forEach((id, column) => {
      ids[start + column] = BigInt(id);
    });
    mask.fill(1n, start, start + sequence.ids.length);
  });
  const shape = [batch.length, paddedLength];
  return {
    input_ids: new Tensor('int64', ids, shape),
    attention_mask: new Tensor('int64', mask, shape),
    token_type_ids: new Tensor('int64', new BigInt64Array(size), shape),
  };
}
