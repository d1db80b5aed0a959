import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ModelError } from '../errors';
import { Probability } from '../types';

const Operating = z.object({ confidence: Probability, coverage: Probability, risk: Probability });
const output = z.number().int().min(0);

/** One stance target: which logits are its, and how they become probabilities and a label. */
export const TargetHead = z.object({
  name: z.string().min(1),
  outputs: z.object({ favor: output, against: output, none: output }),
  calibration: z.object({
    temperature: z.number().positive(),
    bias: z.object({ favor: z.number(), against: z.number(), none: z.number() }),
  }),
  thresholds: z.object({ favor: Probability, against: Probability }),
  /** What share of comments is covered, with which error rate, when only confident labels are kept. */
  riskCoverage: z.array(Operating).default([]),
});
export type TargetHead = z.infer<typeof TargetHead>;

/** One toxicity attribute: its logit, Platt's sigmoid over it, and the score from which the label is positive. */
export const AttributeHead = z.object({
  name: z.string().min(1),
  output,
  calibration: z.object({ slope: z.number(), intercept: z.number() }),
  threshold: Probability,
  riskCoverage: z.array(Operating).default([]),
});
export type AttributeHead = z.infer<typeof AttributeHead>;

/** The content of a model's `moderato.json`. */
export const ModelDescription = z.object({
  schemaVersion: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  license: z.string(),
  /** ISO 639-1 codes of the languages the model has learnt; comments in others are skipped. */
  languages: z.array(z.string()).min(1),
  /** Tokens that the model reads, the two special ones among them. */
  maxTokens: z.number().int().min(8),
  /** SHA-256 of every other file the model consists of. */
  files: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  stance: z.object({ targets: z.array(TargetHead) }),
  toxicity: z
    .object({ decisive: z.string(), attributes: z.array(AttributeHead).min(1) })
    .refine(({ decisive, attributes }) => attributes.some(({ name }) => name === decisive), {
      path: ['decisive'],
      message: 'no attribute has this name',
    }),
  calibratedOn: z.string().optional(),
  thresholdAim: z.string().optional(),
});
export type ModelDescription = z.infer<typeof ModelDescription>;

export interface ModelFolder {
  description: ModelDescription;
  /** `sha256:` and 64 digits, of `moderato.json`, which holds the digests of all the others. */
  digest: string;
  /** By their names in `moderato.json`. */
  files: ReadonlyMap<string, Buffer>;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Reads and checks a model folder: `moderato.json` against its schema, every file it names against its SHA-256.
 *
 * @returns the description, the digest that identifies the whole model, and the bytes of the files that were checked.
 * @throws ModelError `model-not-found`, `model-invalid` or `model-corrupt`.
 */
export async function readModelFolder(folder: string): Promise<ModelFolder> {
  const bytes = await readModelFile(folder, 'moderato.json');
  let content: unknown;
  try {
    content = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ModelError(`${join(folder, 'moderato.json')} is not JSON; restore the model folder.`, {
      code: 'model-invalid',
      cause,
    });
  }
  const parsed = ModelDescription.safeParse(content);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new ModelError(
      `${join(folder, 'moderato.json')}: ${issue.path.join('.') || 'top level'}: ${issue.message}`,
      { code: 'model-invalid', cause: parsed.error },
    );
  }
  const files = await Promise.all(
    Object.entries(parsed.data.files).map(async ([name, expected]) => {
      const content = await readModelFile(folder, name);
      if (sha256(content) !== expected)
        throw new ModelError(
          `${join(folder, name)} is not the file that moderato.json names (SHA-256 differs); restore the model folder.`,
          { code: 'model-corrupt' },
        );
      return [name, content] as const;
    }),
  );
  return { description: parsed.data, digest: `sha256:${sha256(bytes)}`, files: new Map(files) };
}

async function readModelFile(folder: string, name: string): Promise<Buffer> {
  try {
    return await readFile(join(folder, name));
  } catch (cause) {
    throw new ModelError(
      `${join(folder, name)} cannot be read; a model folder holds moderato.json, config.json, tokenizer.json, ` +
        'tokenizer_config.json and onnx/model_quantized.onnx.',
      { code: 'model-not-found', cause },
    );
  }
}
