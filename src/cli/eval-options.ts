import { type Command, InvalidArgumentError } from 'commander';
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
  const [attribute, bound] = value.includes('=') ? value.split('=') : [undefined, value];
  const number = numberFrom(0, 1)(bound!);
  if (attribute === undefined) return number;
  return { ...(typeof earlier === 'object' ? earlier : {}), [attribute]: number };
}
