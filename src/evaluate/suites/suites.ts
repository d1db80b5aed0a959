import { EvaluationError } from '../../errors';
import type { GoldRow, StanceLabel } from '../../types';
import { loadHateCheck, loadHateCheckPredictions } from './hatecheck';
import { loadJigsaw, loadJigsawPredictions } from './jigsaw';
import { loadSemEval, loadSemEvalPredictions } from './semeval';
import { loadTweetEval, loadTweetEvalPredictions } from './tweeteval';

/** A published test set in the form that its authors give it out in. */
export interface Suite {
  title: string;
  /** What the path has to be. */
  expects: string;
  /** The options that mean something for it; others are refused. */
  takes: readonly (keyof SuiteOptions)[];
  /** Fields of the gold rows that are worth slicing by. */
  slices: readonly string[];
  /** @throws EvaluationError `suite-invalid` where the path does not hold the suite */
  load(path: string, options: SuiteOptions): Promise<GoldRow[]>;
  /** What a file of predictions in the suite's own form has to be. */
  expectsPredictions: string;
  /** @throws EvaluationError `suite-invalid` where the path holds no predictions for these gold rows */
  loadPredictions(path: string, gold: readonly GoldRow[], options: SuiteOptions): Promise<PredictionRow[]>;
}

/** A row as `evaluate` reads it. */
export interface PredictionRow {
  id: string;
  status: 'labelled';
  labels: {
    stance?: { targets: Record<string, { label: StanceLabel }> };
    toxicity?: { attributes: Record<string, number | { label: boolean }> };
  };
}

export interface SuiteOptions {
  /** Part of Jigsaw or TweetEval: `train`, `validation` or `val`, `test`. @default 'test' */
  split?: string;
  /** Attribute that HateCheck's and TweetEval's labels are gold for; each suite has its own default. */
  attribute?: string;
}

/** Every suite that `moderato eval --suite NAME PATH` knows. */
export const suites: Readonly<Record<string, Suite>> = {
  hatecheck: {
    title: 'HateCheck [Röttger et al. 2021]',
    expects: 'test_suite_cases.csv, or the folder that holds it',
    takes: ['attribute'],
    slices: ['functionality', 'target'],
    load: loadHateCheck,
    expectsPredictions: 'a CSV with the columns case_id and prediction (hateful, non-hateful, or a score)',
    loadPredictions: loadHateCheckPredictions,
  },
  jigsaw: {
    title: 'Civil Comments and the Jigsaw toxicity competitions [Borkan et al. 2019]',
    expects: 'a CSV with the comments and their labels, or the folder of a competition',
    takes: ['split'],
    slices: ['identities', 'otherIdentities'],
    load: loadJigsaw,
    expectsPredictions:
      'a submission: a CSV with the columns id and prediction, or id and one for each attribute',
    loadPredictions: loadJigsawPredictions,
  },
  semeval: {
    title: 'SemEval-2016 task 6, stance in tweets [Mohammad et al. 2016]',
    expects: 'a file with the columns ID, Target, Tweet and Stance, or a folder that holds it',
    takes: [],
    slices: ['target'],
    load: loadSemEval,
    expectsPredictions: 'a submission: tab-separated with ID, Target, Tweet and Stance',
    loadPredictions: loadSemEvalPredictions,
  },
  tweeteval: {
    title: 'TweetEval: stance, hate and offensive [Barbieri et al. 2020]',
    expects: 'the folder "datasets", one task in it, or one stance target',
    takes: ['split', 'attribute'],
    slices: ['task'],
    load: loadTweetEval,
    expectsPredictions:
      'the folder "predictions", with hate.txt, offensive.txt and stance/<target>.txt, or one of these files',
    loadPredictions: loadTweetEvalPredictions,
  },
};

/**
 * Reads a published suite and turns it into gold rows.
 *
 * @param name `hatecheck`, `jigsaw`, `semeval` or `tweeteval`
 * @param path where the user keeps it; nothing is downloaded
 * @throws EvaluationError `unknown-suite`, `suite-invalid`, `options-invalid` for an option that the suite does not take
 *
 * @example
 * const gold = await loadSuite('hatecheck', 'hatecheck-data/test_suite_cases.csv');
 * gold[0].functionality; // 'derog_neg_emote_h'
 */
export async function loadSuite(name: string, path: string, options: SuiteOptions = {}): Promise<GoldRow[]> {
  const suite = suiteFor(name, options);
  const rows = await suite.load(path, options);
  if (rows.length === 0)
    throw new EvaluationError(`${path} holds no labelled comments; expected ${suite.expects}.`, {
      code: 'suite-invalid',
    });
  return rows;
}

/**
 * Reads predictions for a suite in the form in which they are published or submitted, and turns them into prediction rows.
 *
 * @param path the file or folder of predictions
 * @param gold the rows of `loadSuite`, which name what is predicted
 * @throws EvaluationError `unknown-suite`, `suite-invalid`, `options-invalid` for an option that the suite does not take
 *
 * @example
 * const gold = await loadSuite('tweeteval', 'tweeteval/datasets/stance');
 * const predictions = await loadSuitePredictions('tweeteval', 'tweeteval/predictions', gold);
 * evaluate(predictions, gold).metrics['stance.pooled.f1Average'].value; // TweetEval's official figure
 */
export async function loadSuitePredictions(
  name: string,
  path: string,
  gold: readonly GoldRow[],
  options: SuiteOptions = {},
): Promise<PredictionRow[]> {
  const suite = suiteFor(name, options);
  const rows = await suite.loadPredictions(path, gold, options);
  if (rows.length === 0)
    throw new EvaluationError(`${path} holds no predictions; expected ${suite.expectsPredictions}.`, {
      code: 'suite-invalid',
    });
  return rows;
}

/**
 * The suite of a name, if it takes these options: one that it passed over in silence would measure other rows than were
 * asked for.
 *
 * @throws EvaluationError `unknown-suite`, `options-invalid`
 */
export function suiteFor(name: string, options: SuiteOptions): Suite {
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined)
    throw new EvaluationError(`There is no suite "${name}"; known: ${Object.keys(suites).join(', ')}.`, {
      code: 'unknown-suite',
    });
  for (const option of ['split', 'attribute'] as const)
    if (options[option] !== undefined && !suite.takes.includes(option))
      throw new EvaluationError(
        `The suite ${name} takes no ${option}${suite.takes.length > 0 ? `, only ${suite.takes.join(' and ')}` : ''}; leave it out.`,
        { code: 'options-invalid' },
      );
  return suite;
}
