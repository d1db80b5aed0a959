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

export interface SessionSettings {
  /** The network's file. */
  path: string;
  /** Threads of one forward pass; undefined leaves the choice to the runtime. */
  threads: number | undefined;
}

let settings: SessionSettings | undefined;

/**
 * Runs `load` with every session it creates read from this file, with these threads. transformers.js hands over the
 * network's bytes, but with bytes the runtime ignores all options.
 */
export async function withSession<Result>(
  given: SessionSettings,
  load: () => Promise<Result>,
): Promise<Result> {
  settings = given;
  try {
    return await load();
  } finally {
    settings = undefined;
  }
}

export const Tensor = runtime.Tensor;
export const env = (runtime as unknown as { env: unknown }).env ?? {};
export const InferenceSession = {
  async create(model: Uint8Array, options: object): Promise<unknown> {
    try {
      const all = { ...options, executionProviders: ['cpu'], graphOptimizationLevel: 'all' as const };
      if (settings === undefined) return await runtime.InferenceSession.create(model, all);
      const { path, threads } = settings;
      return await runtime.InferenceSession.create(path, {
        ...all,
        ...(threads !== undefined && { intraOpNumThreads: threads, interOpNumThreads: 1 }),
      });
    } catch (error) {
      return new FailedSession(error);
    }
  },
};

export default { Tensor, InferenceSession, env };
