import { open, readFile, rename } from 'node:fs/promises';
import * as z from 'zod';
import { BatchError } from '../errors';

const count = z.number().int().min(0);
const Counts = z.record(z.string(), count);

/** What must be the same for a run to be gone on with. */
export const Settings = z.object({
  inputs: z.array(z.object({ path: z.string(), size: count.optional(), modified: z.number().optional() })),
  to: z.enum(['jsonl', 'csv']),
  format: z.string().nullable(),
  /** Stands for the columns and the key of the pseudonyms, without telling them. */
  reading: z.string(),
  limit: count.nullable(),
  includeUnpublished: z.boolean(),
  model: z.object({ name: z.string(), version: z.string(), digest: z.string() }),
  policy: z.object({ name: z.string(), version: z.string(), digest: z.string() }).nullable(),
});
export type Settings = z.infer<typeof Settings>;

/** What the rows written so far amount to. */
export const Tally = z.object({
  comments: count,
  repeated: count,
  status: Counts,
  reasons: Counts,
  errors: Counts,
  toxic: count,
  stance: z.record(z.string(), Counts),
  actions: Counts,
});
export type Tally = z.infer<typeof Tally>;

/** An input that could not be read, or not to its end, and why. */
export const FailedInput = z.object({ path: z.string(), code: z.string(), message: z.string() });
export type FailedInput = z.infer<typeof FailedInput>;

export const Checkpoint = z.object({
  schemaVersion: z.literal(1),
  settings: Settings,
  tally: Tally,
  /** Bytes of the part file that hold the rows of the tally; what stands behind them is not to be trusted. */
  bytes: count,
  /** SHA-256 over the comments that the rows come from, which stdin has to repeat. */
  digest: z.string(),
  /** Nothing is missing but the part file's final name. */
  complete: z.boolean(),
  /** Where there are any, the checkpoint stays beside the whole output. */
  failed: z.array(FailedInput).default([]),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

/** @returns the checkpoint, or undefined where there is none */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return Checkpoint.parse(JSON.parse(content));
  } catch (cause) {
    throw new BatchError(`${path} is not a checkpoint of this version; --restart begins anew.`, {
      code: 'checkpoint-invalid',
      cause,
    });
  }
}

/** Replaces the checkpoint in one step: whenever the machine stops, the old or the new one is there, whole. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const next = `${path}.next`;
  const file = await open(next, 'w');
  try {
    await file.writeFile(`${JSON.stringify(checkpoint)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(next, path);
}

/**
 * Refuses to go on with a run whose inputs or settings are others now.
 *
 * @throws BatchError `input-changed` or `settings-changed`, naming what differs
 */
export function requireSameSettings(before: Settings, now: Settings): void {
  const refuse = (code: 'input-changed' | 'settings-changed', message: string) => {
    throw new BatchError(`${message}; --restart begins anew.`, { code });
  };
  const paths = (settings: Settings) => settings.inputs.map((input) => input.path);
  if (JSON.stringify(paths(before)) !== JSON.stringify(paths(now)))
    refuse(
      'input-changed',
      `The earlier run reads other files (${listed(paths(before))}) than this one (${listed(paths(now))})`,
    );
  for (const [index, input] of now.inputs.entries()) {
    const old = before.inputs[index]!;
    if (old.size !== input.size)
      refuse(
        'input-changed',
        `${input.path} has changed since the run began (${old.size} → ${input.size} bytes)`,
      );
    if (old.modified !== input.modified)
      refuse('input-changed', `${input.path} has been written to since the run began`);
  }
  const described = (settings: Settings): Record<string, string> => ({
    'output format': settings.to,
    'input format': settings.format ?? 'detected',
    'columns or key of pseudonyms': settings.reading,
    limit: String(settings.limit ?? 'none'),
    'unpublished comments': settings.includeUnpublished ? 'labelled' : 'skipped',
    model: identified(settings.model),
    policy: settings.policy ? identified(settings.policy) : 'none',
  });
  const old = described(before);
  for (const [name, value] of Object.entries(described(now)))
    if (old[name] !== value)
      refuse(
        'settings-changed',
        `The earlier run has another ${name} (${old[name]}) than this one (${value})`,
      );
}

const listed = (paths: readonly string[]) =>
  paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
const identified = (what: { name: string; version: string; digest: string }) =>
  `${what.name} ${what.version} ${what.digest.slice(0, 15)}…`;
