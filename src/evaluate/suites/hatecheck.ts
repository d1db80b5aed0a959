import { EvaluationError } from '../../errors';
import type { GoldRow } from '../../types';
import { csvRecords, findFile, probabilityIn, readText, requireColumns } from './files';
import type { PredictionRow, SuiteOptions } from './suites';

/**
 * HateCheck's `test_suite_cases.csv`, or its `all_cases.csv`.
 *
 * "Hateful" is gold for `identity_attack` unless `attribute` names another: that is the attribute that its authors asked
 * Perspective for. Cases made from one template are one group.
 */
export async function loadHateCheck(path: string, options: SuiteOptions): Promise<GoldRow[]> {
  const attribute = options.attribute ?? 'identity_attack';
  const file = await findFile(path, ['test_suite_cases.csv'], 'test_suite_cases.csv');
  const records = csvRecords(await readText(file), file);
  requireColumns(records[0], ['functionality', 'case_id', 'test_case', 'label_gold'], file);
  return records.map((record, index) => {
    const label = record.label_gold!.trim();
    if (label !== 'hateful' && label !== 'non-hateful')
      throw new EvaluationError(
        `${file}: record ${index + 1} has the label "${label}"; expected hateful or non-hateful.`,
        {
          code: 'suite-invalid',
          place: { record: index + 1 },
        },
      );
    const template = record.templ_id?.trim();
    return {
      id: record.case_id!,
      text: record.test_case!,
      ...(template ? { group: `template ${template}` } : {}),
      functionality: record.functionality!,
      ...(record.target_ident ? { target: record.target_ident } : {}),
      ...(record.direction ? { direction: record.direction } : {}),
      gold: { toxicity: { [attribute]: label === 'hateful' ? 1 : 0 } },
    };
  });
}

/** A CSV with `case_id` and `prediction`: hateful, non-hateful, or the probability of hateful. */
export async function loadHateCheckPredictions(
  path: string,
  _: readonly GoldRow[],
  options: SuiteOptions,
): Promise<PredictionRow[]> {
  const attribute = options.attribute ?? 'identity_attack';
  const records = csvRecords(await readText(path), path);
  requireColumns(records[0], ['case_id', 'prediction'], path);
  return records.map((record, index) => {
    const said = record.prediction!.trim();
    const answer =
      said === 'hateful' || said === 'non-hateful'
        ? { label: said === 'hateful' }
        : probabilityIn(record, 'prediction', index, path);
    return {
      id: record.case_id!,
      status: 'labelled',
      labels: { toxicity: { attributes: { [attribute]: answer } } },
    };
  });
}
