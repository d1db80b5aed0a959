import { basename, join } from 'node:path';
import { EvaluationError } from '../../errors';
import type { GoldRow, StanceLabel } from '../../types';
import { isFile, isFolder, listFolder, readText } from './files';
import type { PredictionRow, SuiteOptions } from './suites';

const stances: readonly StanceLabel[] = ['none', 'against', 'favor'];

/** Binary tasks and the attributes that 1 is gold for. */
const attributes: Readonly<Record<string, string>> = { hate: 'identity_attack', offensive: 'toxicity' };

/**
 * TweetEval's folders: `datasets/stance/<target>/test_text.txt` and `test_labels.txt` (0 none, 1 against, 2 favor), and
 * `datasets/hate`, `datasets/offensive` (1 hateful, 1 offensive; the offensive task's `mapping.txt` has the two the wrong
 * way round in some copies, its labels do not). Ids are `<task>/<line>`, for example `stance/climate/1`.
 */
export async function loadTweetEval(path: string, options: SuiteOptions): Promise<GoldRow[]> {
  const split = options.split ?? 'test';
  const rows: GoldRow[] = [];
  for (const folder of await taskFolders(path, split))
    rows.push(...(await readTask(folder, split, options.attribute)));
  if (rows.length === 0)
    throw new EvaluationError(
      `${path} does not hold TweetEval's stance, hate or offensive task: there is no ${split}_text.txt with a ${split}_labels.txt in it.`,
      { code: 'suite-invalid' },
    );
  return rows;
}

async function taskFolders(path: string, split: string): Promise<string[]> {
  if (await isFile(join(path, `${split}_labels.txt`))) return [path];
  const found: string[] = [];
  for (const root of [path, join(path, 'datasets')]) {
    for (const task of ['hate', 'offensive'])
      if (await isFile(join(root, task, `${split}_labels.txt`))) found.push(join(root, task));
    const stance = (await isFolder(join(root, 'stance')))
      ? join(root, 'stance')
      : basename(root) === 'stance'
        ? root
        : undefined;
    if (stance === undefined || !(await isFolder(stance))) continue;
    for (const target of await listFolder(stance))
      if (await isFile(join(stance, target, `${split}_labels.txt`))) found.push(join(stance, target));
  }
  return found;
}

async function readTask(folder: string, split: string, attribute: string | undefined): Promise<GoldRow[]> {
  const name = basename(folder);
  const binary = Object.hasOwn(attributes, name);
  const task = binary ? name : `stance/${name}`;
  const texts = lines(await readText(join(folder, `${split}_text.txt`)));
  const labels = lines(await readText(join(folder, `${split}_labels.txt`)));
  if (texts.length !== labels.length)
    throw new EvaluationError(
      `${folder}: ${split}_text.txt has ${texts.length} lines, ${split}_labels.txt ${labels.length}; restore the folder.`,
      { code: 'suite-invalid' },
    );
  return texts.map((text, index): GoldRow => {
    const place = `${join(folder, `${split}_labels.txt`)}:${index + 1}`;
    const label = labelIn(labels[index]!, task, place, index + 1);
    return {
      id: `${task}/${index + 1}`,
      text: text.trim(),
      task,
      gold: binary
        ? { toxicity: { [attribute ?? attributes[name]!]: label as 0 | 1 } }
        : { stance: { [name]: stances[label]! } },
    };
  });
}

/**
 * The folder of published predictions, `hate.txt`, `offensive.txt` and `stance/<target>.txt` with the number of a label in
 * each line, or one of these files. Files of tasks that no gold row has are passed over.
 */
export async function loadTweetEvalPredictions(
  path: string,
  gold: readonly GoldRow[],
  options: SuiteOptions,
): Promise<PredictionRow[]> {
  const tasks = [...new Set(gold.map(({ task }) => String(task)))];
  const rows: PredictionRow[] = [];
  for (const task of tasks) {
    const name = task.replace(/^stance\//, '');
    const places = [join(path, `${task}.txt`), join(path, `${name}.txt`), path];
    const file = (await Promise.all(places.map(isFile))).indexOf(true);
    if (file === -1 || (places[file] === path && basename(path, '.txt') !== name)) continue;
    const labels = lines(await readText(places[file]!));
    const expected = gold.filter((row) => row.task === task).length;
    if (labels.length !== expected)
      throw new EvaluationError(
        `${places[file]} has ${labels.length} lines for the ${expected} tweets of ${task}; predictions are for another split.`,
        { code: 'suite-invalid' },
      );
    labels.forEach((line, index) => {
      const label = labelIn(line, task, `${places[file]}:${index + 1}`, index + 1);
      rows.push({
        id: `${task}/${index + 1}`,
        status: 'labelled',
        labels: Object.hasOwn(attributes, task)
          ? { toxicity: { attributes: { [options.attribute ?? attributes[task]!]: { label: label === 1 } } } }
          : { stance: { targets: { [name]: { label: stances[label]! } } } },
      });
    });
  }
  return rows;
}

function labelIn(line: string, task: string, place: string, number: number): number {
  const label = line.trim() === '' ? Number.NaN : Number(line);
  if (!Number.isInteger(label) || label < 0 || label >= (Object.hasOwn(attributes, task) ? 2 : 3))
    throw new EvaluationError(`${place}: the label is "${line.trim()}".`, {
      code: 'suite-invalid',
      place: { line: number },
    });
  return label;
}

/** Lines of a file; only `\n` ends one, since tweets hold other line separators. */
function lines(text: string): string[] {
  const all = text.replace(/^\ufeff/, '').split('\n');
  if (all.at(-1)!.trim() === '') all.pop();
  return all;
}
