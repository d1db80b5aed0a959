export {
  type ConformanceCheck,
  type ConformanceOptions,
  classifierConformance,
} from './classifier-conformance';
export { checkFormat, type FormatCase, type FormatProblem } from './format-conformance';
export { type TinyModelOptions, tinyModel } from './tiny-model';
