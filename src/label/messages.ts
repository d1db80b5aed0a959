import type { ModelIdentity, Outcome } from '../types';
import type { NamedComment } from './executor';

/** What the pool says to a worker. */
export type ToWorker =
  | {
      type: 'load';
      options: { model?: string; threads: number; tokenBudget: number; includeUnpublished: boolean };
    }
  | { type: 'run'; comments: readonly NamedComment[] };

/** What a worker says to the pool; it serves one `run` after the other. */
export type FromWorker =
  | { type: 'ready'; identity: ModelIdentity }
  | { type: 'unusable'; code: string; message: string }
  | { type: 'done'; outcomes: Outcome[] };
