import { Command, InvalidArgumentError } from 'commander';
import type { Comment, LabelledRow, Outcome } from '../types';
import { forEachInput } from './failures';
import { readThreads, reportThread } from './parse';
import { type ParseFlags, withParseFlags } from './parse-options';

interface LabelCommandOptions extends ParseFlags {
  model?: string;
  threads?: number;
  table?: boolean;
  includeUnpublished?: boolean;
}

/** `moderato label`: files to labelled comments, one JSON line each, or a table. */
export function labelCommand(): Command {
  const command = new Command('label')
    .description('label every comment for stance and toxicity; one line of JSON each')
    .argument('<file...>', 'files to read, in any known format; - is stdin');
  return withParseFlags(command)
    .option('-t, --table', 'a table for people instead of JSON')
    .option('-m, --model <name|folder>', 'model to label with')
    .option('--threads <number>', 'threads of the model (default: one for each core)', positiveInteger)
    .option('--include-unpublished', 'label pending, rejected, spam and deleted comments too')
    .addHelpText(
      'after',
      `
Examples:
  $ moderato label --table seeds/*.txt
  $ moderato label thread.jsonl > labelled.jsonl
  $ moderato label page.html | jq 'select(.labels.toxicity.label) | .text'

A score is a calibrated probability, not a verdict; docs/scores.md says what it means.`,
    )
    .action(async (files: string[], options: LabelCommandOptions) => {
      const [{ createLabeler }, { threadTable }] = await Promise.all([
        import('../label/labeler'),
        import('./thread-table'),
      ]);
      const labeler = createLabeler({
        includeUnpublished: options.includeUnpublished ?? false,
        ...(options.model !== undefined && { model: options.model }),
        ...(options.threads !== undefined && { threads: options.threads }),
      });
      await forEachInput(files, async (file) => {
        for (const thread of await readThreads(file, options)) {
          reportThread(thread);
          if (thread.comments.length === 0) continue;
          const outcomes = await labeler.label(thread.comments);
          if (options.table) process.stdout.write(`${threadTable(thread, outcomes, process.stdout)}\n`);
          else
            thread.comments.forEach((comment, index) => {
              const named = thread.id === undefined ? comment : { ...comment, threadId: thread.id };
              const row = labelledRow(thread.source, named, outcomes[index]!);
              process.stdout.write(`${JSON.stringify(row)}\n`);
            });
        }
      });
      await labeler.dispose();
    });
}

/** The JSON line of one comment. */
export function labelledRow(source: string, comment: Comment, outcome: Outcome): LabelledRow {
  const { id: _, ...result } = outcome;
  return {
    id: comment.id,
    source,
    ...(comment.threadId !== undefined && { threadId: comment.threadId }),
    parentId: comment.parentId,
    author: comment.author?.name ?? null,
    text: comment.text,
    ...result,
  };
}

export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('It must be a whole number from 1.');
  return number;
}
