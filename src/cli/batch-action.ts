import { existsSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { extname } from 'node:path';
import { BatchError, UsageError } from '../errors';
import { createLabeler, workerCount } from '../label/labeler';
import { type ModelDescription, readModelFolder } from '../model/description';
import { modelFolder } from '../model/registry';
import { formatByName } from '../parse/index';
import { decide } from '../policy/decide';
import { loadPolicy } from '../policy/load';
import type { Diagnostic } from '../types';
import type { BatchOptions } from './batch';
import { readCheckpoint, requireSameSettings, type Settings } from './batch-checkpoint';
import { checkpointOf, fileOutput, partOf, standardOutput } from './batch-output';
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
  const { output } = options;
  const toFile = output !== '-';
  if (!toFile && (options.resume || options.restart))
    throw new UsageError('What goes to stdout cannot be resumed; give a file with -o.');
  if (options.resume && options.restart) throw new UsageError('Give --resume or --restart, not both.');
  const own = toFile ? [output, partOf(output), checkpointOf(output)] : [];
  const inputs = await findInputs(patterns, own);
  if (inputs.length === 0) throw new UsageError('No input is left but the output itself.');

  if (options.format !== undefined) formatByName(options.format);
  const parseOptions = parseOptionsOf(options, toFile);
  // Found out now and not after a night's work, when the part file takes the name.
  if (toFile && statSync(output, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`${output} is a folder; give the file to write.`);

  const { description, digest } = await readModelFolder(modelFolder(options.model));
  const policy =
    options.policy === undefined
      ? undefined
      : await loadPolicy(options.policy, { known: namesOf(description) });
  const settings: Settings = {
    inputs,
    to: options.to ?? (extname(output).toLowerCase() === '.csv' ? 'csv' : 'jsonl'),
    format: options.format ?? null,
    reading: fingerprintOf(parseOptions),
    limit: options.limit ?? null,
    includeUnpublished: options.includeUnpublished ?? false,
    model: { name: description.name, version: description.version, digest },
    policy: policy ? { name: policy.name, version: policy.version, digest: policy.digest } : null,
  };

  const checkpoint = toFile ? await unfinishedRun(output, options) : undefined;
  if (checkpoint === 'done') return;
  if (checkpoint) requireSameSettings(checkpoint.settings, settings);

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
        onFailure: (_, error) => diagnostics.fail(error),
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
async function unfinishedRun(output: string, options: BatchOptions) {
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
  if (checkpoint.complete && !existsSync(part) && existsSync(output)) {
    await rm(path, { force: true });
    if (!options.resume) return undefined;
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
  return checkpoint;
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
