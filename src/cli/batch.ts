import { Command, InvalidArgumentError, Option } from 'commander';
import { positiveInteger } from './label';
import { type ParseFlags, withParseFlags } from './parse-options';

export interface BatchOptions extends ParseFlags {
  output: string;
  to?: 'jsonl' | 'csv';
  model?: string;
  workers: number | 'auto';
  threads?: number;
  limit?: number;
  policy?: string;
  resume?: boolean;
  restart?: boolean;
  includeUnpublished?: boolean;
  quiet?: boolean;
}

/** `moderato batch`: many files or a large one to one file of labelled rows, resumable. */
export function batchCommand(): Command {
  const command = new Command('batch')
    .description('label many files or a large one into a file; can be broken off and gone on with')
    .argument('<file...>', 'files or patterns to read, in any known format; - is stdin');
  return withParseFlags(command)
    .requiredOption('-o, --output <file>', 'file to write; - is stdout')
    .addOption(
      new Option('--to <format>', 'format of the output (default: by its name, else jsonl)').choices([
        'jsonl',
        'csv',
      ]),
    )
    .option('-m, --model <name|folder>', 'model to label with')
    .option(
      '-w, --workers <number|auto>',
      'processes that label; 0 is this one alone',
      workersArgument,
      'auto',
    )
    .option('--threads <number>', 'threads of each worker', positiveInteger)
    .option('-l, --limit <number>', 'stop after so many comments', positiveInteger)
    .option('-p, --policy <name|file>', 'decide on every comment by this policy: cautious, strict or a file')
    .option('--resume', 'go on with the unfinished run of this output; begin if there is none')
    .option('--restart', 'forget the unfinished run of this output and begin anew')
    .option('--include-unpublished', 'label pending, rejected, spam and deleted comments too')
    .option('-q, --quiet', 'no progress and no summary')
    .addHelpText(
      'after',
      `
Examples:
  $ moderato batch comments.jsonl -o labelled.jsonl
  $ moderato batch comments.jsonl -o labelled.jsonl --resume
  $ moderato batch 'threads/*.html' -o labelled.csv --policy cautious
  $ zcat export.jsonl.gz | moderato batch - -o labelled.jsonl --workers 2

The rows go to <output>.part, which takes the output's name when it is whole. <output>.checkpoint says where a run
stands; --resume goes on from there, and the output is the same as of an unbroken run, byte for byte.`,
    )
    .action(async (patterns: string[], options: BatchOptions) => {
      const { batch } = await import('./batch-action');
      await batch(patterns, options);
    });
}

function workersArgument(value: string): number | 'auto' {
  if (value === 'auto') return value;
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 256)
    throw new InvalidArgumentError('It must be auto or a whole number from 0 to 256.');
  return number;
}
