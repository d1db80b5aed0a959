/**
 * Marks a class and those derived from it. The mark holds in any copy of moderato in the process, unlike `instanceof`
 * (ESM beside CJS).
 */
function mark(type: { readonly prototype: Error }, name: string): void {
  Object.defineProperty(type.prototype, Symbol.for(`moderato.${name}`), { value: true });
}

const isMarked = (error: unknown, name: string): boolean =>
  error instanceof Error && Symbol.for(`moderato.${name}`) in error;

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
  static {
    mark(ModeratoError, 'ModeratoError');
  }

  override readonly name: string = 'ModeratoError';
  readonly code: Code;
  readonly place: Place | undefined;

  constructor(message: string, options: ErrorOptions<Code>) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = options.code;
    this.place = options.place;
  }

  /** True for errors of this class from any copy of moderato in the process, unlike `instanceof` (ESM beside CJS). */
  static isInstance(error: unknown): error is ModeratoError {
    return isMarked(error, 'ModeratoError');
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
  static {
    mark(InputError, 'InputError');
  }

  override readonly name = 'InputError';

  static override isInstance(error: unknown): error is InputError {
    return isMarked(error, 'InputError');
  }
}

/** The model folder is missing, broken or not what its `moderato.json` says. */
export class ModelError extends ModeratoError<
  'model-not-found' | 'model-invalid' | 'model-corrupt' | 'model-disposed' | 'model-failed'
> {
  static {
    mark(ModelError, 'ModelError');
  }

  override readonly name = 'ModelError';

  static override isInstance(error: unknown): error is ModelError {
    return isMarked(error, 'ModelError');
  }
}

/** A policy file cannot be used; `issues` has one line for each mistake. */
export class PolicyError extends ModeratoError<'policy-unreadable' | 'policy-invalid'> {
  static {
    mark(PolicyError, 'PolicyError');
  }

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

  static override isInstance(error: unknown): error is PolicyError {
    return isMarked(error, 'PolicyError');
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
  static {
    mark(EvaluationError, 'EvaluationError');
  }

  override readonly name = 'EvaluationError';

  static override isInstance(error: unknown): error is EvaluationError {
    return isMarked(error, 'EvaluationError');
  }
}

/** A classifier under benchmark cannot be built or does not answer as it should. */
export class ClassifierError extends ModeratoError<
  | 'unknown-classifier'
  | 'classifier-unavailable'
  | 'classifier-invalid'
  | 'classifier-failed'
  | 'classifier-invalid-answer'
> {
  static {
    mark(ClassifierError, 'ClassifierError');
  }

  override readonly name = 'ClassifierError';

  static override isInstance(error: unknown): error is ClassifierError {
    return isMarked(error, 'ClassifierError');
  }
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
  static {
    mark(BatchError, 'BatchError');
  }

  override readonly name = 'BatchError';

  static override isInstance(error: unknown): error is BatchError {
    return isMarked(error, 'BatchError');
  }
}

/** A command line that asks for something impossible; exit status 2. */
export class UsageError extends ModeratoError<'usage'> {
  static {
    mark(UsageError, 'UsageError');
  }

  override readonly name = 'UsageError';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, { code: 'usage', ...options });
  }

  static override isInstance(error: unknown): error is UsageError {
    return isMarked(error, 'UsageError');
  }
}
