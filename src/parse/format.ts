import type { Article, Author, CommentStatus, Diagnostic, Span } from '../types';

/** What a format says of one comment; the rest of a `Comment` (depth, position, unique id) is worked out from it. */
export interface CommentRecord {
  /** The thread that the comment belongs to; absent where the source holds one thread. */
  threadId?: string | undefined;
  /** Absent where the source has no ids; the comment's number in its thread takes its place. */
  id?: string | undefined;
  parentId?: string | null | undefined;
  /** The comment in which the source nests this one; it comes first, counts before `parentId`, and needs no id. */
  parent?: CommentRecord | undefined;
  author?: Author | undefined;
  text: string;
  quotes?: Span[] | undefined;
  /** As the source writes it, or ISO 8601; what is no date is left out with a diagnostic. */
  createdAt?: string | undefined;
  likes?: number | undefined;
  status?: CommentStatus | undefined;
  span?: Span | undefined;
}

/** What a format says of a thread. May come before or after its comments, and in parts. */
export interface ThreadRecord {
  id?: string | undefined;
  article?: Partial<Article> | undefined;
  declaredCount?: number | undefined;
}

/** Where a format puts what it reads. */
export interface Sink {
  thread(record: ThreadRecord): void;
  comment(record: CommentRecord): void;
  /** `lost` is the number of entries of the source that do not become comments because of this; 0 unless given. */
  diagnostic(record: Omit<Diagnostic, 'lost'> & { lost?: number; threadId?: string | undefined }): void;
}

/** A push parser: text comes in pieces of any size, records leave through the sink. */
export interface Reader {
  write(text: string): void;
  end(): void;
}

/** The beginning of an input, for detection. */
export interface Sample {
  /** At most 64 Ki UTF-16 units, without byte-order mark. */
  text: string;
  /** Whether `text` is the whole input. */
  complete: boolean;
  /** First JSON value of the input (the document, or its first line), cut where the sample ends; undefined if none. */
  json: unknown;
  /** Whether `json` is one line's value and other lines follow or could follow. */
  lines: boolean;
  /** Whether nothing stands after `json`, as far as is known. */
  lone: boolean;
  /** Columns that the caller named: an input that has them is a table or rows. */
  columns: Columns;
}

/** Names of the columns or keys of a row, where they are not among the usual ones. */
export type Columns = Partial<
  Record<'id' | 'text' | 'author' | 'parentId' | 'createdAt' | 'likes' | 'status' | 'threadId', string>
>;

/** What a format may need to know; made from `ParseOptions`. */
export interface ReaderSettings {
  columns: Columns;
  maxRecordLength: number;
  maxDocumentLength: number;
}

/**
 * One kind of input. `formats/jsonl.ts` is the smallest: copy it to add another, register it in `formats.ts`, and run
 * `checkFormat` of `moderato/testing` over it.
 */
export interface Format {
  readonly name: string;
  /** One line for people. */
  readonly description: string;
  readonly aliases: readonly string[];
  /** Whether a reader's memory is bounded however long the input; others read the whole input first. */
  readonly streaming: boolean;
  /** How sure it is that the sample is of this format: 0 (no) to 1 (certain). */
  detect(sample: Sample): number;
  open(sink: Sink, settings: ReaderSettings): Reader;
}
