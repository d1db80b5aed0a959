import type { Columns, Format, ReaderSettings } from './format';

/** How to read an input. */
export interface ParseOptions {
  /** Name of a format, see `formats`, or a format of your own. @default detected from the content */
  format?: string | Format;
  /** What to call the input in the result and in errors: a file name, a URL. @default '-' */
  source?: string;
  /** Columns of CSV and keys of JSON rows whose names are not among the usual ones. @default {} */
  columns?: Columns;
  /**
   * Replaces authors' names and ids by keyed hashes, stable for one key, and e-mail addresses, telephone numbers and
   * IP addresses in texts by `[email]`, `[phone]`, `[ip]`. @default off
   */
  pseudonymize?: { key: string };
  /** Longest record (line, row, XML element) in UTF-16 units; longer ones are skipped with a diagnostic. @default 16 Mi */
  maxRecordLength?: number;
  /** Longest input of a format that is read as a whole (text, HTML, JSON), in UTF-16 units. @default 128 Mi */
  maxDocumentLength?: number;
}

export const defaultSettings: ReaderSettings = {
  columns: {},
  maxRecordLength: 16 * 1024 * 1024,
  maxDocumentLength: 128 * 1024 * 1024,
};

export function readerSettings(options: ParseOptions): ReaderSettings {
  return {
    columns: options.columns ?? defaultSettings.columns,
    maxRecordLength: options.maxRecordLength ?? defaultSettings.maxRecordLength,
    maxDocumentLength: options.maxDocumentLength ?? defaultSettings.maxDocumentLength,
  };
}
