import { EvaluationError } from '../../errors';
import type { GoldRow } from '../../types';
import { loadHateCheck } from './hatecheck';
import { loadJigsaw } from './jigsaw';
import { loadSemEval } from './semeval';
import { loadTweetEval } from './tweeteval';

/** A published test set in the form that its authors give it out in. */
export interface Suite {
  title: string;
  /** What the path has to be. */
  expects: string;
  /** Fields of the gold rows that are worth slicing by. */
  slices: readonly string[];
  /** @throws EvaluationError `suite-invalid` where the path does not hold the suite */
  load(path: string, options: SuiteOptions): Promise<GoldRow[]>;
}

export interface SuiteOptions {
  /** `train`, `dev` or `test` for suites that come in parts. @default 'test' */
  split?: string;
  /** Attribute that HateCheck's and TweetEval's labels are gold for; each suite has its own default. */
  attribute?: string;
}

/** Every suite that `moderato eval --suite NAME PATH` knows. */
export const suites: Readonly<Record<string, Suite>> = {
  hatecheck: {
    title: 'HateCheck [Röttger et al. 2021]',
    expects: 'test_suite_cases.csv, or the folder that holds it',
    slices: ['functionality', 'target'],
    load: loadHateCheck,
  },
  jigsaw: {
    title: 'Civil Comments and the Jigsaw toxicity competitions [Borkan et al. 2019]',
    expects: 'a CSV with the comments and their labels',
    slices: ['identities'],
    load: loadJigsaw,
  },
  semeval: {
    title: 'SemEval-2016 task 6, stance in tweets [Mohammad et al. 2016]',
    expects: 'a file with the columns ID, Target, Tweet and Stance, or a folder that holds it',
    slices: ['target'],
    load: loadSemEval,
  },
  tweeteval: {
    title: 'TweetEval: stance, hate and offensive [Barbieri et al. 2020]',
    expects: 'the folder "datasets", one task in it, or one stance target',
    slices: ['task'],
    load: loadTweetEval,
  },
};

/**
 * Reads a published suite and turns it into gold rows.
 *
 * @param name `hatecheck`, `jigsaw`, `semeval` or `tweeteval`
 * @param path where the user keeps it; nothing is downloaded
 * @throws EvaluationError `unknown-suite`, `suite-invalid`
 *
 * @example
 * const gold = await loadSuite('hatecheck', 'hatecheck-data/test_suite_cases.csv');
 * gold[0].functionality; // 'derog_neg_emote_h'
 */
export async function loadSuite(name: string, path: string, options: SuiteOptions = {}): Promise<GoldRow[]> {
  const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
  if (suite === undefined)
    throw new EvaluationError(`There is no suite "${name}"; known: ${Object.keys(suites).join(', ')}.`, {
      code: 'unknown-suite',
    });
  const rows = await suite.load(path, options);
  if (rows.length === 0)
    throw new EvaluationError(`${path} holds no labelled comments; expected ${suite.expects}.`, {
      code: 'suite-invalid',
    });
  return rows;
}
