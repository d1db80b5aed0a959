/**
 * Stands in for `onnxruntime-node` inside the bundled transformers.js, which offers no way to set session options and
 * answers a failed session with console output and a second attempt in WebAssembly.
 */
import * as onnxruntime from 'onnxruntime-node';

const runtime: typeof onnxruntime =
  (onnxruntime as unknown as { default?: typeof onnxruntime }).default ?? onnxruntime;

/** Takes the place of a session that could not be made, so that the caller can throw its error. */
export class FailedSession {
  constructor(readonly cause: unknown) {}
}

let threads: number | undefined;

/** Runs `load` with every session it creates limited to `count` threads; undefined leaves the choice to the runtime. */
export async function withThreads<Result>(
  count: number | undefined,
  load: () => Promise<Result>,
): Promise<Result> {
  threads = count;
  try {
    return await load();
  } finally {
    threads = undefined;
  }
}

export const Tensor = runtime.Tensor;
export const env = (runtime as unknown as { env: unknown }).env ?? {};
export const InferenceSession = {
  async create(model: Uint8Array, options: object): Promise<unknown> {
    try {
      return await runtime.InferenceSession.create(model, {
        ...options,
        executionProviders: ['cpu'],
        graphOptimizationLevel: 'all',
        ...(threads === undefined ? {} : { intraOpNumThreads: threads, interOpNumThreads: 1 }),
      });
    } catch (error) {
      return new FailedSession(error);
    }
  },
};

export default { Tensor, InferenceSession, env };
