import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BinaryColumn, binaryCounter } from '../../src/evaluate/binary';
import { attributeConfidence, riskCoverage, stanceConfidence } from '../../src/evaluate/curves';
import { attributeMetrics, stanceMetrics } from '../../src/evaluate/metrics';
import { descendingOrder } from '../../src/evaluate/order';
import { type StanceColumn, stanceCounter } from '../../src/evaluate/stance';

const options = { bins: 15, precisionAim: 0.9, recallAim: 0.9 };

interface Comment {
  gold: number;
  predicted: number;
  score: number;
}
const attributeComments = fc.array(
  fc.record({
    gold: fc.integer({ min: 0, max: 1 }),
    predicted: fc.integer({ min: 0, max: 1 }),
    score: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  }),
  { minLength: 1, maxLength: 40 },
);
const stanceComments = fc.array(
  fc.record({
    gold: fc.integer({ min: 0, max: 2 }),
    predicted: fc.integer({ min: 0, max: 2 }),
    weights: fc.tuple(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 50 }),
    ),
  }),
  { minLength: 1, maxLength: 40 },
);
type StanceComment = { gold: number; predicted: number; weights: [number, number, number] };

const indices = (size: number) => Int32Array.from({ length: size }, (_, index) => index);

function binaryColumn(comments: readonly Comment[]): BinaryColumn {
  return {
    rows: indices(comments.length),
    group: indices(comments.length),
    gold: Uint8Array.from(comments, ({ gold }) => gold),
    predicted: Uint8Array.from(comments, ({ predicted }) => predicted),
    scores: Float64Array.from(comments, ({ score }) => score),
  };
}

function stanceColumn(comments: readonly StanceComment[]): StanceColumn {
  return {
    rows: indices(comments.length),
    group: indices(comments.length),
    gold: Uint8Array.from(comments, ({ gold }) => gold),
    predicted: Uint8Array.from(comments, ({ predicted }) => predicted),
    scores: Float64Array.from(
      comments.flatMap(({ weights }) => weights.map((one) => one / weights.reduce((a, b) => a + b))),
    ),
  };
}

function attributeValues(comments: readonly Comment[], compressed = false): Map<string, number | null> {
  const column = binaryColumn(comments);
  const counter = binaryCounter(column, options, compressed);
  const weights = new Int32Array(counter.cells);
  for (const at of counter.cell) weights[at]!++;
  const counts = counter.count(weights);
  if (!compressed)
    expect(counts.riskCoverageArea).toBeCloseTo(riskCoverage(attributeConfidence(column))!.area, 12);
  return new Map(attributeMetrics.map((metric) => [metric.name, metric.value(counts, 0)]));
}

function stanceValues(comments: readonly StanceComment[], compressed = false): Map<string, number | null> {
  const column = stanceColumn(comments);
  const counter = stanceCounter(column, options, compressed);
  const weights = new Int32Array(counter.cells);
  for (const at of counter.cell) weights[at]!++;
  const counts = counter.count(weights);
  if (!compressed)
    expect(counts.riskCoverageArea).toBeCloseTo(riskCoverage(stanceConfidence(column))!.area, 12);
  return new Map(stanceMetrics.map((metric) => [metric.name, metric.value(counts, 0)]));
}

const close = (a: number | null | undefined, b: number | null | undefined) =>
  a == null || b == null ? a === b : Math.abs(a - b) < 1e-9 * Math.max(1, Math.abs(b));

/**
 * What every metric is known to do, written down apart from the registry: a metric that is new, renamed or classified
 * otherwise makes the first test fail until somebody has thought about it.
 */
const classified: Record<string, string> = {
  'stance.f1Average': 'higher labels symmetric [0,1]',
  'stance.macroF1': 'higher labels symmetric [0,1]',
  ...Object.fromEntries(
    ['favor', 'against', 'none'].flatMap((label) => [
      [`stance.precision.${label}`, 'higher labels asymmetric [0,1]'],
      [`stance.recall.${label}`, 'higher labels asymmetric [0,1]'],
      [`stance.f1.${label}`, 'higher labels symmetric [0,1]'],
    ]),
  ),
  'stance.accuracy': 'higher labels symmetric [0,1]',
  'stance.balancedAccuracy': 'higher labels asymmetric [0,1]',
  'stance.cohenKappa': 'higher labels symmetric [-1,1]',
  'stance.matthewsCorrelation': 'higher labels symmetric [-1,1]',
  'stance.brierScore': 'lower scores asymmetric [0,2]',
  'stance.logLoss': 'lower scores asymmetric [0,null]',
  'stance.expectedCalibrationError': 'lower scores asymmetric [0,1]',
  'stance.riskCoverageArea': 'lower scores asymmetric [0,1]',
  'toxicity.rocAuc': 'higher order asymmetric [0,1]',
  'toxicity.prAuc': 'higher order asymmetric [0,1]',
  'toxicity.f1': 'higher labels symmetric [0,1]',
  'toxicity.precision': 'higher labels asymmetric [0,1]',
  'toxicity.recall': 'higher labels asymmetric [0,1]',
  'toxicity.specificity': 'higher labels asymmetric [0,1]',
  'toxicity.macroF1': 'higher labels symmetric [0,1]',
  'toxicity.accuracy': 'higher labels symmetric [0,1]',
  'toxicity.balancedAccuracy': 'higher labels asymmetric [0,1]',
  'toxicity.cohenKappa': 'higher labels symmetric [-1,1]',
  'toxicity.matthewsCorrelation': 'higher labels symmetric [-1,1]',
  'toxicity.recallAtPrecision': 'higher order asymmetric [0,1]',
  'toxicity.precisionAtRecall': 'higher order asymmetric [0,1]',
  'toxicity.brierScore': 'lower scores asymmetric [0,1]',
  'toxicity.logLoss': 'lower scores asymmetric [0,null]',
  'toxicity.expectedCalibrationError': 'lower scores asymmetric [0,1]',
  'toxicity.riskCoverageArea': 'lower scores asymmetric [0,1]',
};

describe('the registry of metrics', () => {
  it('holds exactly the metrics that are classified here', () => {
    const described = Object.fromEntries(
      [
        ...stanceMetrics.map((one) => ['stance', one] as const),
        ...attributeMetrics.map((one) => ['toxicity', one] as const),
      ].map(([task, { name, better, uses, symmetric, range }]) => [
        `${task}.${name}`,
        `${better} ${uses} ${symmetric ? 'symmetric' : 'asymmetric'} ${JSON.stringify(range)}`,
      ]),
    );
    expect(described).toEqual(classified);
  });

  it('rests every metric on the groups that decide it', () => {
    const toxicity = { all: 1000, gold: [980, 20], predicted: [950, 50] };
    expect(
      Object.fromEntries(attributeMetrics.map(({ name, restsOn }) => [name, restsOn(toxicity)])),
    ).toEqual({
      rocAuc: 20,
      prAuc: 20,
      f1: 20,
      precision: 50,
      recall: 20,
      specificity: 980,
      macroF1: expect.closeTo(2 / (1 / 20 + 1 / 950), 9),
      accuracy: 1000,
      balancedAccuracy: expect.closeTo(2 / (1 / 20 + 1 / 980), 9),
      cohenKappa: 20,
      matthewsCorrelation: 20,
      recallAtPrecision: 20,
      precisionAtRecall: 20,
      brierScore: 1000,
      logLoss: 1000,
      expectedCalibrationError: 1000,
      riskCoverageArea: 1000,
    });
    // "against" is neither in gold nor predicted: it is no part of the mean.
    const stance = { all: 100, gold: [10, 0, 90], predicted: [5, 0, 95] };
    const of = (name: string) => stanceMetrics.find((metric) => metric.name === name)!.restsOn(stance);
    expect(of('recall.favor')).toBe(10);
    expect(of('precision.favor')).toBe(5);
    expect(of('f1Average')).toBe(5);
    expect(of('cohenKappa')).toBe(10);
    expect(
      [...stanceMetrics, ...attributeMetrics].filter(({ proportion }) => proportion).map(({ name }) => name),
    ).toEqual([
      ...['favor', 'against', 'none'].flatMap((label) => [`precision.${label}`, `recall.${label}`]),
      'accuracy',
      'precision',
      'recall',
      'specificity',
      'accuracy',
    ]);
  });

  it('keeps every value in its range', () => {
    const inRange = (
      values: Map<string, number | null>,
      metrics: typeof stanceMetrics | typeof attributeMetrics,
    ) => {
      for (const { name, range } of metrics) {
        const value = values.get(name)!;
        if (value !== null)
          expect(value >= range[0] - 1e-12 && value <= range[1] + 1e-12, `${name} is ${value}`).toBe(true);
      }
    };
    fc.assert(
      fc.property(attributeComments, (comments) => inRange(attributeValues(comments), attributeMetrics)),
    );
    fc.assert(fc.property(stanceComments, (comments) => inRange(stanceValues(comments), stanceMetrics)));
  });

  it('gives perfect labels and scores the best value', () => {
    const perfect = attributeValues([0, 1, 1, 0].map((gold) => ({ gold, predicted: gold, score: gold })));
    for (const { name, better, range } of attributeMetrics)
      expect(perfect.get(name), name).toBeCloseTo(better === 'higher' ? range[1] : range[0], 9);
    const sure: Record<number, [number, number, number]> = { 0: [1, 0, 0], 1: [0, 1, 0], 2: [0, 0, 1] };
    const stance = stanceValues(
      [0, 1, 2, 2].map((gold) => ({ gold, predicted: gold, weights: sure[gold]! })),
    );
    for (const { name, better, range } of stanceMetrics)
      expect(stance.get(name), name).toBeCloseTo(better === 'higher' ? range[1] : range[0], 9);
  });

  it('does not change with the order of comments, nor when each is there twice', () => {
    fc.assert(
      fc.property(attributeComments, fc.integer(), (comments, seed) => {
        const shuffled = [...comments].sort(
          (a, b) => ((a.score * 7919 + seed) % 1) - ((b.score * 7919 + seed) % 1),
        );
        const values = attributeValues(comments);
        for (const other of [
          attributeValues(shuffled.reverse()),
          attributeValues([...comments, ...comments]),
        ])
          for (const [name, value] of values) expect(close(other.get(name), value), name).toBe(true);
      }),
    );
    fc.assert(
      fc.property(stanceComments, (comments) => {
        const values = stanceValues(comments);
        for (const other of [stanceValues([...comments].reverse()), stanceValues([...comments, ...comments])])
          for (const [name, value] of values) expect(close(other.get(name), value), name).toBe(true);
      }),
    );
  });

  it('is symmetric in gold and prediction exactly where the registry says so', () => {
    const changed = new Set<string>();
    fc.assert(
      fc.property(attributeComments, (comments) => {
        const values = attributeValues(comments);
        const swapped = attributeValues(
          comments.map((one) => ({ ...one, gold: one.predicted, predicted: one.gold })),
        );
        for (const { name, symmetric, uses } of attributeMetrics) {
          if (uses !== 'labels') continue;
          if (symmetric) expect(close(swapped.get(name), values.get(name)), name).toBe(true);
          else if (!close(swapped.get(name), values.get(name))) changed.add(name);
        }
      }),
    );
    fc.assert(
      fc.property(stanceComments, (comments) => {
        const values = stanceValues(comments);
        const swapped = stanceValues(
          comments.map((one) => ({ ...one, gold: one.predicted, predicted: one.gold })),
        );
        for (const { name, symmetric, uses } of stanceMetrics) {
          if (uses !== 'labels') continue;
          if (symmetric) expect(close(swapped.get(name), values.get(name)), name).toBe(true);
          else if (!close(swapped.get(name), values.get(name))) changed.add(`stance ${name}`);
        }
      }),
    );
    expect(changed).toEqual(
      new Set([
        ...attributeMetrics
          .filter(({ uses, symmetric }) => uses === 'labels' && !symmetric)
          .map(({ name }) => name),
        ...stanceMetrics
          .filter(({ uses, symmetric }) => uses === 'labels' && !symmetric)
          .map(({ name }) => `stance ${name}`),
      ]),
    );
  });

  it('uses of the scores what the registry says', () => {
    fc.assert(
      fc.property(attributeComments, (comments) => {
        const coarse = comments.map((one) => ({ ...one, score: Math.round(one.score * 64) / 64 }));
        const values = attributeValues(coarse);
        const squared = attributeValues(coarse.map((one) => ({ ...one, score: one.score ** 2 })));
        const halved = attributeValues(coarse.map((one) => ({ ...one, score: 0.5 })));
        for (const { name, uses } of attributeMetrics) {
          if (uses !== 'scores') expect(close(squared.get(name), values.get(name)), name).toBe(true);
          if (uses === 'labels') expect(close(halved.get(name), values.get(name)), name).toBe(true);
        }
      }),
    );
  });

  it('compresses long columns without moving labels, sums or much of the order', () => {
    let state = 1;
    const random = () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state / 2147483648;
    };
    const comments = Array.from({ length: 20_000 }, () => {
      const gold = random() < 0.03 ? 1 : 0;
      const score = Math.min(1, random() * 0.7 + 0.3 * gold);
      return { gold, predicted: Number(score >= 0.5), score };
    });
    const exact = attributeValues(comments);
    const compressed = attributeValues(comments, true);
    for (const { name, uses } of attributeMetrics)
      if (uses === 'labels') expect(compressed.get(name), name).toBe(exact.get(name));
      else expect(Math.abs(compressed.get(name)! - exact.get(name)!), name).toBeLessThan(0.003);
  });

  it('sorts descending as a comparing sort does, at any length', () => {
    let state = 5;
    const values = Float64Array.from({ length: 6000 }, () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return state % 7 === 0 ? 0 : (state % 1000) / (1 + (state % 13));
    });
    const expected = Int32Array.from(values, (_, index) => index).sort(
      (a, b) => values[b]! - values[a]! || a - b,
    );
    expect(descendingOrder(values)).toEqual(expected);
  });
});
