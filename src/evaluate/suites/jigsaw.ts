import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EvaluationError } from '../../errors';
import type { GoldRow } from '../../types';
import { csvRecords, findFile, isFile, probabilityIn, readText, requireColumns } from './files';
import type { PredictionRow } from './suites';

/** Column names of the competitions and of the data set on its own, and the attributes they stand for. */
const attributeOf: Readonly<Record<string, string>> = {
  target: 'toxicity',
  toxicity: 'toxicity',
  toxic: 'toxicity',
  severe_toxicity: 'severe_toxicity',
  severe_toxic: 'severe_toxicity',
  obscene: 'profanity',
  threat: 'threat',
  insult: 'insult',
  identity_attack: 'identity_attack',
  identity_hate: 'identity_attack',
  sexual_explicit: 'sexually_explicit',
};

const identities = new Set(
  (
    'male female transgender other_gender heterosexual homosexual_gay_or_lesbian bisexual other_sexual_orientation ' +
    'christian jewish muslim hindu buddhist atheist other_religion black white asian latino other_race_or_ethnicity ' +
    'physical_disability intellectual_or_learning_disability psychiatric_or_mental_illness other_disability'
  ).split(' '),
);

/**
 * CSVs of Civil Comments and of the Jigsaw competitions of 2018 and 2019.
 *
 * Shares of raters of at least one half are 1, as the competitions count them. Identities that at least half of the
 * raters saw are in `identities`; comments under one article are one group. Of 2018's `test.csv` the labels are read
 * from `test_labels.csv` beside it, and comments without a label (−1) are left out.
 */
export async function loadJigsaw(path: string): Promise<GoldRow[]> {
  const file = await findFile(
    path,
    (name) => /^(test|all_data|train|validation|.*expanded)\.csv$/.test(name),
    'a CSV of comments with their labels',
  );
  const records = csvRecords(await readText(file), file);
  const [first] = records;
  const textColumn = first && 'comment_text' in first ? 'comment_text' : 'text';
  requireColumns(first, [textColumn], file);
  const labels = await labelsBeside(file, first!);
  const columns = Object.keys(labels?.values().next().value ?? first!).filter(
    (column) => column in attributeOf,
  );
  if (columns.length === 0)
    throw new EvaluationError(`${file} has no column of labels, for example toxicity or target.`, {
      code: 'suite-invalid',
    });

  return records.flatMap((record, index): GoldRow[] => {
    const id = record.id || String(index + 1);
    const source = labels ? labels.get(id) : record;
    if (source === undefined) return [];
    const toxicity: Record<string, 0 | 1> = {};
    for (const column of columns) {
      const value = source[column]!.trim() === '' ? Number.NaN : Number(source[column]);
      if (Number.isNaN(value) || value < 0) continue;
      toxicity[attributeOf[column]!] = value >= 0.5 ? 1 : 0;
    }
    if (Object.keys(toxicity).length === 0) return [];
    return [
      {
        id,
        text: record[textColumn]!,
        ...(record.article_id ? { group: `article ${record.article_id}` } : {}),
        identities: Object.keys(record).filter(
          (column) => identities.has(column) && Number(record[column]) >= 0.5,
        ),
        gold: { toxicity },
      },
    ];
  });
}

/**
 * A submission: `id` and `prediction` (toxicity, as in 2019), or `id` and a score for each attribute (as in 2018). Comments
 * that the competition did not count, and gold therefore lacks, are passed over.
 */
export async function loadJigsawPredictions(
  path: string,
  gold: readonly GoldRow[],
): Promise<PredictionRow[]> {
  const counted = new Set(gold.map(({ id }) => id));
  const all = csvRecords(await readText(path), path);
  const records = all.filter(({ id }) => id === undefined || counted.has(id));
  requireColumns(all[0], ['id'], path);
  const columns = Object.keys(all[0]!).filter(
    (column) => column === 'prediction' || Object.hasOwn(attributeOf, column),
  );
  if (columns.length === 0) requireColumns(all[0], ['prediction'], path);
  return records.map((record, index) => ({
    id: record.id!,
    status: 'labelled',
    labels: {
      toxicity: {
        attributes: Object.fromEntries(
          columns.map((column) => [
            attributeOf[column] ?? 'toxicity',
            probabilityIn(record, column, index, path),
          ]),
        ),
      },
    },
  }));
}

async function labelsBeside(
  file: string,
  first: Record<string, string>,
): Promise<Map<string, Record<string, string>> | undefined> {
  if (Object.keys(first).some((column) => column in attributeOf)) return undefined;
  const beside = join(dirname(file), 'test_labels.csv');
  if (!(await isFile(beside))) return undefined;
  const records = csvRecords(await readFile(beside, 'utf8'), beside);
  requireColumns(records[0], ['id'], beside);
  return new Map(records.map((record) => [record.id!, record]));
}
