import { EvaluationError } from '../../errors';
import type { GoldRow, StanceLabel } from '../../types';
import { csvRecords, findFile, readText, requireColumns } from './files';
import type { PredictionRow } from './suites';

const labels: Readonly<Record<string, StanceLabel>> = { FAVOR: 'favor', AGAINST: 'against', NONE: 'none' };

/**
 * The gold files of SemEval-2016 task 6: tab-separated with ID, Target, Tweet and Stance, or the CSV of the stance data
 * set's page (Tweet, Target, Stance). Targets keep their full names.
 */
export async function loadSemEval(path: string): Promise<GoldRow[]> {
  const file = await findFile(
    path,
    [/gold.*\.(txt|csv|tsv)$/i, /^test\.(csv|tsv|txt)$/i],
    'a gold file with the columns ID, Target, Tweet and Stance',
  );
  return (await readRows(file)).map(({ id, tweet, target, label }) => ({
    id,
    text: tweet,
    target,
    gold: { stance: { [target]: label } },
  }));
}

/** A submission, which has the columns of the gold file, its own answers under Stance. */
export async function loadSemEvalPredictions(path: string): Promise<PredictionRow[]> {
  return (await readRows(path)).map(({ id, target, label }) => ({
    id,
    status: 'labelled',
    labels: { stance: { targets: { [target]: { label } } } },
  }));
}

async function readRows(
  file: string,
): Promise<{ id: string; tweet: string; target: string; label: StanceLabel }[]> {
  const text = await readText(file);
  const records = text.split(/\r?\n/, 1)[0]!.includes('\t') ? tabRecords(text) : csvRecords(text, file);
  requireColumns(records[0], ['target', 'tweet', 'stance'], file);
  return records.map((record, index) => {
    const label = labels[record.stance!.trim().toUpperCase()];
    if (label === undefined)
      throw new EvaluationError(
        `${file}: record ${index + 1} has the stance "${record.stance}"; expected FAVOR, AGAINST or NONE.`,
        { code: 'suite-invalid', place: { record: index + 1 } },
      );
    return { id: record.id || String(index + 1), tweet: record.tweet!, target: record.target!, label };
  });
}

/** Tweets hold stray quotation marks, and this file gives them no meaning: a tab ends a cell, a line ends a record. */
function tabRecords(text: string): Record<string, string>[] {
  const [header, ...lines] = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  const columns = header!.split('\t').map((name) => name.trim().toLowerCase());
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
    });
}
