import { describe, expect, it } from 'vitest';
import { createLabeler } from '../../src/label/labeler';
import { tinyModel } from '../../src/testing/tiny-model';
import type { Outcome } from '../../src/types';

const tinyFolder = new URL('../model/data/tiny-model', import.meta.url).pathname;
const english = 'Europe should stay out of this and let the Americans handle it.';

const statuses = (outcomes: Outcome[]) => outcomes.map((outcome) => outcome.status);

describe('createLabeler', () => {
  it('labels with a model folder and says which model it was', async () => {
    const labeler = createLabeler({ model: tinyFolder });
    const [outcome] = await labeler.label([english]);
    expect(outcome).toMatchObject({
      id: '0',
      status: 'labelled',
      labels: { language: 'en', truncated: false, model: { name: 'tiny', version: '1.0.0' } },
    });
    if (outcome?.status !== 'labelled') throw new Error('not labelled');
    expect(outcome.labels.model.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    for (const stance of Object.values(outcome.labels.stance.targets))
      expect(stance.scores.favor + stance.scores.against + stance.scores.none).toBeCloseTo(1, 5);
    await labeler.dispose();
  });

  it('gives one outcome for each comment, in order, under the ids of the comments', async () => {
    const labeler = createLabeler({ model: tinyModel(), tokenBudget: 64 });
    const comments = Array.from({ length: 200 }, (_, index) => ({
      id: `c${index}`,
      text: index % 10 === 3 ? ' ' : `${english} ${'more words '.repeat(index % 17)}`,
    }));
    const outcomes = await labeler.label(comments);
    expect(outcomes.map((outcome) => outcome.id)).toEqual(comments.map((comment) => comment.id));
    expect(outcomes.filter((outcome) => outcome.status === 'skipped')).toHaveLength(20);
  });

  it('scores a comment the same to the last digit whatever its neighbours are', async () => {
    const labeler = createLabeler({ model: tinyFolder });
    const others = Array.from(
      { length: 40 },
      (_, index) => `${english} ${'No more war. '.repeat(index % 9)}`,
    );
    const [alone] = await labeler.label([english]);
    const among = await labeler.label([...others, english]);
    expect(among.at(-1)).toEqual({ ...alone, id: '40' });
    await labeler.dispose();
  });

  it('skips what it cannot label, and says why', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    const outcomes = await labeler.label([
      '',
      ' \n\t ',
      '...!?',
      'Ich glaube nicht, dass die Amerikaner uns helfen werden.',
      'Россия должна уйти из Украины',
      { id: 'gone', text: '[deleted]', status: 'deleted' },
      { id: 'reply', text: 'You said: Europe is weak.', quotes: [{ start: 0, end: 25 }] },
      'lol no',
      '👍',
    ]);
    expect(
      outcomes.map((outcome) => (outcome.status === 'skipped' ? outcome.reason : outcome.status)),
    ).toEqual([
      'empty',
      'empty',
      'empty',
      'unsupported-language',
      'unsupported-language',
      'not-published',
      'empty',
      'labelled',
      'labelled',
    ]);
  });

  it('labels unpublished comments on demand', async () => {
    const labeler = createLabeler({ model: tinyModel(), includeUnpublished: true });
    expect(statuses(await labeler.label([{ id: 'p', text: english, status: 'pending' }]))).toEqual([
      'labelled',
    ]);
  });

  it('does not label a comment for what it quotes', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    const quoted = 'Shut up you idiot. ';
    const [own, answer] = await labeler.label([
      english,
      { id: '0', text: quoted + english, quotes: [{ start: 0, end: quoted.length }] },
    ]);
    expect(answer).toEqual(own);
  });

  it('reports truncation, also of texts of megabytes', async () => {
    const labeler = createLabeler({ model: tinyFolder });
    const [short, long, huge] = await labeler.label([
      english,
      `${english} `.repeat(20),
      `${english} `.repeat(50_000),
    ]);
    const truncated = (outcome?: Outcome) => outcome?.status === 'labelled' && outcome.labels.truncated;
    expect([truncated(short), truncated(long), truncated(huge)]).toEqual([false, true, true]);
    await labeler.dispose();
  });

  it('lets one bad comment fail alone', async () => {
    const labeler = createLabeler({ model: tinyModel({ failOn: 'poison' }) });
    const outcomes = await labeler.label([
      english,
      `${english} poison`,
      { id: 'number', text: 7 as unknown as string },
      null as unknown as string,
      `${english} indeed`,
    ]);
    expect(statuses(outcomes)).toEqual(['labelled', 'failed', 'failed', 'failed', 'labelled']);
    expect(outcomes[1]).toMatchObject({ error: { code: 'model-failed' } });
    expect(outcomes[2]).toMatchObject({ id: 'number', error: { code: 'invalid-comment' } });
  });

  it('reads the model once, though calls overlap', async () => {
    const labeler = createLabeler({ model: tinyFolder });
    const calls = await Promise.all([labeler.label([english]), labeler.label([english]), labeler.load()]);
    expect(calls[0]).toEqual(calls[1]);
    await labeler.dispose();
  });

  it('finishes what is under way when it is disposed of, and refuses the rest', async () => {
    const labeler = createLabeler({ model: tinyModel({ delay: 20 }) });
    const call = labeler.label([english]);
    await labeler.dispose();
    expect(statuses(await call)).toEqual(['labelled']);
    await expect(labeler.label([english])).rejects.toMatchObject({ code: 'model-disposed' });
  });

  it('answers nothing with nothing', async () => {
    expect(await createLabeler({ model: tinyModel() }).label([])).toEqual([]);
  });

  it('lets what is no comment fail alone, in this process and with workers', async () => {
    const getter = {
      id: 'getter',
      get text(): string {
        throw new Error('not today');
      },
    };
    const nameless = { id: Object.create(null), text: english };
    const bad: unknown[] = [
      { id: 'quote', text: english, quotes: [null] },
      { id: 'span', text: english, quotes: [{ start: 1n, end: 2n }] },
      { id: 'text', text: () => english },
      { id: 'status', text: english, status: () => 'approved' },
      getter,
      nameless,
      undefined,
      7,
    ];
    const comments = [english, ...bad, english] as string[];
    for (const workers of [0, 1]) {
      const labeler = createLabeler({ model: tinyFolder, workers });
      const outcomes = await labeler.label(comments);
      expect(statuses(outcomes)).toEqual(['labelled', ...bad.map(() => 'failed'), 'labelled']);
      expect(outcomes.map(({ id }) => id)).toEqual([
        '0',
        'quote',
        'span',
        'text',
        'status',
        'getter',
        '6',
        '7',
        '8',
        '9',
      ]);
      for (const outcome of outcomes)
        if (outcome.status === 'failed') expect(outcome.error.code).toBe('invalid-comment');
      expect(outcomes[5]).toMatchObject({ error: { message: 'Comment getter cannot be read: not today' } });
      const streamed: Outcome[] = [];
      for await (const outcome of labeler.stream(comments)) streamed.push(outcome);
      expect(streamed).toEqual(outcomes);
      await labeler.dispose();
    }
  });

  it('gives a hole in the list an outcome too', async () => {
    const labeler = createLabeler({ model: tinyModel() });
    const comments = [english, english, english];
    delete comments[1];
    expect(statuses(await labeler.label(comments))).toEqual(['labelled', 'failed', 'labelled']);
  });
});
