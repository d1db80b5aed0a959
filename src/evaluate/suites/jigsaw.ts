import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EvaluationError } from '../../errors';
import type { GoldRow } from '../../types';
import { csvRecords, findFile, isFile, probabilityIn, readText, requireColumns } from './files';
import type { PredictionRow, SuiteOptions } from './suites';

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

/** The identities with more than 500 comments in the test set: the competition's final score is over these alone. */
const identities = new Set(
  (
    'male female homosexual_gay_or_lesbian christian jewish muslim black white ' +
    'psychiatric_or_mental_illness'
  ).split(' '),
);

const otherIdentities = new Set(
  (
    'transgender other_gender heterosexual bisexual other_sexual_orientation hindu buddhist atheist other_religion ' +
    'asian latino other_race_or_ethnicity physical_disability intellectual_or_learning_disability other_disability'
  ).split(' '),
);

/**
 * CSVs of Civil Comments and of the Jigsaw competitions of 2018 and 2019.
 *
 * Shares of raters of at least one half are 1, as the competitions count them. Identities that at least half of the
 * raters saw are in `identities` where the competition's final score counts them, else in `otherIdentities`; comments
 * under one article are one group. Of 2018's `test.csv` the labels are read from `test_labels.csv` beside it, and
 * comments without a label (−1) are left out.
 *
 * Where a file has a column `split`, its rows of the split are read. The test split of 2019's folder is
 * `test_private_expanded.csv`, which the final places were given by.
 */
export async function loadJigsaw(path: string, options: SuiteOptions): Promise<GoldRow[]> {
  const split = options.split ?? 'test';
  const file = await findFile(
    path,
    filesOf(split),
    `a CSV of the split "${split}", for example ${split}.csv`,
  );
  const records = csvRecords(await readText(file), file);
  const [first] = records;
  const textColumn = first && 'comment_text' in first ? 'comment_text' : 'text';
  requireColumns(first, [textColumn], file);
  const labels = await labelsBeside(file, first!);
  const columns = Object.keys(labels?.values().next().value ?? first!).filter((column) =>
    Object.hasOwn(attributeOf, column),
  );
  if (columns.length === 0)
    throw new EvaluationError(`${file} has no column of labels, for example toxicity or target.`, {
      code: 'suite-invalid',
    });

  const identitiesOf = (record: Record<string, string>, among: ReadonlySet<string>) =>
    Object.keys(record).filter((column) => among.has(column) && Number(record[column]) >= 0.5);

  const mayBeMixed = options.split !== undefined || file !== path;
  return recordsOf(split, records, file, mayBeMixed).flatMap(({ record, number }): GoldRow[] => {
    const id = record.id || String(number);
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
        identities: identitiesOf(record, identities),
        otherIdentities: identitiesOf(record, otherIdentities),
        gold: { toxicity },
      },
    ];
  });
}

/**
 * Files of a folder that may hold a split, the preferred first. 2019's folder has a `test.csv` too, which has no labels:
 * the expanded files and `all_data.csv` go before it.
 */
const filesOf = (split: string): (string | RegExp)[] =>
  split === 'test' ? [/^test.*expanded\.csv$/, 'all_data.csv', 'test.csv'] : [`${split}.csv`, 'all_data.csv'];

const isNamedFor = (split: string, name: string) =>
  name === `${split}.csv` || (split === 'test' && /^test.*expanded\.csv$/.test(name));

/**
 * The records of a split, with their numbers in the file.
 *
 * @param mayBeMixed the file was not pointed to for the sake of all its rows
 * @throws EvaluationError `suite-invalid` where nothing tells the split's records from others
 */
function recordsOf(
  split: string,
  records: readonly Record<string, string>[],
  file: string,
  mayBeMixed: boolean,
): { record: Record<string, string>; number: number }[] {
  const numbered = records.map((record, index) => ({ record, number: index + 1 }));
  if (!Object.hasOwn(records[0]!, 'split')) {
    if (!mayBeMixed || isNamedFor(split, basename(file))) return numbered;
    throw new EvaluationError(
      `${file} has no column "split" to tell the split "${split}" by; give a file that is this split whole, and no split.`,
      { code: 'suite-invalid' },
    );
  }
  const kept = numbered.filter(({ record }) => record.split!.trim() === split);
  if (kept.length > 0) return kept;
  const splits = [...new Set(records.map((record) => record.split!.trim()))];
  throw new EvaluationError(
    `${file} has no comments of the split "${split}"; choose one that it has: ${splits.slice(0, 10).join(', ')}.`,
    { code: 'suite-invalid' },
  );
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
  if (Object.keys(first).some((column) => Object.hasOwn(attributeOf, column))) return undefined;
  const beside = join(dirname(file), 'test_labels.csv');
  if (!(await isFile(beside))) return undefined;
  const records = csvRecords(await readFile(beside, 'utf8'), beside);
  requireColumns(records[0], ['id'], beside);
  return new Map(records.map((record) => [record.id!, record]));
}
