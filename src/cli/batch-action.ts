import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { BatchError, ModeratoError, UsageError } from '../errors';
import { createLabeler, workerCount } from '../label/labeler';
import { type ModelDescription, readModelFolder } from '../model/description';
import { modelFolder } from '../model/registry';
import { formatByName } from '../parse/index';
import { decide } from '../policy/decide';
import { loadPolicy } from '../policy/load';
import type { Diagnostic } from '../types';
import type { BatchOptions } from './batch';
import {
  type Checkpoint,
  type FailedInput,
  readCheckpoint,
  requireSameSettings,
  type Settings,
} from './batch-checkpoint';
import { checkpointOf, fileOutput, outputFile, partOf, standardOutput } from './batch-output';
import { grouped, type Progress, progressOn } from './batch-progress';
import { csv, jsonLines } from './batch-rows';
import { runBatch } from './batch-run';
import { findInputs, readInputs } from './batch-sources';
import { summaryLines } from './batch-tally';
import { reportFailure } from './failures';
import { diagnosticLine } from './parse';
import { fingerprintOf, parseOptionsOf } from './parse-options';

/** Texts whose outcomes are remembered: some twenty megabytes. */
const cacheSize = 10_000;

/** Diagnostics of one input that are printed; the rest are counted. */
const printedDiagnostics = 10;

/** What `moderato batch` does. */
export async function batch(patterns: string[], options: BatchOptions): Promise<void> {
  const toFile = options.output !== '-';
  if (!toFile && (options.resume || options.restart))
    throw new UsageError('What goes to stdout cannot be resumed; give a file with -o.');
  if (options.resume && options.restart) throw new UsageError('Give --resume or --restart, not both.');
  const output = toFile ? await outputFile(options.output) : options.output;
  const own = toFile ? [output, partOf(output), checkpointOf(output)] : [];
  const inputs = await findInputs(patterns, own);
  if (inputs.length === 0) throw new UsageError('No input is left but the output itself.');

  if (options.format !== undefined) formatByName(options.format);
  const parseOptions = parseOptionsOf(options, toFile);

  const { description, digest } = await readModelFolder(modelFolder(options.model));
  const policy =
    options.policy === undefined
      ? undefined
      : await loadPolicy(options.policy, { known: namesOf(description) });
  const settings: Settings = {
    inputs,
    to: options.to ?? (extname(options.output).toLowerCase() === '.csv' ? 'csv' : 'jsonl'),
    format: options.format ?? null,
    reading: fingerprintOf(parseOptions),
    limit: options.limit ?? null,
    includeUnpublished: options.includeUnpublished ?? false,
    model: { name: description.name, version: description.version, digest },
    policy: policy ? { name: policy.name, version: policy.version, digest: policy.digest } : null,
  };

  const checkpoint = toFile ? await unfinishedRun(output, options, settings) : undefined;
  if (checkpoint === 'done') return;
  // Where the limit was reached, the inputs are not read again and cannot fail again.
  const failed: FailedInput[] = checkpoint && isRead(checkpoint) ? [...checkpoint.failed] : [];
  reportAgain(failed);

  const workers = workerCount(options.workers);
  const labeler = createLabeler({
    workers,
    includeUnpublished: settings.includeUnpublished,
    ...(options.model !== undefined && { model: options.model }),
    ...(options.threads !== undefined && { threads: options.threads }),
  });
  const done = checkpoint?.tally.comments ?? 0;
  const progress = await progressOn(process.stderr, done);
  const interruption = stopOnSignals();
  const format = settings.to === 'csv' ? csv(description, policy !== undefined) : jsonLines;
  const size = inputs.some((input) => input.size === undefined)
    ? undefined
    : inputs.reduce((sum, input) => sum + input.size!, 0);
  const diagnostics = diagnosticPrinter(progress);
  const started = performance.now();
  let latest = done;
  try {
    // Before the first byte is written: a model that cannot be loaded leaves no half-begun run.
    await labeler.load();
    const tally = await runBatch(
      readInputs(inputs, parseOptions, {
        onDiagnostic: diagnostics.print,
        onFailure: (path, error) => {
          if (failed.some((known) => known.path === path)) return;
          diagnostics.fail(error);
          failed.push(failedInput(path, error));
        },
      }),
      {
        settings,
        labeler,
        parallel: Math.max(1, workers),
        format,
        output: toFile ? await fileOutput(output, checkpoint?.bytes ?? 0) : standardOutput(),
        ...(policy && { decide: (outcome) => decide(outcome, policy) }),
        cacheSize,
        signal: interruption.signal,
        failed,
        ...(checkpoint && { from: checkpoint }),
        onProgress({ comments }, bytes) {
          latest = comments;
          if (!options.quiet)
            progress.update(comments, fractionOf(comments, bytes, size, settings.limit ?? undefined));
        },
      },
    );
    progress.stop();
    diagnostics.summarize();
    const circumstances = {
      output,
      inputs: inputs.length,
      seconds: (performance.now() - started) / 1000,
      done: tally.comments - done,
      unreadable: diagnostics.lost(),
    };
    if (!options.quiet)
      for (const line of summaryLines(tally, circumstances)) process.stderr.write(`${line}\n`);
    await labeler.dispose();
  } catch (error) {
    progress.stop();
    if (!interruption.signal.aborted) {
      reportFailure(error);
      process.exit(process.exitCode ?? 1);
    }
    process.stderr.write(`Stopped after ${grouped(latest)} comments.`);
    process.stderr.write(toFile ? ` Go on with:\n  ${resumeCommand()}\n` : '\n');
    process.exit(interruption.status());
  }
}

const namesOf = (description: ModelDescription) => ({
  attributes: description.toxicity.attributes.map((attribute) => attribute.name),
  targets: description.stance.targets.map((target) => target.name),
});

/** What stands beside the output: nothing, a run to go on with, or no more than a rename. */
async function unfinishedRun(
  output: string,
  options: BatchOptions,
  settings: Settings,
): Promise<Checkpoint | 'done' | undefined> {
  const [part, path] = [partOf(output), checkpointOf(output)];
  if (options.restart) {
    await Promise.all([rm(part, { force: true }), rm(path, { force: true })]);
    return undefined;
  }
  const checkpoint = await readCheckpoint(path);
  if (!checkpoint) {
    if (!options.resume) return undefined;
    if (existsSync(output)) {
      process.stderr.write(`${output} is whole: there is no unfinished run to go on with.\n`);
      return 'done';
    }
    return undefined;
  }
  if (checkpoint.complete && !existsSync(part)) {
    const whole = existsSync(output);
    if (options.resume && whole && checkpoint.failed.length > 0) {
      requireSameSettings(checkpoint.settings, settings);
      reportAgain(checkpoint.failed);
      process.stderr.write(wholeButFor(output, checkpoint.failed));
      return 'done';
    }
    await rm(path, { force: true });
    // An output that somebody has taken away is made anew.
    if (!options.resume || !whole) return undefined;
    process.stderr.write(`${output} is whole: ${grouped(checkpoint.tally.comments)} comments.\n`);
    return 'done';
  }
  if (!options.resume)
    throw new BatchError(
      `${part} is an unfinished run of ${output} (${grouped(checkpoint.tally.comments)} comments are done); ` +
        '--resume goes on with it, --restart begins anew.',
      { code: 'unfinished-run' },
    );
  if (!existsSync(part))
    throw new BatchError(`${path} is there, but ${part} is not; --restart begins anew.`, {
      code: 'nothing-to-resume',
    });
  requireSameSettings(checkpoint.settings, settings);
  return checkpoint;
}

/** Whether a run has taken from its inputs all that it will. */
const isRead = ({ complete, tally, settings }: Checkpoint) =>
  complete || tally.comments >= (settings.limit ?? Number.POSITIVE_INFINITY);

function failedInput(path: string, error: unknown): FailedInput {
  const code = ModeratoError.isInstance(error) ? error.code : 'unexpected';
  return { path, code, message: error instanceof Error ? error.message : String(error) };
}

/** Says of inputs that an earlier run could not read what that run said, and exits as it did. */
function reportAgain(failed: readonly FailedInput[]): void {
  for (const { path, code, message } of failed)
    reportFailure(new ModeratoError(message, { code, place: { source: path } }));
}

function wholeButFor(output: string, failed: readonly FailedInput[]): string {
  const inputs = failed.length === 1 ? '1 input' : `${failed.length} inputs`;
  return `${output} is whole but for ${inputs} that could not be read; --restart begins anew.\n`;
}

function fractionOf(comments: number, bytes: number, size: number | undefined, limit: number | undefined) {
  const ofSize = size ? Math.min(1, bytes / size) : undefined;
  if (limit === undefined) return ofSize;
  return Math.max(ofSize ?? 0, comments / limit);
}

/** An abort signal that the first Ctrl-C, hang-up or SIGTERM sets off; the second one ends the process. */
function stopOnSignals(): { signal: AbortSignal; status(): number } {
  const controller = new AbortController();
  let status = 130;
  for (const [name, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const)
    process.on(name, () => {
      status = 128 + number;
      if (controller.signal.aborted) process.exit(status);
      controller.abort(new Error(name));
      // A disk or pipe that does not take the last rows must not hold up the end.
      setTimeout(() => process.exit(status), 1500).unref();
    });
  return { signal: controller.signal, status: () => status };
}

function diagnosticPrinter(progress: Progress) {
  const say = (line: string) => progress.beside(() => void process.stderr.write(`${line}\n`));
  const printed = new Map<string, number>();
  let entriesLost = 0;
  return {
    print(source: string, diagnostic: Diagnostic): void {
      entriesLost += diagnostic.lost;
      const number = (printed.get(source) ?? 0) + 1;
      printed.set(source, number);
      if (number <= printedDiagnostics) say(`${source}: ${diagnosticLine(diagnostic)}`);
    },
    fail(error: unknown): void {
      progress.beside(() => reportFailure(error));
    },
    summarize(): void {
      for (const [source, number] of printed)
        if (number > printedDiagnostics)
          say(`${source}: and ${grouped(number - printedDiagnostics)} more remarks on entries of this input`);
    },
    lost: () => entriesLost,
  };
}

/** The command line that was given, to be given again. */
function resumeCommand(): string {
  const words = process.argv.slice(2).filter((word) => word !== '--restart' && word !== '--resume');
  return ['moderato', ...words, '--resume'].map(shellWord).join(' ');
}

const shellWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
