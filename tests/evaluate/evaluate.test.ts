import { describe, expect, it } from 'vitest';
import { reportTables } from '../../src/cli/eval-table';
import { EvaluationError } from '../../src/errors';
import { agreement } from '../../src/evaluate/agreement';
import { buildReport } from '../../src/evaluate/build-report';
import { evaluate } from '../../src/evaluate/evaluate';
import { checkDrop, checkGates } from '../../src/evaluate/gates';
import { htmlReport } from '../../src/evaluate/html';
import { junitReport } from '../../src/evaluate/junit';
import { markdownReport } from '../../src/evaluate/markdown';

const gold = [
  {
    id: 'a',
    text: 'x',
    source: 'news',
    gold: { stance: { europe: 'favor', us: 'none' }, toxicity: { insult: 0 } },
  },
  {
    id: 'b',
    text: 'you shit',
    source: 'news',
    gold: { stance: { europe: 'against' }, toxicity: { insult: 1 } },
  },
  {
    id: 'c',
    text: 'z',
    source: 'forum',
    gold: { stance: { europe: 'none', us: 'against' }, toxicity: { insult: 0 } },
  },
];
const stance = (europe: string, us: string) => ({
  targets: { europe: { label: europe }, us: { label: us } },
});
const predictions = [
  {
    id: 'c',
    status: 'labelled',
    labels: { stance: stance('none', 'none'), toxicity: { attributes: { insult: 0.6 } } },
  },
  {
    id: 'a',
    status: 'labelled',
    labels: { stance: stance('favor', 'none'), toxicity: { attributes: { insult: 0.2 } } },
  },
  { id: 'b', status: 'skipped', reason: 'unsupported-language' },
];

const refusal = (work: () => unknown): EvaluationError => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(EvaluationError);
    return error as EvaluationError;
  }
  throw new Error('nothing was thrown');
};

describe('evaluate', () => {
  it('counts what was skipped and never scores it as "none"', () => {
    const { coverage, stance, metrics } = evaluate(predictions, gold);
    expect(coverage).toMatchObject({ gold: 3, labelled: 2, partial: 0, skipped: 1, failed: 0, missing: 0 });
    expect(coverage.reasons).toEqual({ 'skipped: unsupported-language': 1 });
    expect(stance.targets.europe!.confusion.against).toEqual({ favor: 0, against: 0, none: 0 });
    expect(metrics['stance.europe.accuracy']).toMatchObject({ value: 1, comments: 2 });
    expect(metrics['stance.us.accuracy']!.value).toBe(0.5);
    expect(metrics.coverage!.value).toBeCloseTo(2 / 3);
  });

  it('says which figures are 0/0', () => {
    const { undefinedMetrics, metrics } = evaluate(predictions, gold);
    expect(metrics['stance.europe.f1.against']!.value).toBe(0);
    expect(undefinedMetrics).toContain('stance.europe.f1.against');
    expect(undefinedMetrics).not.toContain('stance.europe.f1.favor');
    expect(
      evaluate(predictions, gold, { zeroDivision: null }).metrics['stance.europe.f1.against']!.value,
    ).toBeNull();
  });

  it('counts a comment as answered only where all that gold judges of it is', () => {
    const rows = [
      { id: 'a', labels: { stance: { targets: { europe: { label: 'favor' } } } } },
      { id: 'b', labels: { stance: { targets: { Europe: { label: 'against' } } } } },
      { id: 'c', labels: {} },
    ];
    const { coverage, stance, toxicity, metrics } = evaluate(rows, gold, { samples: 0 });
    expect(coverage).toMatchObject({ gold: 3, labelled: 0, partial: 1, missing: 2, share: 0 });
    expect(stance.coverage).toMatchObject({ gold: 3, labelled: 0, partial: 1, missing: 2 });
    expect(toxicity.coverage).toMatchObject({ gold: 3, labelled: 0, partial: 0, missing: 3 });
    expect(metrics['stance.europe.coverage']).toMatchObject({ value: expect.closeTo(1 / 3), comments: 3 });
    expect(metrics['stance.us.coverage']).toMatchObject({ value: 0, comments: 2 });
    const onlyStance = predictions.map((row) =>
      row.labels ? { ...row, labels: { stance: row.labels.stance } } : row,
    );
    const covered = evaluate(onlyStance, gold, { samples: 0 }).metrics;
    expect(covered['stance.coverage']!.value).toBeCloseTo(2 / 3);
    expect(covered.coverage!.value).toBe(0);
  });

  it('does not let a classifier that leaves the hard comments of a target out pass for one that answers all', () => {
    const both = Array.from({ length: 40 }, (_, index) => ({
      id: `${index}`,
      gold: { stance: { easy: 'favor', hard: 'favor' } },
    }));
    const partial = both.map(({ id }, index) => ({
      id,
      labels: {
        stance: { targets: { easy: { label: 'favor' }, ...(index < 4 && { hard: { label: 'favor' } }) } },
      },
    }));
    const report = buildReport([{ name: 'partial', predictions: partial }], both, { samples: 0 });
    expect(checkGates(report, [{ metric: 'coverage', kind: 'atLeast', bound: 1 }])[0]!.passed).toBe(false);
    const markdown = markdownReport(report);
    expect(markdown).toContain('4 of 40 comments answered (10.0%); 36 in part.');
    expect(markdown).toMatch(/\| hard \|.* \| 4 of 40 \|/);
    expect(markdown).toMatch(/\| mean \|.* \| 4 of 40, 36 in part \|/);
  });

  it('lists and marks figures of which a part alone is 0/0', () => {
    const report = buildReport([{ name: 'mine', predictions }], gold, { slices: ['source'], samples: 0 });
    const { metrics, undefinedMetrics, slices } = report.evaluations[0]!;
    expect(metrics['stance.europe.f1Average']!.value).toBe(0.5);
    expect(undefinedMetrics).toContain('stance.europe.f1Average');
    expect(undefinedMetrics).toContain('stance.f1Average');
    expect(undefinedMetrics).not.toContain('stance.europe.accuracy');
    expect(slices.source!.news!.undefinedMetrics).toContain('stance.f1Average');
    const markdown = markdownReport(report);
    expect(markdown).toContain('| europe | 0.500† |');
    expect(markdown).toContain('† counts 0/0');
    expect(evaluate(predictions, gold, { zeroDivision: null }).undefinedMetrics).toEqual([]);
  });

  it('counts comments once, however many judgements they have', () => {
    const { metrics } = evaluate(predictions, gold, { samples: 0 });
    expect(metrics['stance.f1Average']).toMatchObject({ comments: 2, judgements: 4, groups: 2 });
    expect(metrics['stance.pooled.accuracy']).toMatchObject({ comments: 2, judgements: 4 });
    expect(metrics['stance.us.accuracy']).toMatchObject({ comments: 2, judgements: 2 });
  });

  it('takes any name that an object has by birth', () => {
    const rows: unknown[] = [
      { id: '1', gold: { stance: { constructor: 'favor' }, toxicity: { toString: 1 } } },
      { id: '2', gold: { stance: { us: 'favor' }, toxicity: { insult: 1 } } },
    ];
    const { metrics } = evaluate([], rows, { samples: 0, thresholds: { insult: 0.5 } });
    expect(metrics['stance.constructor.coverage']!.comments).toBe(1);
    expect(metrics['toxicity.toString.coverage']!.comments).toBe(1);
  });

  it('takes rounded scores as the same probabilities in metrics and in curves', () => {
    const rows = [0, 1].map((id) => ({ id, gold: { stance: { us: 'favor' } } }));
    const scores = { favor: 0.66, against: 0.16, none: 0.16 };
    const answers = rows.map(({ id }) => ({ id, labels: { stance: { targets: { us: { scores } } } } }));
    const { stance, metrics } = evaluate(answers, rows, { samples: 0 });
    const bin = stance.targets.us!.reliability!.find(({ count }) => count > 0)!;
    expect(bin.meanScore).toBeCloseTo(0.66 / 0.98, 12);
    expect(metrics['stance.us.expectedCalibrationError']!.value).toBeCloseTo(1 - bin.meanScore!, 12);
  });

  it('leaves the mean undefined where a classifier answers only one of two targets', () => {
    const partial = predictions.map((row) =>
      row.labels ? { ...row, labels: { stance: { targets: { europe: { label: 'favor' } } } } } : row,
    );
    const { metrics, stance } = evaluate(partial, gold);
    expect(metrics['stance.f1Average']!.value).toBeNull();
    expect(stance.targets.us!.coverage.missing).toBe(2);
  });

  it('leaves the mean of a metric that needs scores undefined where a part has none', () => {
    const rows = Array.from({ length: 8 }, (_, id) => ({
      id,
      gold: { stance: { europe: 'favor', us: 'none' }, toxicity: { toxicity: id % 2, insult: id % 2 } },
    }));
    const answers = rows.map(({ id }) => ({
      id,
      labels: {
        stance: {
          targets: {
            europe: { scores: { favor: 0.8, against: 0.1, none: 0.1 } },
            us: { label: 'none' },
          },
        },
        // One label without a score, and the column has no scores.
        toxicity: { attributes: { toxicity: 0.1 + 0.8 * (id % 2), insult: id === 3 ? true : 0.2 } },
      },
    }));
    const { metrics } = evaluate(answers, rows, { samples: 50 });
    for (const metric of ['rocAuc', 'prAuc', 'brierScore', 'logLoss', 'expectedCalibrationError']) {
      expect(metrics[`toxicity.toxicity.${metric}`]!.value, metric).not.toBeNull();
      expect(metrics[`toxicity.${metric}`], metric).toMatchObject({ value: null, interval: null });
    }
    expect(metrics['stance.europe.brierScore']!.value).not.toBeNull();
    expect(metrics['stance.brierScore']!.value).toBeNull();
    expect(metrics['toxicity.accuracy']!.value).toBeCloseTo((1 + 5 / 8) / 2, 12);
    expect(metrics['stance.accuracy']!.value).toBe(1);
  });

  it('puts baselines beside every figure', () => {
    const all = [predictions[0], predictions[1], { ...predictions[1], id: 'b' }];
    const { baselines } = evaluate(all, gold);
    expect(Object.keys(baselines)).toEqual(['majority', 'stratified-random', 'word-list']);
    expect(baselines.majority.metrics['toxicity.insult.accuracy']).toBeCloseTo(2 / 3);
    expect(baselines['word-list'].metrics['toxicity.insult.f1']).toBe(1);
    expect(baselines['word-list'].metrics['stance.f1Average']).toBeNull();
  });

  it('measures baselines on the comments that the classifier answered', () => {
    const rows = Array.from({ length: 100 }, (_, index) => ({
      id: `${index}`,
      gold: { stance: { us: index < 60 ? 'favor' : 'against' } },
    }));
    const likeMajority = rows.map(({ id }, index) =>
      index < 65
        ? { id, labels: { stance: { targets: { us: { label: 'favor' } } } } }
        : { id, status: 'skipped', reason: 'empty' },
    );
    const { metrics, baselines } = evaluate(likeMajority, rows, { samples: 0 });
    for (const name of ['stance.us.accuracy', 'stance.us.f1Average'])
      expect(baselines.majority.metrics[name]).toBe(metrics[name]!.value);
  });

  it('reports slices and the errors with their comments', () => {
    const { slices, errors } = evaluate(predictions, gold, { slices: ['source'] });
    expect(Object.keys(slices.source!)).toEqual(['forum', 'news']);
    expect(slices.source!.news!.coverage).toMatchObject({ gold: 2, labelled: 1, skipped: 1 });
    expect(errors.total).toBe(2);
    expect(errors.rows[0]).toMatchObject({
      id: 'c',
      name: 'insult',
      gold: '0',
      predicted: '1',
      score: 0.6,
      slices: { source: ['forum'] },
    });
  });

  it('averages a slice over the targets that its gold rows judge', () => {
    const { slices } = evaluate([predictions[0]!, predictions[1]!, { ...predictions[1]!, id: 'b' }], gold, {
      slices: ['id'],
    });
    expect(slices.id!.b!.metrics['stance.accuracy']).toMatchObject({ value: 0, comments: 1 });
    expect(slices.id!.c!.metrics['stance.accuracy']!.value).toBe(0.5);
  });

  it('takes thresholds from the options, then from the row, then 0.5', () => {
    const predict = (toxicity: object) => [{ id: '1', labels: { toxicity } }];
    const one = [{ id: '1', text: '', gold: { toxicity: { toxicity: 1 } } }];
    const recall = (toxicity: object, thresholds?: number | Record<string, number>) =>
      evaluate(predict(toxicity), one, thresholds === undefined ? {} : { thresholds }).metrics[
        'toxicity.toxicity.recall'
      ]!.value;
    expect(recall({ attributes: { toxicity: 0.45 } })).toBe(0);
    expect(recall({ attributes: { toxicity: 0.45 } }, 0.4)).toBe(1);
    expect(recall({ attributes: { toxicity: 0.45 } }, { toxicity: 0.4 })).toBe(1);
    expect(recall({ attributes: { toxicity: 0.45 }, thresholds: { toxicity: 0.4 } })).toBe(1);
    expect(recall({ label: true, score: 0.45, attributes: { toxicity: 0.45 } })).toBe(1);
    expect(recall({ label: true, score: 0.45, attributes: { toxicity: 0.45 } }, 0.5)).toBe(0);
    expect(recall({ attributes: { toxicity: true } })).toBe(1);
    expect(recall({ attributes: { toxicity: { label: true, score: 0.1 } } })).toBe(1);
  });

  it('takes the label of the greatest score where a row has scores only', () => {
    const rows = [
      {
        id: 'a',
        labels: { stance: { targets: { europe: { scores: { favor: 0.2, against: 0.5, none: 0.3 } } } } },
      },
    ];
    expect(evaluate(rows, [gold[0]]).stance.targets.europe!.confusion.favor.against).toBe(1);
  });
});

describe('misuse is refused with the row and the remedy', () => {
  const labelled = (labels: object) => [{ id: 'a', status: 'labelled', labels }];
  const target = (europe: unknown) => labelled({ stance: { targets: { europe } } });
  const cases: [string, () => unknown, string, RegExp][] = [
    ['an empty gold file', () => evaluate([], []), 'gold-empty', /give at least one/],
    [
      'gold without labels',
      () => evaluate([], [{ id: 'a', text: '' }]),
      'gold-invalid',
      /row 1 \(id "a"\).*"gold" is missing/,
    ],
    [
      'gold without an id',
      () => evaluate([], [{ text: '', gold: {} }]),
      'gold-invalid',
      /row 1: "id" is missing/,
    ],
    [
      'an unknown gold label',
      () => evaluate([], [{ id: 'a', gold: { stance: { us: 'pro' } } }]),
      'unknown-label',
      /"us" has the label "pro"; use favor/,
    ],
    [
      'a share of raters as gold',
      () => evaluate([], [{ id: 'a', gold: { toxicity: { insult: 0.4 } } }]),
      'unknown-label',
      /0\.4; use 0 or 1/,
    ],
    [
      'a gold id twice',
      () => evaluate([], [gold[0], gold[0]]),
      'duplicate-id',
      /rows 1 and 2 have the same id "a"/,
    ],
    [
      'a prediction id twice',
      () => evaluate([predictions[1], predictions[1]], gold),
      'duplicate-id',
      /Prediction rows 1 and 2/,
    ],
    [
      'an id that gold lacks',
      () => evaluate([...predictions, { ...predictions[2], id: 'q' }], gold),
      'unknown-id',
      /row 4 has the id "q".*ignore/,
    ],
    [
      'ids that do not match at all',
      () => evaluate([{ ...predictions[2], id: 'q' }], gold, { ignoreUnknownIds: true }),
      'unknown-id',
      /first gold id is "a"/,
    ],
    [
      'a score over 1',
      () => evaluate(labelled({ toxicity: { attributes: { insult: 1.2 } } }), gold),
      'score-out-of-range',
      /row 1 \(id "a"\).*insult.*1\.2/,
    ],
    [
      'a NaN',
      () => evaluate(labelled({ toxicity: { attributes: { insult: Number.NaN } } }), gold),
      'score-out-of-range',
      /NaN/,
    ],
    [
      'a score as text',
      () => evaluate(labelled({ toxicity: { attributes: { insult: '0.5' } } }), gold),
      'score-out-of-range',
      /"0\.5"/,
    ],
    [
      'an unknown label',
      () => evaluate(target({ label: 'FAVOR' }), gold),
      'unknown-label',
      /"FAVOR"; use favor, against or none/,
    ],
    [
      'scores that do not sum to 1',
      () => evaluate(target({ scores: { favor: 0.9, against: 0.9, none: 0 } }), gold),
      'score-out-of-range',
      /sum to 1\.8/,
    ],
    [
      'labelled without labels',
      () => evaluate([{ id: 'a', status: 'labelled' }], gold),
      'predictions-invalid',
      /no "labels"/,
    ],
    [
      'an unknown status',
      () => evaluate([{ id: 'a', status: 'done' }], gold),
      'predictions-invalid',
      /"done"; use labelled/,
    ],
    [
      'a slice that is not there',
      () => evaluate(predictions, gold, { slices: ['sauce'] }),
      'gold-invalid',
      /"sauce".*source/,
    ],
    ['a level of 95', () => evaluate(predictions, gold, { level: 95 }), 'options-invalid', /level/],
  ];
  for (const [what, work, code, message] of cases)
    it(what, () => {
      const error = refusal(work);
      expect(error.code).toBe(code);
      expect(error.message).toMatch(message);
    });

  it('but leaves unknown ids out where that is asked for', () => {
    expect(
      evaluate([...predictions, { ...predictions[2], id: 'q' }], gold, { ignoreUnknownIds: true }).coverage
        .gold,
    ).toBe(3);
  });
});

describe('gates and reports', () => {
  const report = buildReport([{ name: 'mine <&> "x"', predictions }], gold, { samples: 100 });

  it('pass and fail by the bound, and fail without a value', () => {
    const results = checkGates(report, [
      { metric: 'stance.us.accuracy', kind: 'atLeast', bound: 0.5 },
      { metric: 'stance.us.accuracy', kind: 'atLeast', bound: 0.51 },
      { metric: 'toxicity.insult.rocAuc', kind: 'atLeast', bound: 0 },
      { metric: 'toxicity.insult.brierScore', kind: 'atMost', bound: 0.5 },
    ]);
    expect(results.map(({ passed }) => passed)).toEqual([true, false, false, true]);
  });

  it('refuse unknown metrics and the wrong direction', () => {
    expect(
      refusal(() => checkGates(report, [{ metric: 'stance.f1average', kind: 'atLeast', bound: 0 }])).message,
    ).toMatch(/did you mean stance\.f1Average/);
    expect(
      refusal(() => checkGates(report, [{ metric: 'toxicity.insult.brierScore', kind: 'atLeast', bound: 0 }]))
        .message,
    ).toMatch(/--fail-over/);
  });

  it('notice a drop against an earlier report', () => {
    const better = structuredClone(report);
    better.evaluations[0]!.metrics['stance.us.f1Average']!.value! += 0.05;
    expect(checkDrop(report, report, 0).every(({ passed }) => passed)).toBe(true);
    expect(
      checkDrop(report, better, 0.01)
        .filter(({ passed }) => !passed)
        .map(({ metric }) => metric),
    ).toEqual(['stance.us.f1Average']);
    expect(checkDrop(report, better, 0.06).every(({ passed }) => passed)).toBe(true);
  });

  it('write Markdown tables and JUnit XML that names cannot break', () => {
    const gates = checkGates(report, [{ metric: 'stance.us.accuracy', kind: 'atLeast', bound: 0.9 }]);
    const markdown = markdownReport(report, gates);
    expect(markdown).toContain('2 of 3 comments answered (66.7%); 1 skipped.');
    expect(markdown).toContain('## mine \\<\\&\\> "x"');
    expect(markdown).toMatch(/\| europe \| \d\.\d{3}† /);
    const xml = junitReport(report, gates);
    expect(markdown).toContain('95% intervals from 100 bootstrap samples of 3 comments');
    const without = buildReport([{ name: 'mine', predictions }], gold, { samples: 0, level: 0.999 });
    expect(markdownReport(without)).toContain('No intervals were asked for.');
    expect(xml).toContain('<testsuite name="mine &lt;&amp;&gt; &quot;x&quot;" tests="1" failures="1"');
    expect(xml).toContain('<failure message="stance.us.accuracy is 0.5; required: at least 0.9"/>');
  });

  it('say of slices and of bias what the figures rest on', async () => {
    const rows = ['x', 'x', 'x', 'y'].map((source, index) => ({
      id: `${index}`,
      source,
      gold: { toxicity: { t: index % 2 } },
    }));
    const answers = rows.map(({ id, gold: { toxicity } }, index) =>
      index === 2
        ? { id, status: 'skipped', reason: 'empty' }
        : { id, labels: { toxicity: { attributes: { t: 0.1 + 0.8 * toxicity.t } } } },
    );
    const sliced = buildReport([{ name: 'mine', predictions: answers }], rows, {
      slices: ['source'],
      samples: 0,
    });
    const markdown = markdownReport(sliced);
    expect(markdown).toMatch(/\| x \|.* \| 2 of 3 \|/);
    expect(markdown).toContain('### Bias by source');
    const html = await htmlReport(sliced);
    const terminal = reportTables(sliced, [], process.stdout);
    for (const text of [markdown, html, terminal])
      expect(text.replace(/\\|\s+/g, ' ').replace(/ +/g, ' ')).toMatch(
        /means over 1 of 2 subgroups; left out for want of a class: x\.bnspAuc, y\.subgroupAuc, y\.bpsnAuc\./,
      );
  });

  it('survive a round trip through JSON', () => {
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('agreement', () => {
  const row = (id: string, europe: string) => ({ id, text: '', gold: { stance: { europe } } });
  it('measures kappa and alpha over shared comments', () => {
    const { stance } = agreement([
      { name: 'ann', rows: [row('1', 'favor'), row('2', 'none'), row('3', 'none'), row('4', 'favor')] },
      { name: 'ben', rows: [row('3', 'against'), row('1', 'favor'), row('2', 'none')] },
    ]);
    expect(stance.europe).toMatchObject({
      comments: 3,
      complete: 3,
      observedAgreement: expect.closeTo(2 / 3),
    });
    expect(stance.europe!.cohenKappa[0]).toMatchObject({
      first: 'ann',
      second: 'ben',
      comments: 3,
      value: 0.5,
    });
  });
  it('names the annotator whose file is wrong', () => {
    expect(
      refusal(() =>
        agreement([
          { name: 'ann', rows: [row('1', 'favor')] },
          { name: 'ben', rows: [row('1', 'pro')] },
        ]),
      ).message,
    ).toMatch(/^Annotator "ben": Gold row 1/);
  });
});
