import { EvaluationError } from '../errors';
import { asText, type Gold, idOf, isPresent, isRecord, show } from './gold';
import { stanceLabels } from './stance';

/** A classifier's answer for one target. */
export interface StancePrediction {
  /** Index into `stanceLabels`. */
  label: number;
  /** In the order of `stanceLabels`. */
  scores: readonly [number, number, number] | null;
}

/** A classifier's answer for one attribute: a score, a label of its own, or both. */
export interface AttributePrediction {
  score: number | null;
  label: boolean | null;
  /** The threshold that the row itself names. */
  threshold: number | null;
}

export type Prediction =
  | {
      id: string;
      status: 'labelled';
      stance: Record<string, StancePrediction>;
      toxicity: Record<string, AttributePrediction>;
    }
  | { id: string; status: 'skipped' | 'failed'; reason: string };

export interface ReadPredictionsOptions {
  /** Leave predictions out whose id no gold row has, rather than refuse them. @default false */
  ignoreUnknownIds?: boolean;
}

/** Probabilities of a target may miss the sum of 1 by this much: files hold rounded numbers. */
const sumTolerance = 0.02;

/**
 * Checks prediction rows against gold rows. The smallest row is
 * `{ id, status: 'labelled', labels: { stance: { targets: { europe: { label: 'favor' } } } } }` or
 * `{ id, status: 'labelled', labels: { toxicity: { attributes: { insult: 0.83 } } } }`.
 *
 * @returns for each gold row its prediction; undefined where there is none
 * @throws EvaluationError `predictions-invalid`, `unknown-label`, `score-out-of-range`, `duplicate-id`, `unknown-id`
 */
export function readPredictions(
  input: readonly unknown[],
  gold: Gold,
  options: ReadPredictionsOptions = {},
): (Prediction | undefined)[] {
  if (!Array.isArray(input))
    throw new EvaluationError('The predictions are not a list of rows.', { code: 'predictions-invalid' });
  const aligned = new Array<Prediction | undefined>(gold.rows.length).fill(undefined);
  const seen = new Map<string, number>();
  let known = 0;
  let firstUnknown: { id: string; record: number } | undefined;
  let unknown = 0;
  input.forEach((value, index) => {
    const prediction = readPrediction(value, index);
    const earlier = seen.get(prediction.id);
    if (earlier !== undefined)
      throw new EvaluationError(
        `Prediction rows ${earlier + 1} and ${index + 1} have the same id "${prediction.id}"; every id must occur once.`,
        { code: 'duplicate-id', place: { record: index + 1 } },
      );
    seen.set(prediction.id, index);
    const row = gold.indexOf.get(prediction.id);
    if (row === undefined) {
      firstUnknown ??= { id: prediction.id, record: index + 1 };
      unknown++;
      return;
    }
    known++;
    aligned[row] = prediction;
  });
  if (firstUnknown && (known === 0 || options.ignoreUnknownIds !== true)) {
    const example = `Prediction row ${firstUnknown.record} has the id "${firstUnknown.id}"`;
    throw new EvaluationError(
      known === 0
        ? `${example}, and no id of the ${unknown} predictions is among the gold rows (the first gold id is "${gold.rows[0]!.id}"); give both files the same ids.`
        : `${example}, which no gold row has (${unknown} such of ${input.length}); remove such rows, or say that they are to be ignored (ignoreUnknownIds, --ignore-unknown-ids).`,
      { code: 'unknown-id', place: { record: firstUnknown.record } },
    );
  }
  return aligned;
}

type Fail = (message: string, code?: 'predictions-invalid' | 'unknown-label' | 'score-out-of-range') => never;

function readPrediction(value: unknown, index: number): Prediction {
  const fail: Fail = (message, code = 'predictions-invalid') => {
    throw new EvaluationError(`Prediction row ${index + 1}${idOf(value)}: ${message}`, {
      code,
      place: { record: index + 1 },
    });
  };
  if (!isRecord(value)) return fail('it is not an object; each row is {"id", "status", "labels"}.');
  const id = asText(value.id) ?? fail('"id" is missing; every row needs the id of its gold row.');
  const status = value.status ?? (isRecord(value.labels) ? 'labelled' : undefined);
  if (status === 'skipped') return { id, status, reason: asText(value.reason) ?? 'unknown' };
  if (status === 'failed')
    return { id, status, reason: (isRecord(value.error) && asText(value.error.code)) || 'unknown' };
  if (status !== 'labelled') return fail(`"status" is ${show(status)}; use labelled, skipped or failed.`);
  const { labels } = value;
  if (!isRecord(labels)) return fail('it is "labelled" but has no "labels".');
  return {
    id,
    status,
    stance: readStance(labels.stance, fail),
    toxicity: readToxicity(labels.toxicity, fail),
  };
}

function readStance(value: unknown, fail: Fail): Record<string, StancePrediction> {
  const stance: Record<string, StancePrediction> = {};
  if (!isPresent(value)) return stance;
  if (!isRecord(value) || !isRecord(value.targets))
    return fail('"labels.stance.targets" is not an object of targets.');
  for (const [target, answer] of Object.entries(value.targets))
    if (isPresent(answer)) stance[target] = readTarget(target, answer, fail);
  return stance;
}

function readTarget(target: string, answer: unknown, fail: Fail): StancePrediction {
  const { label, scores } =
    typeof answer === 'string' ? { label: answer, scores: undefined } : asRecord(answer);
  let index = stanceLabels.indexOf(label as (typeof stanceLabels)[number]);
  if (index < 0 && (isPresent(label) || !isPresent(scores)))
    fail(`target "${target}" has the label ${show(label)}; use favor, against or none.`, 'unknown-label');
  if (!isPresent(scores)) return { label: index, scores: null };
  const values = stanceLabels.map((name) =>
    probability(asRecord(scores)[name], `the score "${name}" of target "${target}"`, fail),
  ) as [number, number, number];
  const sum = values[0] + values[1] + values[2];
  if (Math.abs(sum - 1) > sumTolerance)
    fail(
      `the scores of target "${target}" sum to ${Number(sum.toFixed(4))}; give probabilities that sum to 1, or leave "scores" out.`,
      'score-out-of-range',
    );
  if (index < 0) index = values.indexOf(Math.max(...values));
  return { label: index, scores: values };
}

function readToxicity(value: unknown, fail: Fail): Record<string, AttributePrediction> {
  const toxicity: Record<string, AttributePrediction> = {};
  if (!isPresent(value)) return toxicity;
  if (!isRecord(value)) return fail('"labels.toxicity" is not an object.');
  const attributes = value.attributes ?? {};
  if (!isRecord(attributes)) return fail('"labels.toxicity.attributes" is not an object of attributes.');
  const thresholds = asRecord(value.thresholds);
  for (const [attribute, answer] of Object.entries(attributes)) {
    if (!isPresent(answer)) continue;
    const read = readAttribute(attribute, answer, fail);
    if (isPresent(thresholds[attribute]))
      read.threshold = probability(thresholds[attribute], `the threshold of attribute "${attribute}"`, fail);
    toxicity[attribute] = read;
  }
  const overall = readAttribute('toxicity', { label: value.label, score: value.score }, fail);
  const decisive = toxicity.toxicity;
  if (decisive === undefined && (overall.label !== null || overall.score !== null))
    toxicity.toxicity = overall;
  else if (decisive && decisive.label === null && decisive.score === overall.score)
    decisive.label = overall.label;
  return toxicity;
}

function readAttribute(attribute: string, answer: unknown, fail: Fail): AttributePrediction {
  if (typeof answer === 'boolean') return { score: null, label: answer, threshold: null };
  if (!isRecord(answer))
    return {
      score: probability(answer, `the score of attribute "${attribute}"`, fail),
      label: null,
      threshold: null,
    };
  const { label, score, threshold } = answer;
  if (isPresent(label) && typeof label !== 'boolean' && label !== 0 && label !== 1)
    fail(`attribute "${attribute}" has the label ${show(label)}; use true or false.`, 'unknown-label');
  const of = (number: unknown, what: string) =>
    isPresent(number) ? probability(number, `the ${what} of attribute "${attribute}"`, fail) : null;
  return {
    score: of(score, 'score'),
    label: isPresent(label) ? Boolean(label) : null,
    threshold: of(threshold, 'threshold'),
  };
}

function probability(value: unknown, what: string, fail: Fail): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    return fail(`${what} is ${show(value)}; scores are numbers from 0 to 1.`, 'score-out-of-range');
  return value;
}

const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
