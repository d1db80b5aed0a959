import { EvaluationError } from '../errors';
import { asText, type Gold, idOf, isPresent, isRecord, show } from './gold';
import { stanceLabels } from './stance';

/** In the order of their numbers in `Predictions.status`. */
export const statuses = ['missing', 'labelled', 'skipped', 'failed'] as const;

/** What a classifier answered: arrays with one entry for each gold row. */
export interface Predictions {
  /** Index into `statuses`. */
  status: Uint8Array;
  /** Why a row was skipped or failed. */
  reasons: Map<number, string>;
  /** By target and by attribute, those of the gold rows. */
  stance: Map<string, StanceAnswers>;
  toxicity: Map<string, AttributeAnswers>;
}

/** Stands in `label` where a row has none. */
export const noLabel = 255;

export interface StanceAnswers {
  /** Index into `stanceLabels`; `noLabel` where the row says nothing of the target. */
  label: Uint8Array;
  /** Three a row, in the order of `stanceLabels`; NaN where there are none. */
  scores: Float64Array;
}

/** A row answers with a score, a label of its own, or both. */
export interface AttributeAnswers {
  /** 0 or 1; `noLabel` where the row has none. */
  label: Uint8Array;
  /** NaN where there is none, as in `threshold`. */
  score: Float64Array;
  /** The threshold that the row itself names. */
  threshold: Float64Array;
}

/** @returns predictions that say nothing of anything yet */
export function emptyPredictions(rows: number, gold: Pick<Gold, 'targets' | 'attributes'>): Predictions {
  const numbers = (length: number) => new Float64Array(length).fill(Number.NaN);
  const labels = () => new Uint8Array(rows).fill(noLabel);
  return {
    status: new Uint8Array(rows),
    reasons: new Map(),
    stance: new Map(gold.targets.map((target) => [target, { label: labels(), scores: numbers(3 * rows) }])),
    toxicity: new Map(
      gold.attributes.map((attribute) => [
        attribute,
        { label: labels(), score: numbers(rows), threshold: numbers(rows) },
      ]),
    ),
  };
}

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
 * @throws EvaluationError `predictions-invalid`, `unknown-label`, `score-out-of-range`, `duplicate-id`, `unknown-id`
 */
export function readPredictions(
  input: readonly unknown[],
  gold: Gold,
  options: ReadPredictionsOptions = {},
): Predictions {
  if (!Array.isArray(input))
    throw new EvaluationError('The predictions are not a list of rows.', { code: 'predictions-invalid' });
  // Behind the gold rows lies one more, for predictions of ids that no gold row has: they are checked like the others.
  const elsewhere = gold.rows.length;
  const predictions = emptyPredictions(gold.rows.length + 1, gold);
  const seen = new Map<string, number>();
  let known = 0;
  let firstUnknown: { id: string; record: number } | undefined;
  let unknown = 0;
  input.forEach((value, index) => {
    const { id, row } = readPrediction(value, index, predictions, (id) => gold.indexOf.get(id) ?? elsewhere);
    const earlier = seen.get(id);
    if (earlier !== undefined)
      throw new EvaluationError(
        `Prediction rows ${earlier + 1} and ${index + 1} have the same id "${id}"; every id must occur once.`,
        { code: 'duplicate-id', place: { record: index + 1 } },
      );
    seen.set(id, index);
    if (row !== elsewhere) {
      known++;
      return;
    }
    firstUnknown ??= { id, record: index + 1 };
    unknown++;
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
  return predictions;
}

const rowFaults: readonly string[] = [
  'predictions-invalid',
  'unknown-label',
  'score-out-of-range',
  'duplicate-id',
  'unknown-id',
];

/** Where several classifiers are at work, an error in rows should say whose they are. */
export function aboutPredictionsOf<Result>(name: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (!EvaluationError.isInstance(error) || !rowFaults.includes(error.code)) throw error;
    throw new EvaluationError(`${name}: ${error.message}`, {
      code: error.code,
      ...(error.place && { place: error.place }),
      cause: error,
    });
  }
}

type Fail = (message: string, code?: 'predictions-invalid' | 'unknown-label' | 'score-out-of-range') => never;

/** Reads one row into the entries that `rowOf` gives for its id. */
function readPrediction(
  value: unknown,
  index: number,
  into: Predictions,
  rowOf: (id: string) => number,
): { id: string; row: number } {
  const fail: Fail = (message, code = 'predictions-invalid') => {
    throw new EvaluationError(`Prediction row ${index + 1}${idOf(value)}: ${message}`, {
      code,
      place: { record: index + 1 },
    });
  };
  if (!isRecord(value)) return fail('it is not an object; each row is {"id", "status", "labels"}.');
  const id = asText(value.id) ?? fail('"id" is missing; every row needs the id of its gold row.');
  const row = rowOf(id);
  const status = value.status ?? (isRecord(value.labels) ? 'labelled' : undefined);
  if (status !== 'labelled' && status !== 'skipped' && status !== 'failed')
    return fail(`"status" is ${show(status)}; use labelled, skipped or failed.`);
  into.status[row] = statuses.indexOf(status);
  if (status !== 'labelled') {
    const reason = status === 'skipped' ? value.reason : asRecord(value.error).code;
    into.reasons.set(row, asText(reason) ?? 'unknown');
    return { id, row };
  }
  const { labels } = value;
  if (!isRecord(labels)) return fail('it is "labelled" but has no "labels".');
  readStance(labels.stance, row, into.stance, fail);
  readToxicity(labels.toxicity, row, into.toxicity, fail);
  return { id, row };
}

function readStance(value: unknown, row: number, into: Predictions['stance'], fail: Fail): void {
  if (!isPresent(value)) return;
  if (!isRecord(value) || !isRecord(value.targets))
    fail('"labels.stance.targets" is not an object of targets.');
  for (const target of Object.keys(value.targets)) {
    const answer = value.targets[target];
    if (!isPresent(answer)) continue;
    const { label, scores } = readTarget(target, answer, fail);
    const answers = into.get(target);
    if (!answers) continue;
    answers.label[row] = label;
    if (scores) answers.scores.set(scores, 3 * row);
  }
}

function readTarget(target: string, answer: unknown, fail: Fail) {
  const { label, scores } =
    typeof answer === 'string' ? { label: answer, scores: undefined } : asRecord(answer);
  let index = stanceLabels.indexOf(label as (typeof stanceLabels)[number]);
  if (index < 0 && (isPresent(label) || !isPresent(scores)))
    fail(`target "${target}" has the label ${show(label)}; use favor, against or none.`, 'unknown-label');
  if (!isPresent(scores)) return { label: index, scores: null };
  const values = stanceLabels.map((name) =>
    probability(asRecord(scores)[name], () => `the score "${name}" of target "${target}"`, fail),
  );
  const sum = values[0]! + values[1]! + values[2]!;
  if (Math.abs(sum - 1) > sumTolerance)
    fail(
      `the scores of target "${target}" sum to ${Number(sum.toFixed(4))}; give probabilities that sum to 1, or leave "scores" out.`,
      'score-out-of-range',
    );
  if (index < 0) index = values.indexOf(Math.max(...values));
  return { label: index, scores: values };
}

function readToxicity(value: unknown, row: number, into: Predictions['toxicity'], fail: Fail): void {
  if (!isPresent(value)) return;
  if (!isRecord(value)) fail('"labels.toxicity" is not an object.');
  const attributes = value.attributes ?? {};
  if (!isRecord(attributes)) fail('"labels.toxicity.attributes" is not an object of attributes.');
  const thresholds = asRecord(value.thresholds);
  for (const attribute of Object.keys(attributes)) {
    const answer = attributes[attribute];
    if (!isPresent(answer)) continue;
    const read = readAttribute(attribute, answer, fail);
    const given = Object.hasOwn(thresholds, attribute) ? thresholds[attribute] : undefined;
    const threshold = isPresent(given)
      ? probability(given, () => `the threshold of attribute "${attribute}"`, fail)
      : read.threshold;
    const answers = into.get(attribute);
    if (!answers) continue;
    answers.label[row] = read.label;
    answers.score[row] = read.score;
    answers.threshold[row] = threshold;
  }
  // The overall label and score are those of the attribute "toxicity", where that does not say otherwise.
  const overall = readAttribute('toxicity', { label: value.label, score: value.score }, fail);
  const answers = into.get('toxicity');
  if (!answers) return;
  if (isPresent(attributes.toxicity)) {
    const { label, score } = answers;
    if (label[row] === noLabel && Object.is(score[row], overall.score)) label[row] = overall.label;
  } else {
    answers.label[row] = overall.label;
    answers.score[row] = overall.score;
  }
}

function readAttribute(attribute: string, answer: unknown, fail: Fail) {
  if (typeof answer === 'boolean') return { score: Number.NaN, label: Number(answer), threshold: Number.NaN };
  if (!isRecord(answer))
    return {
      score: probability(answer, () => `the score of attribute "${attribute}"`, fail),
      label: noLabel,
      threshold: Number.NaN,
    };
  const { label, score, threshold } = answer;
  if (isPresent(label) && typeof label !== 'boolean' && label !== 0 && label !== 1)
    fail(`attribute "${attribute}" has the label ${show(label)}; use true or false.`, 'unknown-label');
  const of = (number: unknown, what: string) =>
    isPresent(number)
      ? probability(number, () => `the ${what} of attribute "${attribute}"`, fail)
      : Number.NaN;
  return {
    score: of(score, 'score'),
    label: isPresent(label) ? Number(label) : noLabel,
    threshold: of(threshold, 'threshold'),
  };
}

function probability(value: unknown, what: () => string, fail: Fail): number {
  if (typeof value !== 'number' || !(value >= 0 && value <= 1))
    return fail(`${what()} is ${show(value)}; scores are numbers from 0 to 1.`, 'score-out-of-range');
  return value;
}

const asRecord = (value: unknown): Record<string, unknown> => (isRecord(value) ? value : {});
