import type { ModelDescription } from '../model/description';
import type { Model } from '../model/model';

export interface TinyModelOptions {
  /** Milliseconds that every forward pass takes. @default 0 */
  delay?: number;
  /** A forward pass over a text with this word fails, in capitals or not. */
  failOn?: string;
  /** @default 128 */
  maxTokens?: number;
}

const attributes = [
  'toxicity',
  'severe_toxicity',
  'insult',
  'profanity',
  'identity_attack',
  'threat',
  'sexually_explicit',
];

/**
 * A `Model` for tests that are not about the model: no files, no native code, the same labels on every machine. Each
 * word shifts the logits by amounts drawn from its hash, so labels vary with the text and mean nothing.
 *
 * @example
 * const labeler = createLabeler({ model: tinyModel() });
 */
export function tinyModel(options: TinyModelOptions = {}): Model & { readonly passes: number } {
  const description = tinyDescription(options.maxTokens ?? 128);
  const outputs = description.stance.targets.length * 3 + attributes.length;
  const poison = options.failOn === undefined ? undefined : hash(options.failOn.toLowerCase());
  let passes = 0;
  return {
    identity: { name: description.name, version: description.version, digest: `sha256:${'0'.repeat(64)}` },
    description,
    get passes() {
      return passes;
    },
    tokenize(text) {
      const ids = (text.toLowerCase().match(/[\p{L}\p{N}]+|\p{P}/gu) ?? []).map(hash);
      return { ids: ids.slice(0, description.maxTokens), truncated: ids.length > description.maxTokens };
    },
    async run(batch, paddedLength) {
      passes += 1;
      if (batch.some((sequence) => sequence.ids.length > paddedLength))
        throw new RangeError(`A sequence is longer than the padded length of ${paddedLength}.`);
      if (options.delay) await new Promise((resolve) => setTimeout(resolve, options.delay));
      if (poison !== undefined && batch.some((sequence) => sequence.ids.includes(poison)))
        throw new Error(`The tiny model fails on "${options.failOn}".`);
      return batch.map(({ ids }) => {
        const logits = new Float32Array(outputs);
        for (const id of ids)
          for (let output = 0; output < outputs; output++)
            logits[output]! += ((id >>> (output + 5)) & 3) - 1.5;
        return logits;
      });
    },
    async dispose() {},
  };
}

function tinyDescription(maxTokens: number): ModelDescription {
  return {
    schemaVersion: 1,
    name: 'tiny',
    version: '1.0.0',
    license: 'MIT',
    languages: ['en'],
    maxTokens,
    files: {},
    stance: {
      targets: ['europe', 'us', 'russia'].map((name, target) => ({
        name,
        outputs: { favor: 3 * target, against: 3 * target + 1, none: 3 * target + 2 },
        calibration: { temperature: 1, bias: { favor: 0, against: 0, none: 0 } },
        thresholds: { favor: 0.5, against: 0.5 },
        riskCoverage: [],
      })),
    },
    toxicity: {
      decisive: 'toxicity',
      attributes: attributes.map((name, index) => ({
        name,
        output: 9 + index,
        calibration: { slope: 1, intercept: 0 },
        threshold: 0.5,
        riskCoverage: [],
      })),
    },
  };
}

/** FNV-1a, 32 bits. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < word.length; index++)
    value = Math.imul(value ^ word.charCodeAt(index), 0x01000193) >>> 0;
  return value;
}
