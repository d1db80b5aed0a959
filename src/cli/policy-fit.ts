import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { InputError } from '../errors';
import { readGold } from '../evaluate/gold';
import { createLabeler } from '../label/labeler';
import { type Aim, type FittedThreshold, fitThresholds, type ScoredGold } from '../policy/fit';
import { definePolicy } from '../policy/load';
import type { PolicyInput } from '../policy/schema';
import type { Interval } from '../statistics/bootstrap';
import type { GoldRow } from '../types';
import { grouped } from './batch-progress';
import { readLabelledRows } from './labelled-rows';
import type { FitCommandOptions } from './policy';
import { readJsonRows } from './rows';
import { renderTable } from './table';
import { colorsFor } from './terminal';

/** `moderato policy fit`: thresholds that reach an aim on gold, with intervals. */
export async function fitPolicy(options: FitCommandOptions): Promise<void> {
  const gold = readGold(await readJsonRows(options.gold)).rows;
  const scores = options.predictions ? await readScores(options.predictions) : await label(gold, options);
  const rows: ScoredGold[] = gold.flatMap((row) => {
    const attributes = scores.get(row.id);
    if (!attributes || !row.gold.toxicity) return [];
    return [
      { gold: row.gold.toxicity, scores: attributes, ...(row.group !== undefined && { group: row.group }) },
    ];
  });
  if (rows.length === 0)
    throw new InputError(`${options.gold}: no row has both a judgement of toxicity and scores.`, {
      code: 'input-malformed',
    });
  const fitted = fitThresholds(rows, options.aim, { seed: options.seed });
  if (options.output) await writePolicy(options.output, options, fitted);
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ aim: options.aim, comments: rows.length, attributes: fitted }, null, 2)}\n`
      : `${shown(fitted, options, rows.length)}\n`,
  );
  if (gold.length > rows.length)
    process.stderr.write(
      `${grouped(gold.length - rows.length)} of ${grouped(gold.length)} gold rows have no scores or no judgement of toxicity.\n`,
    );
}

type Scores = Map<string, Record<string, number>>;

async function readScores(path: string): Promise<Scores> {
  const scores: Scores = new Map();
  for await (const row of readLabelledRows(path)) {
    if (row.status !== 'labelled') continue;
    if (scores.has(row.id))
      throw new InputError(`${path}: the id "${row.id}" occurs twice; every id must occur once.`, {
        code: 'input-malformed',
      });
    scores.set(row.id, row.labels.toxicity.attributes);
  }
  return scores;
}

async function label(gold: readonly GoldRow[], options: FitCommandOptions): Promise<Scores> {
  const labeler = createLabeler({
    ...(options.model !== undefined && { model: options.model }),
    ...(options.threads !== undefined && { threads: options.threads }),
  });
  const scores: Scores = new Map();
  for await (const outcome of labeler.stream(gold.map(({ id, text }) => ({ id, text }))))
    if (outcome.status === 'labelled') scores.set(outcome.id, outcome.labels.toxicity.attributes);
  await labeler.dispose();
  return scores;
}

function shown(fitted: readonly FittedThreshold[], options: FitCommandOptions, comments: number): string {
  const colors = colorsFor(process.stdout);
  const rows = fitted.flatMap(({ attribute, positives, fit: found }) =>
    found
      ? [
          [
            attribute,
            grouped(positives),
            // In full, as it is written into the policy: rounded, it would miss the aim.
            `${found.threshold}${range(found.intervals.threshold, (bound) => String(Number(bound.toPrecision(2))))}`,
            `${share(found.precision)}${range(found.intervals.precision, share)}`,
            `${share(found.recall)}${range(found.intervals.recall, share)}`,
            `${(100 * found.flagged).toFixed(1)}%`,
          ],
        ]
      : [],
  );
  const columns = [
    { head: 'Attribute', width: Math.max(9, ...fitted.map(({ attribute }) => attribute.length)) },
    { head: 'Positives', width: 9, align: 'right' as const },
    { head: 'Threshold', width: Math.max(9, ...rows.map(([, , threshold]) => threshold!.length)) },
    { head: 'Precision', width: 16 },
    { head: 'Recall', width: 16 },
    { head: 'Flagged', width: 7, align: 'right' as const },
  ].map((column) => ({ ...column, head: colors.bold(column.head) }));
  const problems = fitted.flatMap(({ attribute, problem }) =>
    problem ? [`  ${attribute}: ${problem}`] : [],
  );
  const unsure = fitted.flatMap(({ attribute, fit: found }) =>
    found && found.reached < 0.95
      ? [`  ${attribute}: only ${Math.round(100 * found.reached)}% of the resamples reach the aim at all`]
      : [],
  );
  return [
    `Thresholds for ${aimText(options.aim)}, from ${grouped(comments)} hand-labelled comments; 95% intervals by bootstrap`,
    ...(rows.length > 0 ? ['', renderTable(columns, rows).replace(/^(?=.)/gm, '  ')] : []),
    ...(problems.length > 0 ? ['', 'No threshold:', ...problems] : []),
    ...(unsure.length > 0 ? ['', 'Not to be relied on:', ...unsure] : []),
  ].join('\n');
}

const share = (figure: number) => figure.toFixed(2);
const range = (interval: Interval | undefined, figure: (bound: number) => string) =>
  interval ? ` (${figure(interval.low)}–${figure(interval.high)})` : '';

const aimText = (aim: Aim) => `${aim.metric} ≥ ${aim.value}`;

async function writePolicy(
  path: string,
  options: FitCommandOptions,
  fitted: readonly FittedThreshold[],
): Promise<void> {
  const rules = fitted.flatMap(({ attribute, fit: found }): PolicyInput['rules'] =>
    found
      ? [
          {
            name: attribute.replaceAll('_', '-'),
            when: { toxicity: { [attribute]: { atLeast: found.threshold } } },
            action: 'review',
          },
        ]
      : [],
  );
  if (rules.length === 0)
    throw new InputError('No threshold reaches the aim, so there is no policy to write.', {
      code: 'input-malformed',
    });
  const policy: PolicyInput = {
    name: 'fitted',
    version: '1',
    description: `Thresholds for ${aimText(options.aim)} on ${options.gold}. Read it, name it, and change what shall be rejected.`,
    rules,
    default: 'approve',
  };
  definePolicy(policy);
  await writeFile(path, stringify(policy, { lineWidth: 100 })).catch((cause: Error) => {
    throw new InputError(`${path} cannot be written: ${cause.message}`, { code: 'input-unreadable', cause });
  });
}
