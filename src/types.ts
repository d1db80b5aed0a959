import * as z from 'zod';

/** Half-open range `[start, end)` in UTF-16 units. */
export const Span = z.object({ start: z.number().int().min(0), end: z.number().int().min(0) });
export type Span = z.infer<typeof Span>;

/**
 * Something that a reader of the result should know: a record that could not be read, a declared count that disagrees,
 * an orphaned reply. Nothing is dropped without one.
 */
export const Diagnostic = z.object({
  code: z.string(),
  severity: z.enum(['info', 'warning', 'error']),
  message: z.string(),
  /** Entries of the source that this diagnostic accounts for and that are not among the comments; 0 for remarks. */
  lost: z.number().int().min(0).default(0),
  place: z
    .object({
      line: z.number().int().min(1).optional(),
      record: z.number().int().min(1).optional(),
      offset: z.number().int().min(0).optional(),
      path: z.string().optional(),
      id: z.string().optional(),
    })
    .optional(),
});
export type Diagnostic = z.infer<typeof Diagnostic>;

/** What the source says of a comment. Only `approved`, and comments without a status, are labelled by default. */
export const CommentStatus = z.enum(['approved', 'pending', 'rejected', 'spam', 'deleted', 'pingback']);
export type CommentStatus = z.infer<typeof CommentStatus>;

export const Author = z.object({ name: z.string(), id: z.string().optional() });
export type Author = z.infer<typeof Author>;

export const Comment = z.object({
  /** Unique within its thread. */
  id: z.string(),
  /** The thread's id; only on comments from `parseStream`, and only where the source names threads. */
  threadId: z.string().optional(),
  parentId: z.string().nullable(),
  /** 0 for comments on the article, 1 for replies to those, and so on. */
  depth: z.number().int().min(0),
  /** Order in the source, from 0. */
  position: z.number().int().min(0),
  author: Author.optional(),
  /** Plain text; paragraphs are separated by one empty line. */
  text: z.string(),
  /** Parts of `text` that quote somebody else; labelling leaves them out. */
  quotes: z.array(Span).optional(),
  /** ISO 8601. */
  createdAt: z.string().optional(),
  likes: z.number().int().optional(),
  status: CommentStatus.optional(),
  /** The parent that the source names is not in the source. */
  orphan: z.boolean().optional(),
  /** Where the comment's text stands in the source; only for formats that are text themselves. */
  span: Span.optional(),
});
export type Comment = z.infer<typeof Comment>;

export const Article = z.object({
  title: z.string(),
  url: z.string().optional(),
  publishedAt: z.string().optional(),
  language: z.string().optional(),
  text: z.string(),
});
export type Article = z.infer<typeof Article>;

export const Thread = z.object({
  /** File name, URL or `-`: whatever the caller said that the input is. */
  source: z.string(),
  format: z.string(),
  id: z.string().optional(),
  article: Article.optional(),
  /** The number of comments that the page itself claims. */
  declaredCount: z.number().int().min(0).optional(),
  comments: z.array(Comment),
  diagnostics: z.array(Diagnostic),
});
export type Thread = z.infer<typeof Thread>;

export const StanceLabel = z.enum(['favor', 'against', 'none']);
export type StanceLabel = z.infer<typeof StanceLabel>;

/** A probability; NaN and infinities are refused. */
export const Probability = z.number().min(0).max(1);

export const TargetStance = z.object({
  label: StanceLabel,
  /** Calibrated probabilities that sum to 1. */
  scores: z.object({ favor: Probability, against: Probability, none: Probability }),
});
export type TargetStance = z.infer<typeof TargetStance>;

export const ModelIdentity = z.object({
  name: z.string(),
  version: z.string(),
  /** `sha256:` and 64 hexadecimal digits; covers weights, tokenizer, calibration and thresholds. */
  digest: z.string(),
});
export type ModelIdentity = z.infer<typeof ModelIdentity>;

export const Labels = z.object({
  stance: z.object({
    /** One entry for each target of the model, for example `europe`, `us`, `russia`. */
    targets: z.record(z.string(), TargetStance),
    /** `pro-<target>` for each target whose label is `favor`. */
    labels: z.array(z.string()),
  }),
  toxicity: z.object({
    /** Whether the model's decisive attribute reaches its threshold. */
    label: z.boolean(),
    /** The decisive attribute's calibrated probability. */
    score: Probability,
    /** One calibrated probability for each attribute of the model. */
    attributes: z.record(z.string(), Probability),
  }),
  /** ISO 639-1 code of the detected language, `und` when the text is too short to tell. */
  language: z.string(),
  /** The text was longer than the model reads; its end is not in the labels. */
  truncated: z.boolean(),
  model: ModelIdentity,
});
export type Labels = z.infer<typeof Labels>;

export const SkipReason = z.enum(['empty', 'unsupported-language', 'not-published']);
export type SkipReason = z.infer<typeof SkipReason>;

export const FailedError = z.object({ code: z.string(), message: z.string() });

/** What became of one comment. `id` is the comment's. */
export const Outcome = z.discriminatedUnion('status', [
  z.object({ id: z.string(), status: z.literal('labelled'), labels: Labels }),
  z.object({
    id: z.string(),
    status: z.literal('skipped'),
    reason: SkipReason,
    language: z.string().optional(),
  }),
  z.object({ id: z.string(), status: z.literal('failed'), error: FailedError }),
]);
export type Outcome = z.infer<typeof Outcome>;

/** One line of `moderato label`: a comment and its outcome. */
export interface LabelledRow {
  /** Unique within the thread. */
  id: string;
  source: string;
  /** The thread within the source; only where the source names its threads. */
  threadId?: string;
  parentId: string | null;
  author: string | null;
  text: string;
  status: Outcome['status'];
  labels?: Labels;
  reason?: SkipReason;
  error?: { code: string; message: string };
}

export const Action = z.enum(['approve', 'review', 'reject']);
export type Action = z.infer<typeof Action>;

export const Decision = z.object({
  action: Action,
  reasons: z.array(
    z.object({
      rule: z.string(),
      attribute: z.string().optional(),
      score: z.number().optional(),
      threshold: z.number().optional(),
      message: z.string().optional(),
    }),
  ),
  policy: z.object({
    name: z.string(),
    version: z.string(),
    /** `sha256:` and 64 hexadecimal digits, over the policy's content. */
    digest: z.string().optional(),
    /** Present and true where the policy lets stance decide. */
    allowStanceDecisions: z.boolean().optional(),
  }),
});
export type Decision = z.infer<typeof Decision>;

/** A hand-labelled comment. Targets and attributes may have any names; what is absent was not judged. */
export const GoldRow = z.looseObject({
  id: z.string(),
  text: z.string(),
  /** Rows of one group (a thread, an author) are resampled together. */
  group: z.string().optional(),
  gold: z.object({
    stance: z.record(z.string(), StanceLabel).optional(),
    toxicity: z.record(z.string(), z.union([z.literal(0), z.literal(1)])).optional(),
  }),
});
export type GoldRow = z.infer<typeof GoldRow>;
