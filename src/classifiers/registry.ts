import { ClassifierError } from '../errors';
import type { Gold } from '../evaluate/gold';
import type { Classifier, ClassifierOutput } from './classifier';

export { classify } from './classifier';

/** What a classifier may need to be made. */
export interface ClassifierContext {
  /** The gold rows it will be measured on; the baselines learn label frequencies and names from them. */
  gold: Gold;
  /** Models may be downloaded. @default false */
  allowRemote?: boolean;
  /** Reads prediction rows for `predictions:FILE`. */
  readRows?: (path: string) => Promise<readonly unknown[]>;
}

interface Entry {
  /** How it is written on the command line. */
  usage: string;
  create(rest: string, context: ClassifierContext): Promise<Classifier>;
}

/** Every classifier that `moderato eval --classifier` knows: the part before the first colon, and what follows it. */
export const classifiers: Readonly<Record<string, Entry>> = {
  embedded: {
    usage: 'embedded or embedded:FOLDER',
    async create(rest) {
      const { createEmbeddedClassifier } = await import('./embedded');
      return createEmbeddedClassifier(rest === '' ? {} : { model: rest });
    },
  },
  transformers: {
    usage: 'transformers:FOLDER or transformers:FOLDER,LABEL=attribute,LABEL=stance.target.favor',
    async create(rest, context) {
      const { createTransformersClassifier } = await import('./transformers');
      const [model, labels] = readAssignments('transformers', rest);
      return createTransformersClassifier({
        model,
        allowRemote: context.allowRemote ?? false,
        ...(Object.keys(labels).length > 0 && { labels }),
      });
    },
  },
  'zero-shot': {
    usage: 'zero-shot:FOLDER',
    async create(rest, { gold, allowRemote }) {
      const { createZeroShotClassifier, defaultHypotheses, defaultTargets } = await import('./zero-shot');
      const [model] = readAssignments('zero-shot', rest);
      const readable = (name: string) => name.replaceAll('_', ' ');
      return createZeroShotClassifier({
        model,
        allowRemote: allowRemote ?? false,
        targets: Object.fromEntries(
          gold.targets.map((target) => [target, defaultTargets[target] ?? readable(target)]),
        ),
        attributes: Object.fromEntries(
          gold.attributes.map((attribute) => [
            attribute,
            defaultHypotheses[attribute] ?? `This comment contains ${readable(attribute)}.`,
          ]),
        ),
      });
    },
  },
  'word-list': {
    usage: 'word-list',
    async create(_, { gold }) {
      const { createWordListClassifier } = await import('./word-list');
      return createWordListClassifier(gold.attributes);
    },
  },
  majority: {
    usage: 'majority',
    async create(_, { gold }) {
      const { createMajorityClassifier } = await import('./majority');
      return createMajorityClassifier(gold);
    },
  },
  'stratified-random': {
    usage: 'stratified-random',
    async create(_, { gold }) {
      const { createStratifiedRandomClassifier } = await import('./stratified-random');
      return createStratifiedRandomClassifier(gold);
    },
  },
  predictions: {
    usage: 'predictions:FILE',
    async create(rest, { readRows }) {
      const { createStoredClassifier } = await import('./stored');
      if (rest === '')
        throw new ClassifierError('The classifier predictions needs a file, as in predictions:FILE.', {
          code: 'classifier-unavailable',
        });
      if (readRows === undefined)
        throw new ClassifierError(
          `Nothing is given to read the rows of ${rest} with; give createClassifier a readRows in its context.`,
          { code: 'classifier-unavailable' },
        );
      return createStoredClassifier((await readRows(rest)) as ClassifierOutput[], `predictions ${rest}`);
    },
  },
  http: {
    usage: 'http://HOST/v1alpha1/comments:analyze (any endpoint of the shape of Perspective)',
    async create(rest, { gold }) {
      const { createPerspectiveClassifier } = await import('./perspective');
      const key = process.env.PERSPECTIVE_API_KEY;
      return createPerspectiveClassifier({
        url: rest,
        ...(gold.attributes.length > 0 && { attributes: gold.attributes }),
        ...(key !== undefined && { key }),
      });
    },
  },
};

/**
 * Makes a classifier from what a user writes on the command line.
 *
 * @param specification for example `embedded`, `transformers:./toxic-bert`, `http://localhost:8080/v1alpha1/comments:analyze`
 * @throws ClassifierError `unknown-classifier`, listing those that exist; `classifier-unavailable`
 */
export async function createClassifier(
  specification: string,
  context: ClassifierContext,
): Promise<Classifier> {
  if (/^https?:/.test(specification)) return classifiers.http!.create(specification, context);
  const colon = specification.indexOf(':');
  const name = colon < 0 ? specification : specification.slice(0, colon);
  const entry = Object.hasOwn(classifiers, name) ? classifiers[name] : undefined;
  if (entry === undefined)
    throw new ClassifierError(
      `There is no classifier "${specification}"; known: ${Object.values(classifiers)
        .map(({ usage }) => usage)
        .join('; ')}.`,
      { code: 'unknown-classifier' },
    );
  return entry.create(colon < 0 ? '' : specification.slice(colon + 1), context);
}

/** `FOLDER,A=b,C=d` as a folder and assignments. */
function readAssignments(name: string, rest: string): [string, Record<string, string>] {
  const [model = '', ...assignments] = rest.split(',');
  if (model === '')
    throw new ClassifierError(`The classifier ${name} needs a model, as in ${name}:FOLDER.`, {
      code: 'classifier-unavailable',
    });
  return [
    model,
    Object.fromEntries(
      assignments.map((assignment) => {
        const at = assignment.lastIndexOf('=');
        return at < 1 ? [assignment, assignment] : [assignment.slice(0, at), assignment.slice(at + 1)];
      }),
    ),
  ];
}
