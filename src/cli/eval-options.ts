import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../errors';
import type { StatisticsOptions } from '../evaluate/options';
import type { ReadPredictionsOptions } from '../evaluate/predictions';

/** Flags that `eval` and `compare` share. */
export interface EvaluationFlags {
  threshold?: StatisticsOptions['thresholds'];
  samples: number;
  seed: number;
  level: number;
  ignoreUnknownIds?: boolean;
}

export function evaluationOptions(command: Command): Command {
  return command
    .option(
      '--threshold <value>',
      'score from which an attribute is positive, as 0.5 or insult=0.7 (repeatable)',
      threshold,
    )
    .option('--samples <number>', 'bootstrap samples; 0 for no intervals', wholeNumber, 2000)
    .option('--seed <number>', 'seed of all random draws', wholeNumber, 1)
    .option('--level <number>', 'coverage of the intervals', numberFrom(0.5, 0.9999), 0.95)
    .option('--ignore-unknown-ids', 'leave out predictions whose id no gold row has');
}

export function statisticsOf(flags: EvaluationFlags): StatisticsOptions & ReadPredictionsOptions {
  return {
    samples: flags.samples,
    seed: flags.seed,
    level: flags.level,
    ...(flags.threshold !== undefined && { thresholds: flags.threshold }),
    ...(flags.ignoreUnknownIds && { ignoreUnknownIds: true }),
  };
}

export function numberFrom(least: number, most: number) {
  return (value: string): number => {
    const number = Number(value);
    if (value.trim() === '' || !(number >= least && number <= most))
      throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
    return number;
  };
}

function wholeNumber(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isSafeInteger(number) || number < 0)
    throw new InvalidArgumentError('It must be a whole number from 0.');
  return number;
}

function threshold(value: string, earlier: StatisticsOptions['thresholds']): StatisticsOptions['thresholds'] {
  const at = value.lastIndexOf('=');
  const number = numberFrom(0, 1)(value.slice(at + 1));
  if (earlier !== undefined && (typeof earlier === 'number') !== at < 0)
    throw new InvalidArgumentError(
      'Give one threshold for all attributes, or one for each by name, not both.',
    );
  return at < 0 ? number : { ...(earlier as Record<string, number>), [value.slice(0, at).trim()]: number };
}

/** @throws UsageError where a threshold is for an attribute that no gold row judges: it would do nothing */
export function checkThresholds({ threshold }: EvaluationFlags, attributes: readonly string[]): void {
  if (typeof threshold !== 'object') return;
  for (const name of Object.keys(threshold))
    if (!attributes.includes(name))
      throw new UsageError(
        `--threshold: no gold row judges an attribute "${name}"; ${attributes.length > 0 ? `they judge ${attributes.join(', ')}` : 'they judge no attribute'}.`,
      );
}
