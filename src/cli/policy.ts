import { Command, InvalidArgumentError } from 'commander';
import type { Aim } from '../policy/fit';
import { positiveInteger } from './label';

export interface CheckOptions {
  model?: string;
  json?: boolean;
}

export interface DiffOptions {
  on: string;
  examples: number;
  json?: boolean;
}

export interface FitCommandOptions {
  gold: string;
  predictions?: string;
  aim: Aim;
  model?: string;
  threads?: number;
  output?: string;
  seed: number;
  json?: boolean;
}

export interface AuditCommandOptions {
  on: string;
  policy?: string;
  seed: number;
  json?: boolean;
}

/** `moderato policy`: what concerns the policy itself. */
export function policyCommand(): Command {
  const command = new Command('policy').description('check, compare, fit and audit moderation policies');
  command
    .command('check')
    .description('check a policy file and show what it does')
    .argument('<policy>', 'policy file, or cautious or strict')
    .option('-m, --model <name|folder>', 'model whose attributes and targets the policy may name')
    .option('--json', 'the whole policy as JSON, short forms and defaults filled in')
    .addHelpText('after', examples('moderato policy check house.yaml', 'moderato policy check strict'))
    .action(async (policy: string, options: CheckOptions) => {
      const { check } = await import('./policy-check');
      await check(policy, options);
    });
  command
    .command('diff')
    .description('show which comments a new policy would decide otherwise')
    .argument('<old>', 'policy file, or cautious or strict')
    .argument('<new>', 'policy file, or cautious or strict')
    .requiredOption('--on <file>', 'labelled comments, from moderato label or batch; - is stdin')
    .option('--examples <number>', 'comments shown of each change; 0 for none', wholeNumber, 3)
    .option('--json', 'counts and examples as JSON')
    .addHelpText('after', examples('moderato policy diff old.yaml new.yaml --on labelled.jsonl'))
    .action(async (before: string, after: string, options: DiffOptions) => {
      const { diff } = await import('./policy-diff');
      await diff(before, after, options);
    });
  command
    .command('fit')
    .description('propose thresholds that reach an aim on hand-labelled comments')
    .requiredOption('--gold <file>', 'hand-labelled comments, JSON lines')
    .requiredOption('--aim <metric=value>', 'precision=0.9 or recall=0.8', aimArgument)
    .option('--predictions <file>', 'their rows from moderato label (default: they are labelled now)')
    .option('-m, --model <name|folder>', 'model to label with')
    .option('--threads <number>', 'threads of the model', positiveInteger)
    .option('-o, --output <file>', 'write the thresholds as a policy')
    .option('--seed <number>', 'seed of the resampling', wholeNumber, 1)
    .option('--json', 'the proposal as JSON')
    .addHelpText(
      'after',
      examples(
        'moderato policy fit --gold gold.jsonl --aim precision=0.9',
        'moderato policy fit --gold gold.jsonl --aim recall=0.8 -o house.yaml',
      ),
    )
    .action(async (options: FitCommandOptions) => {
      const { fitPolicy } = await import('./policy-fit');
      await fitPolicy(options);
    });
  command
    .command('audit')
    .description('ask whether a policy holds back one view more than another at the same toxicity')
    .requiredOption('--on <file>', 'labelled comments, from moderato label or batch; - is stdin')
    .option('-p, --policy <name|file>', 'policy to audit (default: the decisions in the file)')
    .option('--seed <number>', 'seed of the resampling', wholeNumber, 1)
    .option('--json', 'the audit as JSON')
    .addHelpText('after', examples('moderato policy audit --policy strict --on labelled.jsonl'))
    .action(async (options: AuditCommandOptions) => {
      const { audit } = await import('./policy-audit');
      await audit(options);
    });
  return command;
}

const examples = (...lines: string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It must be a whole number from 0.');
  return Number(value);
}

function aimArgument(value: string): Aim {
  const [, metric, figure] = /^(precision|recall)=(\d*\.?\d+%?)$/.exec(value) ?? [];
  const number = figure?.endsWith('%') ? Number(figure.slice(0, -1)) / 100 : Number(figure);
  if (!metric || !(number > 0 && number <= 1))
    throw new InvalidArgumentError(
      'It must be precision=VALUE or recall=VALUE, with a value over 0, at most 1.',
    );
  return { metric: metric as Aim['metric'], value: number };
}
