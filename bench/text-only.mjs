// transformers.js imports sharp (images) and onnxruntime-web (browsers), which text models on Node do not use and which
// are not installed here: empty modules take their place.
import { register } from 'node:module';

const hooks = `
export async function resolve(specifier, context, next) {
  if (specifier === 'sharp' || specifier === 'onnxruntime-web')
    return { url: 'data:text/javascript,export default {};', shortCircuit: true };
  return next(specifier, context);
}`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);
