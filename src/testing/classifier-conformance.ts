import {
  type Classifier,
  type ClassifierInput,
  type ClassifierOutput,
  classify,
} from '../classifiers/classifier';
import { evaluate } from '../evaluate/evaluate';

/** One thing that a classifier has to do; `run` throws where it does not. For any test runner. */
export interface ConformanceCheck {
  name: string;
  run(): Promise<void>;
}

const comments: readonly ClassifierInput[] = [
  'Good that Europe arms itself.',
  'You stupid idiot.',
  '',
  'I will kill you',
  '😀 ümlaut <script>alert(1)</script>',
  'word '.repeat(3000),
  'Good that Europe arms itself.',
].map((text, index) => ({ id: `comment ${index}`, text }));

const withoutText: readonly ClassifierInput[] = ['', ' \n\t '].map((text, index) => ({
  id: `comment without text ${index}`,
  text,
}));

export interface ConformanceOptions {
  /** By how much scores may move with the batch; 0 except for models quantised dynamically. @default 0 */
  tolerance?: number;
  /** False for what answers without a look at the text, as baselines do: it may answer where there is none. @default true */
  readsText?: boolean;
}

/**
 * The checks that every classifier passes: one answer for each comment and in order, the same whatever the batch and on
 * every call, readable by `evaluate`, nothing scored that has no text, calls after `dispose` not required.
 *
 * @param create makes a fresh classifier for each check
 *
 * @example
 * for (const { name, run } of classifierConformance(() => createMine())) it(name, run);
 */
export function classifierConformance(
  create: () => Promise<Classifier> | Classifier,
  { tolerance = 0, readsText = true }: ConformanceOptions = {},
): ConformanceCheck[] {
  const using = async (work: (classifier: Classifier) => Promise<void>) => {
    const classifier = await create();
    try {
      await work(classifier);
    } finally {
      await classifier.dispose?.();
    }
  };
  const checks: ConformanceCheck[] = [
    {
      name: 'says its name, its batch limit and how many calls may overlap',
      run: () =>
        using(async ({ name, maxBatchSize, concurrency }) => {
          ensure(name.length > 0, 'The name is empty.');
          ensure(Number.isInteger(maxBatchSize) && maxBatchSize >= 1, `maxBatchSize is ${maxBatchSize}.`);
          ensure(Number.isInteger(concurrency) && concurrency >= 1, `concurrency is ${concurrency}.`);
        }),
    },
    {
      name: 'answers every comment once and in order, in rows that evaluate reads',
      run: () =>
        using(async (classifier) => {
          const answers = await classify(classifier, comments);
          ensure(
            answers.length === comments.length,
            `${answers.length} answers for ${comments.length} comments.`,
          );
          evaluate(
            answers,
            comments.map((comment) => ({ ...comment, gold: { toxicity: { toxicity: 0 } } })),
            { samples: 0 },
          );
        }),
    },
    {
      name: 'answers a comment the same alone, among others and on the next call',
      run: () =>
        using(async (classifier) => {
          const together = await classify(classifier, comments);
          const alone: ClassifierOutput[] = [];
          for (const comment of comments) alone.push(...(await classifier.classify([comment], {})));
          const again = await classify(classifier, [...comments].reverse());
          together.forEach((answer, index) => {
            ensureEqual(answer, alone[index]!, tolerance);
            ensureEqual(answer, again[comments.length - 1 - index]!, tolerance);
          });
          const { id: _, ...first } = together[0]!;
          const { id: __, ...last } = together.at(-1)!;
          ensureEqual(first, last, tolerance);
        }),
    },
    {
      name: 'takes no comments at all',
      run: () =>
        using(async (classifier) =>
          ensure((await classify(classifier, [])).length === 0, 'Answers to nothing.'),
        ),
    },
  ];
  if (readsText)
    checks.push({
      name: 'scores nothing that has no text',
      run: () =>
        using(async (classifier) => {
          for (const [index, answer] of (await classify(classifier, withoutText)).entries())
            ensure(
              answer.status !== 'labelled',
              `The text ${JSON.stringify(withoutText[index]!.text)} is labelled; skip it, for example with the reason "empty".`,
            );
        }),
    });
  return checks;
}

function ensure(right: boolean, message: string): void {
  if (!right) throw new Error(message);
}

function ensureEqual(a: unknown, b: unknown, tolerance: number): void {
  if (typeof a === 'number' && typeof b === 'number')
    ensure(Math.abs(a - b) <= tolerance, `A score is ${a} in one batch and ${b} in another.`);
  else if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null)
    ensure(a === b, `An answer is ${String(a)} in one batch and ${String(b)} in another.`);
  else
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
      ensureEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key], tolerance);
}
