const brand = Symbol.for('moderato.error');

/** Where in an input something happened. Lines count from 1, records from 1, offsets are UTF-16 units from 0. */
export interface Place {
  source?: string;
  line?: number;
  record?: number;
  offset?: number;
  /** Key path in structured data, for example `rules[2].when.toxicity`. */
  path?: string;
}

export interface ErrorOptions<Code extends string> {
  code: Code;
  place?: Place;
  cause?: unknown;
}

/**
 * Base of every error that moderato throws on purpose. `code` is stable and meant for programs; `message` says what
 * happened, where, and what to do.
 *
 * @example
 * try { parseThread(input) } catch (error) {
 *   if (ModeratoError.isInstance(error) && error.code === 'unknown-format') { … }
 * }
 */
export class ModeratoError<Code extends string = string> extends Error {
  override readonly name: string = 'ModeratoError';
  readonly code: Code;
  readonly place: Place | undefined;

  constructor(message: string, options: ErrorOptions<Code>) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.place = options.place;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for errors of any copy of moderato in the process, unlike `instanceof` (ESM beside CJS). */
  static isInstance(error: unknown): error is ModeratoError {
    return error instanceof Error && (error as { [brand]?: boolean })[brand] === true;
  }
}

/** The user's input cannot be read at all: missing, binary, wrongly encoded, empty, of no known format. */
export class InputError extends ModeratoError<
  | 'input-not-found'
  | 'input-is-directory'
  | 'input-unreadable'
  | 'input-binary'
  | 'input-encoding'
  | 'input-empty'
  | 'input-too-large'
  | 'input-malformed'
  | 'unknown-format'
  | 'several-threads'
> {
  override readonly name = 'InputError';
}

/** The model folder is missing, broken or not what its `moderato.json` says. */
export class ModelError extends ModeratoError<
  'model-not-found' | 'model-invalid' | 'model-corrupt' | 'model-disposed' | 'model-failed'
> {
  override readonly name = 'ModelError';
}

/** A policy file cannot be used; `issues` has one line for each mistake. */
export class PolicyError extends ModeratoError<'policy-unreadable' | 'policy-invalid'> {
  override readonly name = 'PolicyError';
  readonly issues: readonly { place: Place; message: string }[];

  constructor(
    message: string,
    options: ErrorOptions<'policy-unreadable' | 'policy-invalid'> & {
      issues?: readonly { place: Place; message: string }[];
    },
  ) {
    super(message, options);
    this.issues = options.issues ?? [];
  }
}

/** Gold rows or predictions that cannot be evaluated. */
export class EvaluationError extends ModeratoError<
  | 'gold-empty'
  | 'gold-invalid'
  | 'predictions-invalid'
  | 'duplicate-id'
  | 'unknown-id'
  | 'unknown-label'
  | 'score-out-of-range'
  | 'unknown-metric'
  | 'unknown-suite'
  | 'suite-invalid'
  | 'options-invalid'
> {
  override readonly name = 'EvaluationError';
}

/** A classifier under benchmark cannot be built or does not answer as it should. */
export class ClassifierError extends ModeratoError<
  'unknown-classifier' | 'classifier-unavailable' | 'classifier-failed' | 'classifier-invalid-answer'
> {
  override readonly name = 'ClassifierError';
}

/** A batch run cannot begin, go on or end; `interrupted` runs and full disks can be resumed. */
export class BatchError extends ModeratoError<
  | 'unfinished-run'
  | 'nothing-to-resume'
  | 'checkpoint-invalid'
  | 'input-changed'
  | 'settings-changed'
  | 'output-changed'
  | 'output-failed'
  | 'disk-full'
> {
  override readonly name = 'BatchError';
}

/** A command line that asks for something impossible; exit status 2. */
export class UsageError extends ModeratoError<'usage'> {
  override readonly name = 'UsageError';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'usage', ...options });
  }
}
