export {
  type Classifier,
  type ClassifierInput,
  type ClassifierOutput,
  classify,
} from './classifiers/classifier';
export { type ClassifierContext, classifiers, createClassifier } from './classifiers/registry';
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
export { type AgreementOptions, type AgreementReport, type Annotator, agreement } from './evaluate/agreement';
export { buildReport, type ReportOptions } from './evaluate/build-report';
export { type CompareOptions, compare, compareAll, type NamedPredictions } from './evaluate/compare';
export { evaluate } from './evaluate/evaluate';
export { checkDrop, checkGates, type Gate, type GateResult } from './evaluate/gates';
export { htmlReport } from './evaluate/html';
export { junitReport } from './evaluate/junit';
export { markdownReport } from './evaluate/markdown';
export type { EvaluateOptions } from './evaluate/options';
export type { Comparison, Evaluation, MetricValue, Report } from './evaluate/report';
export { loadSuite, loadSuitePredictions, suites } from './evaluate/suites/suites';
export { createLabeler, type Labeler, type LabelerOptions } from './label/labeler';
export type { CommentInput } from './label/prepare';
export type { StreamOptions, StreamProgress } from './label/stream';
export type { AttributeHead, ModelDescription, TargetHead } from './model/description';
export type { Model, TokenSequence } from './model/model';
export { defaultModel } from './model/registry';
export {
  type Columns,
  type CommentRecord,
  type Detection,
  detectFormat,
  type Format,
  formatByName,
  formats,
  type ParseOptions,
  type ParseStreamOptions,
  parseStream,
  parseThread,
  parseThreads,
  type Reader,
  type ReaderSettings,
  type Sample,
  type Sink,
  type ThreadRecord,
} from './parse';
export { type AuditOptions, auditViewpoints, type ViewpointAudit } from './policy/audit';
export { type Decidable, decide } from './policy/decide';
export { diffPolicies, type PolicyDiff } from './policy/diff';
export { type Aim, type FitOptions, type FittedThreshold, fitThresholds } from './policy/fit';
export { definePolicy, loadPolicy, type PolicyOptions, parsePolicy } from './policy/load';
export { type PresetName, presets } from './policy/presets';
export { type DecisionRecord, type DecisionRecordInput, decisionRecord } from './policy/record';
export type { Policy, PolicyInput } from './policy/schema';
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
