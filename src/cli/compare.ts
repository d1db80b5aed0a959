import { Command } from 'commander';
import { UsageError } from '../errors';
import { checkThresholds, type EvaluationFlags, evaluationOptions, statisticsOf } from './eval-options';

interface CompareFlags extends EvaluationFlags {
  gold: string;
  json?: boolean;
}

/** `moderato compare`: whether prediction files differ by more than chance. */
export function compareCommand(): Command {
  const command = new Command('compare')
    .description('say whether classifiers differ: paired differences with intervals and p-values')
    .argument('<predictions...>', 'two or more prediction files')
    .requiredOption('-g, --gold <file>', 'gold rows, one JSON object a line')
    .option('--json', 'the comparisons on stdout as JSON instead of the table');
  return evaluationOptions(command)
    .addHelpText(
      'after',
      `
Examples:
  $ moderato compare old.jsonl new.jsonl --gold gold.jsonl
  $ moderato compare a.jsonl b.jsonl c.jsonl --gold gold.jsonl --json | jq '.comparisons[].metrics["stance.f1Average"]'

A difference is the first file's figure minus the second's, over the comments that both answered. With more than two
files every pair is compared and the p-values are corrected by Holm's method.`,
    )
    .action(async (files: string[], flags: CompareFlags) => {
      if (files.length < 2) throw new UsageError('Give at least two prediction files to compare.');
      const [
        { compareAll },
        { readGold },
        { comparisonBlock },
        { distinctNames },
        { readJsonRows },
        { colorsFor },
      ] = await Promise.all([
        import('../evaluate/compare'),
        import('../evaluate/gold'),
        import('./eval-table'),
        import('./eval-run'),
        import('./rows'),
        import('./terminal'),
      ]);
      const gold = await readJsonRows(flags.gold);
      checkThresholds(flags, readGold(gold).attributes);
      const names = distinctNames(files);
      const classifiers = await Promise.all(
        files.map(async (file, index) => ({ name: names[index]!, predictions: await readJsonRows(file) })),
      );
      const comparisons = compareAll(classifiers, gold, statisticsOf(flags));
      if (flags.json) {
        process.stdout.write(`${JSON.stringify({ schemaVersion: 1, kind: 'comparisons', comparisons })}\n`);
        return;
      }
      const colors = colorsFor(process.stdout);
      process.stdout.write(`${comparisons.map((one) => comparisonBlock(one, colors)).join('\n\n')}\n`);
    });
}
