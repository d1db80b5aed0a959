import { ClassifierError } from '../errors';

/** A comment as classifiers get it. */
export interface ClassifierInput {
  id: string;
  text: string;
}

/**
 * What a classifier says of one comment: a prediction row, as `evaluate` reads it and `moderato label` prints it.
 * Targets and attributes may have any names; scores may be missing, and so may either task.
 */
export type ClassifierOutput =
  | {
      id: string;
      status: 'labelled';
      labels: {
        stance?: {
          targets: Record<
            string,
            { label: string; scores?: { favor: number; against: number; none: number } }
          >;
        };
        toxicity?: { attributes: Record<string, number | { label: boolean; score?: number }> };
      };
    }
  | { id: string; status: 'skipped'; reason: string }
  | { id: string; status: 'failed'; error: { code: string; message: string } };

/**
 * Something to benchmark. The smallest to copy is `majority.ts`; `classifierConformance` in `moderato/testing` proves
 * that one keeps the contract: one answer for each comment, in order, the same whatever the batch, and a comment that
 * cannot be answered says so rather than getting a score of 0.
 */
export interface Classifier {
  readonly name: string;
  /** Most comments of one call of `classify`. */
  readonly maxBatchSize: number;
  /** Calls of `classify` that may be under way at the same time; 1 where they may not overlap. */
  readonly concurrency: number;
  /** The classifier's own thresholds of attributes; reports use 0.5 where there is none. */
  readonly thresholds?: Readonly<Record<string, number>>;
  /**
   * @param batch from 1 to `maxBatchSize` comments
   * @returns one answer for each comment, in the order of the batch
   * @throws ClassifierError `classifier-failed` where no comment of the batch could be answered and none ever will be
   */
  classify(batch: readonly ClassifierInput[], options: { signal?: AbortSignal }): Promise<ClassifierOutput[]>;
  dispose?(): Promise<void>;
}

/**
 * Runs a classifier over any number of comments, in batches of its size and as many at once as it allows. After a batch
 * that fails no other is begun.
 *
 * @returns one answer for each comment, in order
 * @throws ClassifierError `classifier-invalid` where `maxBatchSize` or `concurrency` is no whole number from 1;
 * `classifier-invalid-answer` where answers are missing or belong to other comments; what the classifier throws
 */
export async function classify(
  classifier: Classifier,
  comments: readonly ClassifierInput[],
  options: { signal?: AbortSignal; onProgress?: (done: number) => void } = {},
): Promise<ClassifierOutput[]> {
  checkLimit(classifier, 'maxBatchSize');
  checkLimit(classifier, 'concurrency');
  const { maxBatchSize, concurrency } = classifier;
  const outputs = new Array<ClassifierOutput>(comments.length);
  let next = 0;
  let done = 0;
  const runBatch = async (start: number) => {
    options.signal?.throwIfAborted();
    const batch = comments.slice(start, start + maxBatchSize).map(({ id, text }) => ({ id, text }));
    const answers = await classifier.classify(batch, options.signal ? { signal: options.signal } : {});
    checkAnswers(classifier, batch, answers);
    answers.forEach((answer, index) => {
      outputs[start + index] = answer;
    });
    done += batch.length;
    options.onProgress?.(done);
  };
  const worker = async () => {
    while (next < comments.length) {
      const start = next;
      next += maxBatchSize;
      try {
        await runBatch(start);
      } catch (error) {
        // Nothing is left for the other workers to begin.
        next = comments.length;
        throw error;
      }
    }
  };
  const batches = Math.ceil(comments.length / maxBatchSize);
  await Promise.all(Array.from({ length: Math.min(concurrency, batches) }, worker));
  return outputs;
}

function checkLimit(classifier: Classifier, limit: 'maxBatchSize' | 'concurrency'): void {
  const { name, [limit]: value } = classifier;
  if (!Number.isInteger(value) || value < 1)
    throw new ClassifierError(`${limit} of ${name} must be a whole number from 1, not ${value}.`, {
      code: 'classifier-invalid',
    });
}

function checkAnswers(
  { name }: Classifier,
  batch: readonly ClassifierInput[],
  answers: readonly ClassifierOutput[],
): void {
  if (!Array.isArray(answers) || answers.length !== batch.length)
    throw new ClassifierError(
      `${name} gave ${answers?.length ?? 'no'} answers for ${batch.length} comments.`,
      {
        code: 'classifier-invalid-answer',
      },
    );
  answers.forEach((answer, index) => {
    if (answer?.id !== batch[index]!.id)
      throw new ClassifierError(
        `${name} answered comment "${answer?.id}" where comment "${batch[index]!.id}" was next; answers keep the order of the batch.`,
        { code: 'classifier-invalid-answer' },
      );
  });
}
