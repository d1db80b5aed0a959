import type { ModelIdentity } from '../types';
import type { ModelDescription } from './description';

/** A text as a model reads it. */
export interface TokenSequence {
  /** Token ids, special tokens included; at most `maxTokens`. */
  ids: readonly number[];
  /** The text was longer than the model reads. */
  truncated: boolean;
}

/**
 * A loaded model: texts to tokens, tokens to logits. What the logits mean is in `description`; `labelsFromLogits`
 * reads them.
 */
export interface Model {
  readonly identity: ModelIdentity;
  readonly description: ModelDescription;
  tokenize(text: string): TokenSequence;
  /**
   * One forward pass.
   *
   * @param batch at least one sequence
   * @param paddedLength every sequence is padded to this many tokens; at least the longest
   * @returns for each sequence its logits, in the model's order of outputs
   */
  run(batch: readonly TokenSequence[], paddedLength: number): Promise<Float32Array[]>;
  dispose(): Promise<void>;
}
