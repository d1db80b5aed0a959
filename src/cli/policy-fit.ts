import { writeFile } from 'node:fs/promises';
import { stringify } from 'yaml';
import { InputError } from '../errors';
import { createLabeler } from '../label/labeler';
import { type Aim, type FittedThreshold, fitThresholds, type ScoredGold } from '../policy/fit';
import { definePolicy } from '../policy/load';
import type { PolicyInput } from '../policy/schema';
import type { Interval } from '../statistics/bootstrap';
import { GoldRow } from '../types';
import { grouped } from './batch-progress';
import { jsonLinesOf, readLabelledRows } from './labelled-rows';
import type { FitCommandOptions } from './policy';
import { renderTable } from './table';
import { colorsFor } from './terminal';

/** `moderato policy fit`: thresholds that reach an aim on gold, with intervals. */
export async function fitPolicy(options: FitCommandOptions): Promise<void> {
  const gold = await readGold(options.gold);
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

async function readGold(path: string): Promise<GoldRow[]> {
  const rows: GoldRow[] = [];
  for await (const { line, value } of jsonLinesOf(path)) {
    const parsed = GoldRow.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0]!;
      throw new InputError(`${path}:${line}: not a gold row: ${issue.path.join('.')}: ${issue.message}`, {
        code: 'input-malformed',
      });
    }
    rows.push(parsed.data);
  }
  if (rows.length === 0) throw new InputError(`${path} holds no rows.`, { code: 'input-empty' });
  return rows;
}

type Scores = Map<string, Record<string, number>>;

async function readScores(path: string): Promise<Scores> {
  const scores: Scores = new Map();
  for await (const row of readLabelledRows(path))
    if (row.status === 'labelled') scores.set(row.id, row.labels.toxicity.attributes);
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
  const within = (figure: number, interval: Interval | undefined) =>
    `${figure.toFixed(2)}${interval ? ` (${interval.low.toFixed(2)}–${interval.high.toFixed(2)})` : ''}`;
  const columns = [
    { head: 'Attribute', width: Math.max(9, ...fitted.map(({ attribute }) => attribute.length)) },
    { head: 'Positives', width: 9, align: 'right' as const },
    { head: 'Threshold', width: 16 },
    { head: 'Precision', width: 16 },
    { head: 'Recall', width: 16 },
    { head: 'Flagged', width: 7, align: 'right' as const },
  ].map((column) => ({ ...column, head: colors.bold(column.head) }));
  const rows = fitted.flatMap(({ attribute, positives, fit: found }) =>
    found
      ? [
          [
            attribute,
            grouped(positives),
            within(found.threshold, found.intervals.threshold),
            within(found.precision, found.intervals.precision),
            within(found.recall, found.intervals.recall),
            `${(100 * found.flagged).toFixed(1)}%`,
          ],
        ]
      : [],
  );
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
            when: { toxicity: { [attribute]: { atLeast: Math.ceil(found.threshold * 1e4) / 1e4 } } },
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
