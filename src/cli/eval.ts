import { Command, InvalidArgumentError } from 'commander';
import type { Gate } from '../evaluate/gates';
import { type EvaluationFlags, evaluationOptions, numberFrom } from './eval-options';

interface EvalFlags extends EvaluationFlags {
  gold?: string;
  suite?: readonly [string, string];
  split?: string;
  attribute?: string;
  predictions?: readonly string[];
  classifier?: readonly string[];
  allowRemote?: boolean;
  slice: readonly string[];
  json?: boolean;
  html?: string;
  markdown?: string;
  junit?: string;
  title?: string;
  failUnder: readonly Gate[];
  failOver: readonly Gate[];
  baseline?: string;
  maxDrop?: number;
}

/** How far below the baseline report a headline metric may be. */
export const defaultMaxDrop = 0.01;

/** `moderato eval`: how good predictions or classifiers are against gold rows. */
export function evalCommand(): Command {
  const command = new Command('eval')
    .description('measure predictions or classifiers against gold labels, with intervals and baselines')
    .option('-g, --gold <file>', 'gold rows, one JSON object a line; - is stdin')
    .option(
      '--suite <name path...>',
      'a published suite instead of --gold: hatecheck, jigsaw, semeval or tweeteval',
    )
    .option('--split <name>', 'part of Jigsaw or TweetEval, for example train or val (default: test)')
    .option('--attribute <name>', 'attribute that the labels of HateCheck or TweetEval are gold for')
    .option(
      '-p, --predictions <file...>',
      'prediction files as "moderato label" writes them, or in the form of the suite',
    )
    .option(
      '-c, --classifier <name...>',
      'classifiers to run on the gold texts: embedded, word-list, majority, …',
    )
    .option('--allow-remote', 'let transformers.js download models that are not on disk')
    .option('-s, --slice <field>', 'report by this field of the gold rows too (repeatable)', collect, [])
    .option('--json', 'the whole report on stdout instead of the table')
    .option('--html <file>', 'write a report with plots, one self-contained page')
    .option('--markdown <file>', 'write the tables as Markdown')
    .option('--junit <file>', 'write the gates as JUnit XML')
    .option('--title <text>', 'title of the report')
    .option('--fail-under <metric=value>', 'exit 3 if a metric is lower (repeatable)', gate('atLeast'), [])
    .option(
      '--fail-over <metric=value>',
      'exit 3 if a metric is higher, where less is better (repeatable)',
      gate('atMost'),
      [],
    )
    .option(
      '--baseline <report.json>',
      'exit 3 if a headline metric is worse than in this earlier --json report',
    )
    .option(
      '--max-drop <number>',
      `by how much it may be worse (default: ${defaultMaxDrop})`,
      numberFrom(0, 1),
    );
  return evaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ moderato label thread.txt > predictions.jsonl
  $ moderato eval --gold gold.jsonl --predictions predictions.jsonl
  $ moderato eval --gold gold.jsonl --classifier embedded word-list --html report.html
  $ moderato eval --gold gold.jsonl -p new.jsonl --fail-under stance.macroF1=0.6 --fail-under coverage=1
  $ moderato eval --suite hatecheck test_suite_cases.csv -c embedded --slice functionality
  $ moderato eval --suite tweeteval datasets/stance --predictions predictions

Metrics are named <task>.<target or attribute>.<metric>, for example stance.europe.f1Average, stance.pooled.accuracy,
toxicity.insult.rocAuc; without the middle part they are means: stance.f1Average, stance.macroF1, toxicity.rocAuc.
docs/evaluation.md lists and defines all of them; docs/classifiers.md the classifiers.`,
    )
    .action(async (flags: EvalFlags) => {
      const { runEvaluation } = await import('./eval-run');
      await runEvaluation(flags);
    });
}

export type { EvalFlags };

const collect = (value: string, earlier: readonly string[]) => [...earlier, value];

function gate(kind: Gate['kind']) {
  return (value: string, earlier: readonly Gate[]): Gate[] => {
    const at = value.lastIndexOf('=');
    const bound = value.slice(at + 1).trim();
    const number = bound.endsWith('%') ? Number(bound.slice(0, -1)) / 100 : Number(bound);
    if (at < 1 || bound === '' || Number.isNaN(number))
      throw new InvalidArgumentError(`"${value}" is not METRIC=VALUE, for example stance.macroF1=0.6.`);
    return [...earlier, { metric: value.slice(0, at).trim(), kind, bound: number }];
  };
}
