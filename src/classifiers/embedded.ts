import { createLabeler, type LabelerOptions } from '../label/labeler';
import { readModelFolder } from '../model/description';
import { modelFolder } from '../model/registry';
import type { Classifier } from './classifier';

/** The model that ships with moderato, or a model folder of the same form, with its own thresholds. */
export async function createEmbeddedClassifier(options: LabelerOptions = {}): Promise<Classifier> {
  const description =
    typeof options.model === 'object'
      ? options.model.description
      : (await readModelFolder(modelFolder(options.model))).description;
  const labeler = createLabeler({ ...options, includeUnpublished: true });
  return {
    name: `embedded ${description.name} ${description.version}`,
    maxBatchSize: 256,
    concurrency: 1,
    thresholds: Object.fromEntries(
      description.toxicity.attributes.map(({ name, threshold }) => [name, threshold]),
    ),
    classify: (batch) => labeler.label(batch),
    dispose: () => labeler.dispose(),
  };
}
