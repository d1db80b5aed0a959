export { type TinyModelOptions, tinyModel } from './tiny-model';
