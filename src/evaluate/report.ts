import type { Interval } from '../statistics/bootstrap';
import type { StanceLabel } from '../types';
import type { BaselineName } from './baselines';
import type { Bias } from './bias';
import type { Coverage, Thresholds } from './columns';
import type { ZeroDivision } from './confusion';
import type { PrecisionRecallPoint, ReliabilityBin, RiskCoverage, RocPoint } from './curves';

/** One figure of a report. */
export interface MetricValue {
  /** Null where it is not defined: a class is absent, there are no scores, or the classifier left something out. */
  value: number | null;
  /** Null where there is no value, where it rests on too few groups, or where no samples were asked for. */
  interval: Interval | null;
  /** Comments behind the value. */
  comments: number;
  /** Their judgements: over several targets or attributes a comment has several. */
  judgements: number;
  /** Groups of these comments. */
  groups: number;
  /**
   * Groups that decide the value, and so the width of its interval: of a recall those with a gold positive, of ROC-AUC those
   * of the rarer class; of a mean the harmonic mean of its parts' numbers.
   */
  restsOn: number;
  better: 'higher' | 'lower';
}

export type StanceConfusion = Record<StanceLabel, Record<StanceLabel, number>>;

export interface TargetReport {
  coverage: Coverage;
  /** Counts by gold label, then by predicted label. */
  confusion: StanceConfusion;
  /** Confidence in the predicted label against how often it is right; null without scores. */
  reliability: ReliabilityBin[] | null;
  riskCoverage: RiskCoverage | null;
}

export interface AttributeReport {
  coverage: Coverage;
  confusion: { trueNegatives: number; falsePositives: number; falseNegatives: number; truePositives: number };
  /** Null without scores, or where a class is absent. */
  roc: RocPoint[] | null;
  precisionRecall: PrecisionRecallPoint[] | null;
  /** Score against how often the attribute is present; null without scores. */
  reliability: ReliabilityBin[] | null;
  riskCoverage: RiskCoverage | null;
}

export interface SliceReport {
  coverage: Coverage;
  metrics: Record<string, MetricValue>;
  undefinedMetrics: string[];
}

/** A wrong answer on one target or attribute. */
export interface ErrorRow {
  id: string;
  text: string;
  task: 'stance' | 'toxicity';
  /** The target or the attribute. */
  name: string;
  gold: string;
  predicted: string;
  /** Stance: the predicted label's score; toxicity: the attribute's score. Null without scores. */
  score: number | null;
  /** Score of the predicted label. Null without scores. */
  confidence: number | null;
  /** For each field sliced by, the slices the comment is in. */
  slices: Record<string, string[]>;
}

/** Of a baseline that answers all, over the comments that the classifier beside it answered. */
export interface BaselineReport {
  coverage: Coverage;
  metrics: Record<string, number | null>;
}

/** Everything that `evaluate` finds out about one classifier; plain JSON. */
export interface Evaluation {
  schemaVersion: 1;
  kind: 'evaluation';
  name: string;
  options: {
    level: number;
    samples: number;
    seed: number;
    thresholds: Thresholds | null;
    zeroDivision: ZeroDivision;
    bins: number;
    precisionAim: number;
    recallAim: number;
    slices: readonly string[];
  };
  gold: {
    rows: number;
    groups: number;
    grouped: boolean;
    targets: readonly string[];
    attributes: readonly string[];
  };
  coverage: Coverage;
  /** By full name, for example `stance.europe.f1Average`. */
  metrics: Record<string, MetricValue>;
  /** Metrics that are 0/0, or have a part that is, so that `zeroDivision` is in their value. */
  undefinedMetrics: string[];
  stance: {
    /** Of the comments that judge any target. */
    coverage: Coverage;
    targets: Record<string, TargetReport>;
    pooled: { confusion: StanceConfusion };
  };
  toxicity: {
    /** Of the comments that judge any attribute. */
    coverage: Coverage;
    attributes: Record<string, AttributeReport>;
  };
  /** By field, then by value. */
  slices: Record<string, Record<string, SliceReport>>;
  /** By field, then by attribute; null without scores. */
  bias: Record<string, Record<string, Bias | null>>;
  baselines: Record<BaselineName, BaselineReport>;
  errors: { total: number; rows: ErrorRow[] };
}

export interface ComparedMetric {
  first: number | null;
  second: number | null;
  /** first − second, over the comments that both answered; null also for means of which one side lacks a part. */
  difference: number | null;
  interval: Interval | null;
  /** Two-sided, by paired bootstrap; null where there is no difference to test. */
  pValue: number | null;
  /** `pValue` after Holm's correction over the pairs of classifiers compared. */
  adjustedPValue: number | null;
  comments: number;
  judgements: number;
  groups: number;
  restsOn: number;
  better: 'higher' | 'lower';
}

export interface ComparedLabels {
  comments: number;
  bothRight: number;
  onlyFirst: number;
  onlySecond: number;
  bothWrong: number;
  /** Exact McNemar test, two-sided. */
  pValue: number;
  adjustedPValue: number;
}

export interface Comparison {
  schemaVersion: 1;
  kind: 'comparison';
  first: string;
  second: string;
  options: { level: number; samples: number; seed: number };
  metrics: Record<string, ComparedMetric>;
  /** By `stance.<target>` and `toxicity.<attribute>`: several targets of a comment are no independent answers. */
  mcNemar: Record<string, ComparedLabels>;
}

/** What `moderato eval --json` prints: several classifiers on the same gold rows. */
export interface Report {
  schemaVersion: 1;
  kind: 'report';
  title: string;
  /** Of the gold rows' ids and labels: reports with the same digest measure on the same rows. */
  goldDigest: string;
  evaluations: Evaluation[];
  comparisons: Comparison[];
}
