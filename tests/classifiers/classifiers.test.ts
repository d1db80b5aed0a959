import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Classifier, type ClassifierOutput, classify } from '../../src/classifiers/classifier';
import { createEmbeddedClassifier } from '../../src/classifiers/embedded';
import { createMajorityClassifier } from '../../src/classifiers/majority';
import { createPerspectiveClassifier } from '../../src/classifiers/perspective';
import { createClassifier } from '../../src/classifiers/registry';
import { createStoredClassifier } from '../../src/classifiers/stored';
import { createStratifiedRandomClassifier } from '../../src/classifiers/stratified-random';
import { createTransformersClassifier } from '../../src/classifiers/transformers';
import { createWordListClassifier } from '../../src/classifiers/word-list';
import { createZeroShotClassifier } from '../../src/classifiers/zero-shot';
import { readGold } from '../../src/evaluate/gold';
import { classifierConformance } from '../../src/testing/classifier-conformance';
import { tinyModel } from '../../src/testing/tiny-model';

/** A model that fails at every batch with a comment that says so. */
vi.mock('../../src/model/sequence-classifier', async (importOriginal) => {
  const original = await importOriginal<typeof import('../../src/model/sequence-classifier')>();
  const loadSequenceClassifier: typeof original.loadSequenceClassifier = async (...given) => {
    const model = await original.loadSequenceClassifier(...given);
    return {
      ...model,
      async run(batch) {
        if (batch.some(({ text }) => text.includes('breaks the model'))) throw new Error('no memory left');
        return model.run(batch);
      },
    };
  };
  return { ...original, loadSequenceClassifier };
});

const data = (name: string) => fileURLToPath(new URL(`data/${name}`, import.meta.url));
const gold = readGold([
  { id: '1', text: 'a', gold: { stance: { europe: 'favor' }, toxicity: { toxicity: 1 } } },
  { id: '2', text: 'b', gold: { stance: { europe: 'none' }, toxicity: { toxicity: 0 } } },
  { id: '3', text: 'c', gold: { stance: { europe: 'none' }, toxicity: { toxicity: 0 } } },
]);
const ask = async (classifier: Classifier, ...texts: string[]) => {
  try {
    return await classify(
      classifier,
      texts.map((text, index) => ({ id: String(index), text })),
    );
  } finally {
    await classifier.dispose?.();
  }
};
const attributesOf = (output: ClassifierOutput) =>
  (output.status === 'labelled' ? output.labels.toxicity!.attributes : {}) as Record<string, number>;

/** A server of Perspective's shape: its score is the share of capital letters. */
let server: Server;
let url: string;
let requests: { key: string | null; body: unknown }[] = [];
let failures = 0;
/** Answers that stop in their midst, and then break off or stall. */
let halves = 0;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const body = JSON.parse(text);
    requests.push({ key: new URL(request.url!, 'http://x').searchParams.get('key'), body });
    const reply = (status: number, answer: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    };
    if (failures-- > 0) return reply(503, {});
    if (halves-- > 0) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{ "attributeScores": {');
      if (request.url!.startsWith('/breaks-off')) setTimeout(() => response.destroy(), 20);
      return;
    }
    if (request.url!.startsWith('/forbidden')) return reply(403, { error: { message: 'no such key' } });
    const refuse = (errorType: string) =>
      reply(400, { error: { message: errorType, details: [{ errorType }] } });
    if (body.comment.text.length > 10_000) return refuse('COMMENT_TOO_LONG');
    if (body.comment.text.includes('bonjour')) return refuse('LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE');
    if (request.url!.startsWith('/odd')) return reply(200, { attributeScores: {} });
    const value = body.comment.text.replace(/[^A-Z]/g, '').length / body.comment.text.length;
    const attributeScores = Object.fromEntries(
      Object.keys(body.requestedAttributes).map((name) => [
        name,
        { summaryScore: { value, type: 'PROBABILITY' } },
      ]),
    );
    return reply(200, { attributeScores });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

describe.each<[string, () => Promise<Classifier> | Classifier]>([
  ['majority', () => createMajorityClassifier(gold)],
  ['stratified-random', () => createStratifiedRandomClassifier(gold)],
  ['word-list', () => createWordListClassifier()],
  [
    'stored predictions',
    () => createStoredClassifier([{ id: 'comment 3', status: 'skipped', reason: 'empty' }]),
  ],
  ['embedded', () => createEmbeddedClassifier({ model: tinyModel() })],
  ['transformers', () => createTransformersClassifier({ model: data('tiny-toxic'), batchSize: 3 })],
  ['zero-shot', () => createZeroShotClassifier({ model: data('tiny-nli'), batchSize: 5 })],
  ['http', () => createPerspectiveClassifier({ url: `${url}/v1alpha1/comments:analyze` })],
])('%s keeps the contract', (name, create) => {
  // Ids say which comment it is: stored predictions and random draws differ between comments of the same text.
  const byId = name === 'stored predictions' || name === 'stratified-random';
  const readsText = name !== 'majority' && name !== 'stratified-random';
  for (const check of classifierConformance(create, { tolerance: 1e-6, readsText })) {
    if (byId && check.name.includes('same alone')) continue;
    it(check.name, check.run);
  }
});

describe('transformers', () => {
  it("maps the usual labels to attributes and gives each the model's own probability", async () => {
    const [clean, rude, threat, empty] = await ask(
      await createTransformersClassifier({ model: data('tiny-toxic') }),
      'good side',
      'You stupid idiot',
      'I kill you',
      '  ',
    );
    expect(attributesOf(clean!)).toEqual({
      toxicity: expect.closeTo(1 / (1 + Math.exp(3)), 5),
      insult: expect.closeTo(1 / (1 + Math.exp(3)), 5),
      threat: expect.closeTo(1 / (1 + Math.exp(3)), 5),
    });
    expect(attributesOf(rude!).toxicity).toBeCloseTo(1 / (1 + Math.exp(-4)), 5);
    expect(attributesOf(rude!).threat).toBeLessThan(0.1);
    expect(attributesOf(threat!).threat).toBeCloseTo(1 / (1 + Math.exp(-2)), 5);
    expect(empty).toMatchObject({ status: 'skipped', reason: 'empty' });
  });

  it('takes a mapping of its labels, to attributes and to stance', async () => {
    const [answer] = await ask(
      await createTransformersClassifier({
        model: data('tiny-nli'),
        labels: {
          ENTAILMENT: 'stance.europe.favor',
          CONTRADICTION: 'stance.europe.against',
          NEUTRAL: 'stance.europe.none',
        },
      }),
      'good',
    );
    expect(answer).toMatchObject({ labels: { stance: { targets: { europe: { label: 'against' } } } } });
  });

  it('refuses models without known labels, absent models and downloads that were not allowed', async () => {
    await expect(createTransformersClassifier({ model: data('tiny-nli') })).rejects.toThrow(
      /CONTRADICTION, NEUTRAL, ENTAILMENT.*ENTAILMENT=toxicity/,
    );
    await expect(
      createTransformersClassifier({ model: data('tiny-nli'), labels: { no: 'x' } }),
    ).rejects.toThrow(/no label "no"/);
    await expect(createTransformersClassifier({ model: 'Xenova/toxic-bert' })).rejects.toMatchObject({
      code: 'classifier-unavailable',
      message: expect.stringContaining('--allow-remote'),
    });
  });
});

describe.each([
  ['transformers', () => createTransformersClassifier({ model: data('tiny-toxic') })],
  ['zero-shot', () => createZeroShotClassifier({ model: data('tiny-nli') })],
])('%s', (_, create) => {
  it('lets a comment that the model fails at fail alone', async () => {
    const answers = await ask(await create(), 'good', 'this breaks the model', ' ', 'bad');
    expect(answers).toMatchObject([
      { id: '0', status: 'labelled' },
      { id: '1', status: 'failed', error: { code: 'model-failed', message: 'no memory left' } },
      { id: '2', status: 'skipped', reason: 'empty' },
      { id: '3', status: 'labelled' },
    ]);
  });
});

describe('zero-shot', () => {
  it('pairs each comment with a hypothesis a label', async () => {
    const [favor, against, toxic] = await ask(
      await createZeroShotClassifier({
        model: data('tiny-nli'),
        targets: { europe: 'Europe' },
        attributes: { toxicity: 'This comment is toxic.' },
      }),
      'good',
      'bad',
      'idiot',
    );
    const stance = (output: ClassifierOutput) =>
      output.status === 'labelled' ? output.labels.stance!.targets.europe! : undefined;
    expect(stance(favor!)!.label).toBe('favor');
    expect(stance(favor!)!.scores!.favor).toBeGreaterThan(0.9);
    expect(stance(against!)!.label).toBe('against');
    expect(attributesOf(toxic!).toxicity).toBeGreaterThan(0.9);
    expect(attributesOf(favor!).toxicity).toBeLessThan(0.2);
  });

  it('cuts a comment that is too long for the model, and not the hypothesis', async () => {
    // The tiny model reads 32 tokens.
    const filler = ' comment'.repeat(60);
    const create = () => createZeroShotClassifier({ model: data('tiny-nli') });
    const [long, alone, late] = await ask(
      await create(),
      `idiot good${filler}`,
      'idiot good',
      `${filler} good`,
    );
    const stance = (output: ClassifierOutput) =>
      output.status === 'labelled' ? output.labels.stance!.targets.europe!.label : undefined;
    expect(stance(long!)).toBe('favor');
    expect(attributesOf(long!).toxicity).toBeCloseTo(attributesOf(alone!).toxicity!, 5);
    expect(attributesOf(long!).toxicity).toBeGreaterThan(0.9);
    // What is cut is the end of the comment.
    expect(stance(late!)).toBe('none');
  });

  it('refuses a model that is none of inference', async () => {
    await expect(createZeroShotClassifier({ model: data('tiny-toxic') })).rejects.toThrow(
      /toxic, insult, threat, not entailment/,
    );
  });
});

describe('http', () => {
  it("asks for Perspective's names, with the key, and reads its scores", async () => {
    requests = [];
    const [answer] = await ask(
      createPerspectiveClassifier({ url: `${url}/v1`, key: 'k', attributes: ['insult'] }),
      'ABcd',
    );
    expect(answer).toEqual({
      id: '0',
      status: 'labelled',
      labels: { toxicity: { attributes: { insult: 0.5 } } },
    });
    expect(requests[0]).toMatchObject({
      key: 'k',
      body: {
        comment: { text: 'ABcd' },
        requestedAttributes: { INSULT: {} },
        doNotStore: true,
        languages: ['en'],
      },
    });
  });

  it('skips or fails a comment that is refused, and tries a busy server again', async () => {
    const [french, long] = await ask(
      createPerspectiveClassifier({ url: `${url}/v1` }),
      'bonjour',
      'x'.repeat(20_000),
    );
    expect(french).toMatchObject({ status: 'skipped', reason: 'unsupported-language' });
    expect(long).toMatchObject({ status: 'failed', error: { code: 'COMMENT_TOO_LONG' } });
    failures = 2;
    const [answer] = await ask(createPerspectiveClassifier({ url: `${url}/v1`, concurrency: 1 }), 'AB');
    expect(attributesOf(answer!).threat).toBe(1);
    const [odd] = await ask(createPerspectiveClassifier({ url: `${url}/odd` }), 'x');
    expect(odd).toMatchObject({ status: 'failed', error: { code: 'invalid-answer' } });
  });

  it.each(['stalls', 'breaks-off'])('tries a request again whose answer %s in its midst', async (path) => {
    halves = 1;
    const classifier = createPerspectiveClassifier({ url: `${url}/${path}`, timeout: 200 });
    const [answer] = await ask(classifier, 'AB');
    expect(attributesOf(answer!).threat).toBe(1);
  });

  it('says that an answer timed out, and throws what the caller aborted for', async () => {
    halves = 1;
    await expect(
      ask(createPerspectiveClassifier({ url: `${url}/stalls`, timeout: 100, retries: 0 }), 'x'),
    ).rejects.toMatchObject({
      code: 'classifier-unavailable',
      message: expect.stringMatching(/does not answer: .*timeout/),
    });
    halves = 1;
    const controller = new AbortController();
    const answers = createPerspectiveClassifier({ url: `${url}/stalls` }).classify([{ id: '0', text: 'x' }], {
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(new Error('enough')), 100);
    await expect(answers).rejects.toThrow('enough');
  });

  it('gives up where no request can succeed', async () => {
    await expect(ask(createPerspectiveClassifier({ url: `${url}/forbidden` }), 'x')).rejects.toMatchObject({
      code: 'classifier-failed',
      message: expect.stringContaining('no such key'),
    });
    await expect(
      ask(createPerspectiveClassifier({ url: 'http://127.0.0.1:9/', retries: 0 }), 'x'),
    ).rejects.toMatchObject({
      code: 'classifier-unavailable',
    });
    expect(() => createPerspectiveClassifier({ url: 'localhost' })).toThrow(/not an address/);
  });
});

describe('the runner and the registry', () => {
  it('keeps batches within the limit, overlaps as far as allowed and keeps order', async () => {
    let underWay = 0;
    let most = 0;
    const sizes: number[] = [];
    const classifier: Classifier = {
      name: 'slow',
      maxBatchSize: 3,
      concurrency: 2,
      async classify(batch) {
        most = Math.max(most, ++underWay);
        sizes.push(batch.length);
        await new Promise((resolve) => setTimeout(resolve, batch[0]!.id === '0' ? 30 : 2));
        underWay--;
        return batch.map(({ id }) => ({ id, status: 'skipped', reason: 'empty' }));
      },
    };
    const ids = Array.from({ length: 11 }, (_, index) => String(index));
    const answers = await classify(
      classifier,
      ids.map((id) => ({ id, text: id })),
    );
    expect(answers.map(({ id }) => id)).toEqual(ids);
    expect(sizes).toEqual([3, 3, 3, 2]);
    expect(most).toBe(2);
  });

  it('refuses answers that are missing or belong to another comment', async () => {
    const broken = (answers: ClassifierOutput[]): Classifier => ({
      name: 'broken',
      maxBatchSize: 9,
      concurrency: 1,
      classify: async () => answers,
    });
    await expect(classify(broken([]), [{ id: 'a', text: '' }])).rejects.toMatchObject({
      code: 'classifier-invalid-answer',
    });
    await expect(
      classify(broken([{ id: 'b', status: 'skipped', reason: 'empty' }]), [{ id: 'a', text: '' }]),
    ).rejects.toThrow(/"b" where comment "a" was next/);
  });

  it.each([
    ['maxBatchSize', undefined],
    ['maxBatchSize', 0],
    ['maxBatchSize', 1.5],
    ['concurrency', undefined],
    ['concurrency', 0],
    ['concurrency', Number.NaN],
  ])('refuses a classifier whose %s is %s', async (limit, value) => {
    const classifier = { ...createMajorityClassifier(gold), [limit]: value };
    await expect(classify(classifier, [{ id: 'a', text: '' }])).rejects.toMatchObject({
      code: 'classifier-invalid',
      message: `${limit} of majority must be a whole number from 1, not ${value}.`,
    });
  });

  it('begins no batch after one that failed', async () => {
    let calls = 0;
    const classifier: Classifier = {
      name: 'broken',
      maxBatchSize: 1,
      concurrency: 4,
      async classify([comment]) {
        calls += 1;
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (comment!.id === '0') throw new Error('no more credit');
        return [{ id: comment!.id, status: 'skipped', reason: 'empty' }];
      },
    };
    const comments = Array.from({ length: 40 }, (_, index) => ({ id: String(index), text: 'x' }));
    await expect(classify(classifier, comments)).rejects.toThrow('no more credit');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls).toBe(4);
  });

  it('answers from stored rows, under ids of any kind, and says what it lacks to read them', async () => {
    const readRows = async () => [{ id: 1, status: 'skipped', reason: 'empty' }];
    const classifier = await createClassifier('predictions:rows.jsonl', { gold, readRows });
    expect(await classify(classifier, [{ id: '1', text: 'a' }])).toEqual([
      { id: '1', status: 'skipped', reason: 'empty' },
    ]);
    await expect(createClassifier('predictions', { gold, readRows })).rejects.toThrow('predictions:FILE');
    await expect(createClassifier('predictions:rows.jsonl', { gold })).rejects.toThrow(/readRows/);
  });

  it('makes classifiers by name, and lists them for an unknown one', async () => {
    expect((await createClassifier('majority', { gold })).name).toBe('majority');
    expect(
      (await createClassifier(`transformers:${data('tiny-toxic')},toxic=insult`, { gold })).name,
    ).toContain('tiny-toxic');
    await expect(createClassifier('bert', { gold })).rejects.toMatchObject({
      code: 'unknown-classifier',
      message: expect.stringMatching(/embedded.*transformers:FOLDER.*zero-shot.*word-list.*majority/),
    });
  });

  it("carries the embedded model's thresholds", async () => {
    const classifier = await createEmbeddedClassifier({ model: tinyModel() });
    expect(Object.keys(classifier.thresholds!)).toContain('toxicity');
    await classifier.dispose!();
  });
});
