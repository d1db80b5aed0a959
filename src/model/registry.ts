import { existsSync, readdirSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ModelError } from '../errors';

/** The model that ships inside the package. */
export const defaultModel = 'moderato-en-small';

/** The folder of the models that ship: the nearest `models/` above this file, in the sources as in the build. */
export function shippedModelsFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'models', defaultModel, 'moderato.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new ModelError('The folder models/ is missing from the installed package; reinstall moderato.', {
        code: 'model-not-found',
      });
    folder = parent;
  }
  return join(folder, 'models');
}

/**
 * The folder of a model.
 *
 * @param model a name among the shipped models, or a path (absolute, or with a separator in it) to a model folder
 * @throws ModelError `model-not-found`; the message lists the shipped names.
 */
export function modelFolder(model: string = defaultModel): string {
  if (isAbsolute(model) || model.includes('/') || model.includes(sep)) return resolve(model);
  const models = shippedModelsFolder();
  const known = readdirSync(models).filter((name) => existsSync(join(models, name, 'moderato.json')));
  if (known.includes(model)) return join(models, model);
  throw new ModelError(
    `There is no model "${model}"; shipped: ${known.join(', ')}. For a folder of your own give a path, as ./${model}.`,
    { code: 'model-not-found' },
  );
}
