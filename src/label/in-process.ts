import { setImmediate as nextTurn } from 'node:timers/promises';
import { ModelError } from '../errors';
import { isUsable, labelsFromLogits } from '../model/heads';
import type { Model } from '../model/model';
import type { Outcome } from '../types';
import { type Batch, planBatches } from './batches';
import type { Executor } from './executor';
import { type LanguageDetector, loadLanguageDetector } from './language';
import { failed, type Prepared, prepare } from './prepare';

export interface InProcessOptions {
  model?: string | Model;
  threads?: number;
  tokenBudget: number;
  includeUnpublished: boolean;
}

interface Resources {
  model: Model;
  detectLanguage: LanguageDetector;
}

type Ready = Exclude<Prepared, { outcome: Outcome }>;

/** Forward passes under way at once: the second keeps a model that works elsewhere busy while one is slow. */
const passes = 2;

/** Labels in this process, with one model. */
export function inProcess(options: InProcessOptions): Executor {
  const turns = turnstile(passes);
  let resources: Promise<Resources> | undefined;
  let runs = 0;

  function load(): Promise<Resources> {
    resources ??= loadResources(options).catch((error) => {
      resources = undefined;
      throw error;
    });
    return resources;
  }

  return {
    parallel: 1,
    blockSize: 512,
    largestBlock: Number.POSITIVE_INFINITY,
    idle: () => runs === 0,
    async load() {
      return (await load()).model.identity;
    },
    async run(comments, signal) {
      runs += 1;
      try {
        const { model, detectLanguage } = await load();
        const { includeUnpublished, tokenBudget } = options;
        const outcomes = new Array<Outcome>(comments.length);
        const ready: (Ready & { position: number })[] = [];
        for (const [position, comment] of comments.entries()) {
          const prepared = prepare(comment, { model, detectLanguage, includeUnpublished });
          if (prepared.outcome) outcomes[position] = prepared.outcome;
          else ready.push({ ...prepared, position });
          if (position % 256 === 255) await nextTurn();
        }
        await Promise.all(
          planBatches(ready, tokenBudget).map((batch) =>
            turns(async () => {
              signal?.throwIfAborted();
              const labelled = await labelBatch(batch, model);
              for (const [index, item] of batch.items.entries()) outcomes[item.position] = labelled[index]!;
            }),
          ),
        );
        return outcomes;
      } finally {
        runs -= 1;
      }
    },
    async dispose() {
      const loaded = await resources?.catch(() => undefined);
      await loaded?.model.dispose();
    },
  };
}

/** Lets so many tasks in at a time, in the order in which they came. */
function turnstile(width: number): (task: () => Promise<void>) => Promise<void> {
  const waiting: (() => void)[] = [];
  let inside = 0;
  return async (task) => {
    if (inside >= width) await new Promise<void>((resolve) => waiting.push(resolve));
    else inside += 1;
    try {
      await task();
      // The runtime computes on the thread that called it: files, timers and signals get their turn in between.
      await nextTurn();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else inside -= 1;
    }
  };
}

async function loadResources(options: InProcessOptions): Promise<Resources> {
  const [model, detectLanguage] = await Promise.all([
    typeof options.model === 'object' ? options.model : loadModelFolder(options),
    loadLanguageDetector(),
  ]);
  return { model, detectLanguage };
}

/** The runtime is native code: it is loaded with the first model, not with the library. */
async function loadModelFolder(options: InProcessOptions): Promise<Model> {
  const { loadModel } = await import('../model/transformers');
  return loadModel({
    ...(typeof options.model === 'string' && { model: options.model }),
    ...(options.threads !== undefined && { threads: options.threads }),
  });
}

/** Labels one batch; when the forward pass fails, each of its comments is tried alone, so that one fails alone. */
async function labelBatch(batch: Batch<Ready>, model: Model): Promise<Outcome[]> {
  let logits: Float32Array[];
  try {
    logits = await model.run(
      batch.items.map((item) => item.tokens),
      batch.paddedLength,
    );
  } catch (error) {
    if (ModelError.isInstance(error) && error.code === 'model-disposed') throw error;
    const [first, ...others] = batch.items;
    if (others.length === 0) return [failed(first!.id, 'model-failed', (error as Error).message).outcome];
    const alone = batch.items.map((item) =>
      labelBatch({ items: [item], paddedLength: batch.paddedLength }, model),
    );
    return (await Promise.all(alone)).flat();
  }
  return batch.items.map((item, index): Outcome => {
    if (!isUsable(logits[index]!, model.description))
      return failed(item.id, 'model-failed', 'The model gives no finite number for this comment.').outcome;
    return {
      id: item.id,
      status: 'labelled',
      labels: {
        ...labelsFromLogits(logits[index]!, model.description),
        language: item.language,
        truncated: item.tokens.truncated,
        model: model.identity,
      },
    };
  });
}
