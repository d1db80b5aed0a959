export {
  ClassifierError,
  EvaluationError,
  InputError,
  ModelError,
  ModeratoError,
  type Place,
  PolicyError,
  UsageError,
} from './errors';
export { createLabeler, type Labeler, type LabelerOptions } from './label/labeler';
export type { CommentInput } from './label/prepare';
export type { ModelDescription } from './model/description';
export type { Model, TokenSequence } from './model/model';
export { defaultModel } from './model/registry';
export type {
  Action,
  Article,
  Author,
  Comment,
  CommentStatus,
  Decision,
  Diagnostic,
  GoldRow,
  LabelledRow,
  Labels,
  ModelIdentity,
  Outcome,
  SkipReason,
  Span,
  StanceLabel,
  TargetStance,
  Thread,
} from './types';
