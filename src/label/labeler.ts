import { ModelError } from '../errors';
import { labelsFromLogits } from '../model/heads';
import type { Model } from '../model/model';
import type { ModelIdentity, Outcome } from '../types';
import { type Batch, planBatches } from './batches';
import { type LanguageDetector, loadLanguageDetector } from './language';
import { type CommentInput, failed, type Prepared, prepare } from './prepare';

export interface LabelerOptions {
  /**
   * A shipped model's name, the path of a model folder, or a loaded `Model`.
   * @default 'moderato-en-small'
   */
  model?: string | Model;
  /** Threads of one forward pass. @default as many as the machine has cores */
  threads?: number;
  /**
   * Most tokens of one forward pass, padding included. Larger batches are not faster on a CPU, and hold more memory.
   * @default 1024
   */
  tokenBudget?: number;
  /** Label comments that are pending, rejected, spam, deleted or pingbacks too. @default false */
  includeUnpublished?: boolean;
}

export interface Labeler {
  /**
   * Labels comments.
   *
   * @param comments strings, or objects with `id` and `text`; order is kept
   * @returns one outcome for each comment, in the same order: none is lost, and one that cannot be labelled says why
   * @throws ModelError when the model cannot be loaded or the labeler has been disposed of
   *
   * @example
   * const labeler = createLabeler();
   * const [outcome] = await labeler.label(['EU meddling will only worsen the situation.']);
   * outcome.labels.stance.targets.europe.label; // 'against'
   */
  label(comments: readonly CommentInput[]): Promise<Outcome[]>;
  /** Loads the model now rather than with the first comment, and says which it is. */
  load(): Promise<ModelIdentity>;
  /** Frees the model. Calls under way are finished first; later calls are refused. */
  dispose(): Promise<void>;
}

interface Resources {
  model: Model;
  detectLanguage: LanguageDetector;
}

type Ready = Exclude<Prepared, { outcome: Outcome }>;

/**
 * Makes a labeler. Nothing is read before the first call; the model is read once; calls may overlap.
 */
export function createLabeler(options: LabelerOptions = {}): Labeler {
  const tokenBudget = options.tokenBudget ?? 1024;
  const includeUnpublished = options.includeUnpublished ?? false;
  let resources: Promise<Resources> | undefined;
  let disposed = false;
  const underWay = new Set<Promise<unknown>>();

  function load(): Promise<Resources> {
    if (disposed)
      throw new ModelError('The labeler has been disposed of; create another.', { code: 'model-disposed' });
    resources ??= loadResources(options).catch((error) => {
      resources = undefined;
      throw error;
    });
    return resources;
  }

  async function label(comments: readonly CommentInput[]): Promise<Outcome[]> {
    const { model, detectLanguage } = await load();
    const outcomes = new Array<Outcome>(comments.length);
    const ready: (Ready & { position: number })[] = [];
    comments.forEach((comment, position) => {
      const prepared = prepare(comment, position, { model, detectLanguage, includeUnpublished });
      if (prepared.outcome) outcomes[position] = prepared.outcome;
      else ready.push({ ...prepared, position });
    });
    for (const batch of planBatches(ready, tokenBudget)) {
      const labelled = await labelBatch(batch, model);
      batch.items.forEach((item, index) => {
        outcomes[item.position] = labelled[index]!;
      });
    }
    return outcomes;
  }

  return {
    async label(comments) {
      const call = label(comments);
      underWay.add(call);
      try {
        return await call;
      } finally {
        underWay.delete(call);
      }
    },
    async load() {
      return (await load()).model.identity;
    },
    async dispose() {
      disposed = true;
      await Promise.allSettled(underWay);
      const loaded = await resources?.catch(() => undefined);
      await loaded?.model.dispose();
    },
  };
}

async function loadResources(options: LabelerOptions): Promise<Resources> {
  const [model, detectLanguage] = await Promise.all([
    typeof options.model === 'object' ? options.model : loadShippedModel(options),
    loadLanguageDetector(),
  ]);
  return { model, detectLanguage };
}

/** The runtime is native code: it is loaded with the first model, not with the library. */
async function loadShippedModel(options: LabelerOptions): Promise<Model> {
  const { loadModel } = await import('../model/transformers');
  return loadModel({
    ...(typeof options.model === 'string' && { model: options.model }),
    ...(options.threads !== undefined && { threads: options.threads }),
  });
}

/** Labels one batch; when the forward pass fails, each of its comments is tried alone, so that one fails alone. */
export async function labelBatch(batch: Batch<Ready>, model: Model): Promise<Outcome[]> {
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
  return batch.items.map((item, index) => ({
    id: item.id,
    status: 'labelled',
    labels: {
      ...labelsFromLogits(logits[index]!, model.description),
      language: item.language,
      truncated: item.tokens.truncated,
      model: model.identity,
    },
  }));
}
