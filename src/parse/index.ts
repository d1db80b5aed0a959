export { type Detection, detectFormat } from './detect';
export type {
  Columns,
  CommentRecord,
  Format,
  Reader,
  ReaderSettings,
  Sample,
  Sink,
  ThreadRecord,
} from './format';
export { formatByName, formats } from './formats';
export { parseThread, parseThreads } from './parse';
export type { ParseOptions } from './settings';
export { type ParseStreamOptions, parseStream } from './stream';
