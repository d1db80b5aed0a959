import { mkdir, open, writeFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { EvaluationError, InputError, UsageError } from '../errors';
import { buildReport } from '../evaluate/build-report';
import type { NamedPredictions } from '../evaluate/compare';
import { checkDrop, checkGates, type GateResult } from '../evaluate/gates';
import { readGold } from '../evaluate/gold';
import { junitReport } from '../evaluate/junit';
import { markdownReport } from '../evaluate/markdown';
import type { Report } from '../evaluate/report';
import {
  loadSuite,
  loadSuitePredictions,
  type SuiteOptions,
  suiteFor,
  suites,
} from '../evaluate/suites/suites';
import type { GoldRow } from '../types';
import { defaultMaxDrop, type EvalFlags } from './eval';
import { checkThresholds, statisticsOf } from './eval-options';
import { reportTables } from './eval-table';
import { readJsonDocument, readJsonRows } from './rows';

/** Does what `moderato eval` was asked for; sets exit status 3 where a gate is not met. */
export async function runEvaluation(flags: EvalFlags): Promise<void> {
  checkFlags(flags);
  const { gold, slices, title } = await readGoldRows(flags);
  checkThresholds(flags, readGold(gold).attributes);
  // Gates and reports go by names, so those of files and of classifiers are made distinct together.
  const names = distinctNames(flags.predictions ?? [], flags.classifier ?? []);
  const measured = [...(await readPredictionFiles(flags, gold)), ...(await runClassifiers(flags, gold))];
  const classifiers = measured.map((one, index) => ({ ...one, name: names[index]! }));
  const report = buildReport(classifiers, gold, {
    ...statisticsOf(flags),
    slices: [...new Set([...flags.slice, ...slices])],
    title: flags.title ?? title,
  });
  const gates = await checkAll(report, flags);
  await writeReports(report, gates, flags);
  process.stdout.write(
    flags.json ? `${JSON.stringify(report)}\n` : `${reportTables(report, gates, process.stdout)}\n`,
  );
  const failed = gates.filter(({ passed }) => !passed);
  for (const { classifier, metric, value, requirement } of failed)
    process.stderr.write(
      `moderato: ${classifier}: ${metric} is ${value ?? 'undefined'}, required ${requirement}\n`,
    );
  if (failed.length > 0) process.exitCode = 3;
}

function checkFlags(flags: EvalFlags): void {
  if ((flags.gold === undefined) === (flags.suite === undefined))
    throw new UsageError('Give the gold rows with --gold FILE, or a published suite with --suite NAME PATH.');
  if (flags.suite !== undefined && flags.suite.length !== 2)
    throw new UsageError(`--suite takes a name and a path; names: ${Object.keys(suites).join(', ')}.`);
  if (flags.suite === undefined && (flags.split ?? flags.attribute) !== undefined)
    throw new UsageError('--split and --attribute are for --suite NAME PATH; leave them out.');
  if (flags.suite !== undefined) {
    const [name] = flags.suite;
    asUsage(() => suiteFor(name!, suiteOptions(flags)));
  }
  if (flags.maxDrop !== undefined && flags.baseline === undefined)
    throw new UsageError('--max-drop says how far below --baseline REPORT figures may be; give both.');
  if (!flags.predictions?.length && !flags.classifier?.length)
    throw new UsageError(
      'Give predictions with --predictions FILE, or name a classifier with --classifier NAME.',
    );
  if ([flags.gold, flags.baseline, ...(flags.predictions ?? [])].filter((file) => file === '-').length > 1)
    throw new UsageError('Only one file can come from stdin.');
}

async function readGoldRows(
  flags: EvalFlags,
): Promise<{ gold: unknown[]; slices: readonly string[]; title: string }> {
  if (flags.suite === undefined) {
    const gold = await named(flags.gold!, async () => {
      const rows = await readJsonRows(flags.gold!);
      readGold(rows);
      return rows;
    });
    return { gold, slices: [], title: `Evaluation on ${basename(flags.gold!)}` };
  }
  const [name, path] = flags.suite;
  const gold = await loadSuite(name!, path!, suiteOptions(flags));
  const slices = suites[name!]!.slices.filter((field) => gold.some((row) => hasValue(row[field])));
  return { gold, slices, title: suites[name!]!.title };
}

const suiteOptions = ({ split, attribute }: EvalFlags): SuiteOptions => ({
  ...(split !== undefined && { split }),
  ...(attribute !== undefined && { attribute }),
});

const hasValue = (value: unknown) =>
  Array.isArray(value) ? value.length > 0 : value !== undefined && value !== '';

async function readPredictionFiles(flags: EvalFlags, gold: readonly unknown[]): Promise<NamedPredictions[]> {
  return Promise.all(
    (flags.predictions ?? []).map(async (file) => ({
      name: file,
      predictions:
        flags.suite === undefined || (await holdsJson(file))
          ? await readJsonRows(file)
          : await loadSuitePredictions(flags.suite[0]!, file, gold as GoldRow[], suiteOptions(flags)),
    })),
  );
}

/** Whether a file holds rows as `moderato label` prints them; a suite's predictions may be a folder, a CSV or bare lines. */
async function holdsJson(path: string): Promise<boolean> {
  if (path === '-') return true;
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return true;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(64) });
    return /^\uFEFF?\s*[[{]/.test(buffer.toString('utf8', 0, bytesRead));
  } catch {
    return false;
  } finally {
    await file.close();
  }
}

/**
 * What reports call files, and classifiers beside them: file names without folder and ending, so that columns and headings
 * stay short, or paths where those are not distinct. What then still has an earlier one's name gets a number.
 */
export function distinctNames(files: readonly string[], classifiers: readonly string[] = []): string[] {
  const short = files.map((file) =>
    file === '-' ? 'stdin' : basename(file).replace(/\.(jsonl|ndjson|json|txt|csv|tsv)$/, ''),
  );
  const isDistinct = new Set([...short, ...classifiers]).size === short.length + new Set(classifiers).size;
  const names = new Set<string>();
  for (const name of [...(isDistinct ? short : files), ...classifiers]) {
    let distinct = name;
    for (let number = 2; names.has(distinct); number++) distinct = `${name} (${number})`;
    names.add(distinct);
  }
  return [...names];
}

async function runClassifiers(flags: EvalFlags, gold: readonly unknown[]): Promise<NamedPredictions[]> {
  if (!flags.classifier?.length) return [];
  const { classify, createClassifier } = await import('../classifiers/registry');
  const checked = readGold(gold);
  const results: NamedPredictions[] = [];
  for (const name of flags.classifier) {
    const classifier = await createClassifier(name, {
      gold: checked,
      allowRemote: flags.allowRemote ?? false,
      readRows: readJsonRows,
    });
    try {
      const predictions = await classify(classifier, checked.rows);
      results.push({
        name,
        predictions,
        ...(classifier.thresholds !== undefined && { thresholds: classifier.thresholds }),
      });
    } finally {
      await classifier.dispose?.();
    }
  }
  return results;
}

async function checkAll(report: Report, flags: EvalFlags): Promise<GateResult[]> {
  const earlier = flags.baseline === undefined ? undefined : await readReport(flags.baseline);
  return asUsage(() => [
    ...checkGates(report, [...flags.failUnder, ...flags.failOver]),
    ...(earlier === undefined ? [] : checkDrop(report, earlier, flags.maxDrop ?? defaultMaxDrop)),
  ]);
}

/** What the library calls a wrong name or option was written on the command line. */
function asUsage<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (
      EvaluationError.isInstance(error) &&
      ['unknown-metric', 'unknown-suite', 'options-invalid'].includes(error.code)
    )
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

async function readReport(path: string): Promise<Report> {
  const report = (await readJsonDocument(path)) as Partial<Report> | null;
  if (report?.kind !== 'report' || report.schemaVersion !== 1)
    throw new InputError(`${path} is not a report that "moderato eval --json" printed (schemaVersion 1).`, {
      code: 'input-malformed',
    });
  return report as Report;
}

async function writeReports(report: Report, gates: readonly GateResult[], flags: EvalFlags): Promise<void> {
  if (flags.html !== undefined) {
    const { htmlReport } = await import('../evaluate/html');
    await write(flags.html, await htmlReport(report, gates));
  }
  if (flags.markdown !== undefined) await write(flags.markdown, markdownReport(report, gates));
  if (flags.junit !== undefined) await write(flags.junit, junitReport(report, gates));
}

async function write(path: string, content: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  } catch (cause) {
    throw new InputError(`${path} cannot be written: ${(cause as Error).message}`, {
      code: 'input-unreadable',
      cause,
    });
  }
}

/** Errors in rows should say which file the rows are from. */
export async function named<Result>(file: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (!EvaluationError.isInstance(error)) throw error;
    throw new EvaluationError(`${file}: ${error.message}`, { code: error.code, cause: error });
  }
}
