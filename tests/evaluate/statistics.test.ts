import { describe, expect, it } from 'vitest';
import { subgroupBias } from '../../src/evaluate/bias';
import { binaryCounter } from '../../src/evaluate/binary';
import { alignColumns, goldColumns } from '../../src/evaluate/columns';
import { compare, compareAll } from '../../src/evaluate/compare';
import { evaluate } from '../../src/evaluate/evaluate';
import { readGold } from '../../src/evaluate/gold';
import { createMeasurer } from '../../src/evaluate/measure';
import { attributeMetrics } from '../../src/evaluate/metrics';
import { resolveStatistics } from '../../src/evaluate/options';
import { readPredictions } from '../../src/evaluate/predictions';
import { mcNemar } from '../../src/evaluate/significance';
import { differencePValue, intervalOf, resample } from '../../src/statistics/bootstrap';
import { createRandom } from '../../src/statistics/random';

const labels = ['favor', 'against', 'none'] as const;

/** Gold rows and predictions of a known quality, in groups whose comments are alike. */
function simulate(seed: number, comments: number, groups: number, classifiers = 1) {
  const random = createRandom(seed);
  const ease = Array.from({ length: groups }, () => random.uniform() * 0.5);
  const gold: unknown[] = [];
  const predictions: unknown[][] = Array.from({ length: classifiers }, () => []);
  for (let index = 0; index < comments; index++) {
    const group = index % groups;
    const label = labels[random.below(3)]!;
    const positive = random.uniform() < 0.4 ? 1 : 0;
    gold.push({
      id: `${index}`,
      text: '',
      group: `${group}`,
      gold: { stance: { t: label }, toxicity: { a: positive } },
    });
    for (const rows of predictions) {
      const right = random.uniform() < 0.4 + ease[group]!;
      const predicted = right ? label : labels[random.below(3)]!;
      const score = Math.min(1, random.uniform() * 0.7 + 0.3 * positive);
      rows.push({
        id: `${index}`,
        status: 'labelled',
        labels: { stance: { targets: { t: { label: predicted } } }, toxicity: { attributes: { a: score } } },
      });
    }
  }
  return { gold, predictions };
}

const watched = attributeMetrics.filter(({ name }) =>
  ['rocAuc', 'prAuc', 'f1', 'macroF1', 'accuracy', 'cohenKappa', 'brierScore'].includes(name),
);

/**
 * Scores of one simulated classifier for comments in groups that differ in difficulty and prevalence.
 *
 * @param classifier the gold labels depend on the seed alone, the scores on the classifier too
 */
function drawSample(seed: number, comments: number, groups: number, samples = 0, classifier = 0) {
  const random = createRandom(seed);
  const noise = createRandom(seed * 31 + classifier);
  const prevalence = Float64Array.from({ length: groups }, () => 0.2 + 0.4 * random.uniform());
  const shift = Float64Array.from({ length: groups }, () => 0.2 * random.uniform());
  const group = Int32Array.from({ length: comments }, (_, index) => index % groups);
  const gold = Uint8Array.from(group, (one) => Number(random.uniform() < prevalence[one]!));
  const scores = Float64Array.from(gold, (label, index) =>
    Math.min(1, noise.uniform() * 0.6 + 0.2 * label + shift[group[index]!]!),
  );
  const counter = binaryCounter(
    { rows: group, group, gold, predicted: Uint8Array.from(scores, (score) => Number(score >= 0.5)), scores },
    { bins: 15, precisionAim: 0.9, recallAim: 0.9 },
  );
  const sums = new Int32Array(counter.cells);
  const measure = (weights: Uint16Array) => {
    sums.fill(0);
    for (let index = 0; index < comments; index++) sums[counter.cell[index]!]! += weights[group[index]!]!;
    const counts = counter.count(sums);
    return watched.map((metric) => metric.value(counts, 0) ?? Number.NaN);
  };
  const values = measure(new Uint16Array(groups).fill(1));
  const replicates = watched.map(() => new Float64Array(samples));
  resample(groups, samples, seed, (weights, sample) => {
    measure(weights).forEach((value, index) => {
      replicates[index]![sample] = value;
    });
  });
  return { values, replicates };
}

describe('replicates', () => {
  it('are the values of a file in which every group stands as often as it was drawn', () => {
    const statistics = resolveStatistics({});
    const { gold, predictions } = simulate(3, 90, 25);
    const checked = readGold(gold);
    const columns = alignColumns(goldColumns(checked), readPredictions(predictions[0]!, checked), undefined);
    const replicates = createMeasurer(columns, statistics).replicate(25, 7, 11);
    resample(25, 7, 11, (weights, sample) => {
      const drawn = <Row extends object>(rows: readonly Row[]) =>
        rows.flatMap((row, index) =>
          Array.from({ length: weights[checked.group[index]!]! }, (_, copy) => ({
            ...row,
            id: `${index}-${copy}`,
          })),
        );
      const again = readGold(drawn(gold as object[]));
      const answers = readPredictions(drawn(predictions[0]! as object[]), again);
      const { values } = createMeasurer(alignColumns(goldColumns(again), answers, undefined), statistics);
      createMeasurer(columns, statistics).metrics.forEach((_, metric) => {
        const replicate = replicates[metric]![sample]!;
        if (values[metric] === null) expect(replicate).toBeNaN();
        else expect(replicate).toBeCloseTo(values[metric]!, 10);
      });
    });
  });
});

describe('intervals', () => {
  it('cover the true value as often as they say, 93 to 97% for a level of 95%', () => {
    const truth = drawSample(1, 120_000, 30_000).values;
    const covered = truth.map(() => 0);
    const runs = 1000;
    for (let run = 0; run < runs; run++) {
      const { values, replicates } = drawSample(1000 + run, 160, 40, 300);
      values.forEach((value, index) => {
        const { low, high } = intervalOf(value, replicates[index]!, 40, 0.95, [-1, 2])!;
        if (low <= truth[index]! && truth[index]! <= high) covered[index]!++;
      });
    }
    covered.forEach((count, index) => {
      expect(count / runs, watched[index]!.name).toBeGreaterThanOrEqual(0.93);
      expect(count / runs, watched[index]!.name).toBeLessThanOrEqual(0.97);
    });
  }, 120_000);

  it('resample groups: alike comments of few groups give wider intervals than as many single ones', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({
      id: `${index}`,
      text: '',
      group: `${index % 10}`,
      gold: { stance: { t: 'favor' } },
    }));
    const predictions = rows.map(({ id, group }) => ({
      id,
      labels: { stance: { targets: { t: { label: Number(group) < 6 ? 'favor' : 'none' } } } },
    }));
    const width = (gold: unknown[]) => {
      const { low, high } = evaluate(predictions, gold).metrics['stance.t.accuracy']!.interval!;
      return high - low;
    };
    expect(width(rows)).toBeGreaterThan(3 * width(rows.map(({ group: _, ...row }) => row)));
  });

  it('do not claim certainty where all resamples agree', () => {
    const ones = new Float64Array(100).fill(1);
    const twenty = { low: expect.closeTo(0.8316, 3), high: 1, level: 0.95 };
    expect(intervalOf(1, ones, 20, 0.95, [0, 1], true)).toEqual({ ...twenty, method: 'exact' });
    expect(intervalOf(1, ones, 20, 0.95, [0, 1])).toEqual({ ...twenty, method: 'bound' });
    expect(intervalOf(0.7, new Float64Array(100).fill(0.7), 1, 0.95, [0, 1])).toBeNull();
  });

  it('of a rare class rest on its comments, not on all', () => {
    const rows = Array.from({ length: 1000 }, (_, index) => ({
      id: index,
      gold: { toxicity: { a: Number(index < 20) } },
    }));
    const found = rows.map(({ id, gold: { toxicity } }) => ({
      id,
      labels: { toxicity: { attributes: { a: 0.1 + 0.8 * toxicity.a } } },
    }));
    const { metrics } = evaluate(found, rows, { samples: 200 });
    const low = expect.closeTo(0.8316, 3);
    expect(metrics['toxicity.a.recall']).toMatchObject({ restsOn: 20, interval: { low, method: 'exact' } });
    expect(metrics['toxicity.a.rocAuc']).toMatchObject({ restsOn: 20, interval: { low, method: 'bound' } });
    expect(metrics['toxicity.a.specificity']!.interval!.low).toBeGreaterThan(0.99);
    // In a seventh of the samples neither of two positives is drawn; such samples say nothing of a recall.
    const two = evaluate(
      found,
      rows.map((row) => ({ ...row, gold: { toxicity: { a: Number(row.id < 2) } } })),
      {
        samples: 200,
      },
    );
    expect(two.metrics['toxicity.a.recall']!.interval).toMatchObject({
      low: expect.closeTo(0.025 ** (1 / 2), 9),
      method: 'exact',
    });
  });

  it('cover the true value for classes of 2 and 5% too', () => {
    // Of the positives 80% are found, of the negatives 5% flagged; ten comments or more are of the rare class as a rule.
    for (const [prevalence, comments] of [
      [0.02, 500],
      [0.05, 300],
    ] as const) {
      const truth: Record<string, number> = {
        recall: 0.8,
        precision: (0.8 * prevalence) / (0.8 * prevalence + 0.05 * (1 - prevalence)),
        f1: (1.6 * prevalence) / (1.8 * prevalence + 0.05 * (1 - prevalence)),
        // Positives are uniform on [0.375, 1], negatives on [0, 0.526]: flagged from 0.5 on.
        rocAuc: 1 - (0.5263 - 0.375) ** 2 / 2 / (0.5263 * 0.625),
      };
      const covered = Object.fromEntries(Object.keys(truth).map((name) => [name, 0]));
      const runs = 200;
      for (let run = 0; run < runs; run++) {
        const random = createRandom(7000 + run);
        const rows = Array.from({ length: comments }, (_, id) => ({
          id,
          gold: { toxicity: { a: Number(random.uniform() < prevalence) } },
        }));
        const predictions = rows.map(({ id, gold: { toxicity } }) => ({
          id,
          labels: {
            toxicity: {
              attributes: { a: toxicity.a ? 0.375 + 0.625 * random.uniform() : 0.5263 * random.uniform() },
            },
          },
        }));
        const { metrics } = evaluate(predictions, rows, { samples: 200, seed: run });
        for (const name of Object.keys(truth)) {
          const { low, high } = metrics[`toxicity.a.${name}`]!.interval!;
          if (low <= truth[name]! && truth[name]! <= high) covered[name]!++;
        }
      }
      for (const [name, count] of Object.entries(covered))
        expect(count / runs, `${name} at ${prevalence}`).toBeGreaterThanOrEqual(0.9);
    }
  }, 120_000);

  it('are the same on every run, and others with another seed', () => {
    const { gold, predictions } = simulate(3, 120, 30);
    const interval = (seed: number) =>
      evaluate(predictions[0]!, gold, { seed, samples: 200 }).metrics['stance.t.macroF1']!.interval;
    expect(interval(1)).toEqual(interval(1));
    expect(interval(1)).not.toEqual(interval(2));
  });
});

describe('compare', () => {
  it('gives uniform p-values where two classifiers are equally good', () => {
    const runs = 700;
    const bins = watched.map(() => new Array<number>(5).fill(0));
    for (let run = 0; run < runs; run++) {
      const first = drawSample(20_000 + run, 160, 40, 250, 1);
      const second = drawSample(20_000 + run, 160, 40, 250, 2);
      watched.forEach((_, index) => {
        const differences = first.replicates[index]!.map(
          (value, sample) => value - second.replicates[index]![sample]!,
        );
        const pValue = differencePValue(first.values[index]! - second.values[index]!, differences, 40);
        bins[index]![Math.min(4, Math.floor(pValue * 5))]!++;
      });
    }
    bins.forEach((counts, index) => {
      const { name, uses } = watched[index]!;
      // Labels make few distinct differences, 0 among them with p = 1: there the small p-values must be as rare as they say.
      if (uses === 'labels') {
        expect(Math.abs(counts[0]! / runs - 0.2), `${name}: ${counts}`).toBeLessThan(0.045);
        expect(Math.abs((counts[0]! + counts[1]!) / runs - 0.4), `${name}: ${counts}`).toBeLessThan(0.055);
        return;
      }
      // Pearson's test of uniformity; 18.5 is the 0.999 quantile of chi-squared with 4 degrees of freedom.
      const statistic = counts.reduce((sum, count) => sum + (count - runs / 5) ** 2 / (runs / 5), 0);
      expect(statistic, `${name}: ${counts}`).toBeLessThan(18.5);
    });
  }, 120_000);

  it('rejects a true null by McNemar no more often than it says', () => {
    const random = createRandom(9);
    let rejected = 0;
    for (let run = 0; run < 2000; run++) {
      let onlyFirst = 0;
      let onlySecond = 0;
      for (let comment = 0; comment < 40; comment++)
        if (random.uniform() < 0.5) onlyFirst++;
        else onlySecond++;
      if (mcNemar(onlyFirst, onlySecond).pValue < 0.05) rejected++;
    }
    expect(rejected / 2000).toBeLessThan(0.06);
    expect(rejected / 2000).toBeGreaterThan(0.02);
  });

  it('says p = 1 and a difference of 0 where nothing differs', () => {
    const { gold, predictions } = simulate(7, 60, 20);
    const { metrics, mcNemar } = compare(predictions[0]!, predictions[0]!, gold, { samples: 200 });
    for (const [name, { difference, pValue, interval }] of Object.entries(metrics)) {
      if (difference === null) continue;
      expect(difference, name).toBe(0);
      if (pValue !== null) {
        expect(pValue, name).toBe(1);
        expect(interval, name).toMatchObject({ low: 0, high: 0 });
      }
    }
    for (const { pValue } of Object.values(mcNemar)) expect(pValue).toBe(1);
  });

  it('finds a real difference, and says which way', () => {
    const { gold, predictions } = simulate(11, 400, 100);
    const worse = predictions[0]!.map((row, index) =>
      index % 3 === 0
        ? { ...(row as object), labels: { stance: { targets: { t: { label: 'none' } } } } }
        : row,
    );
    const { metrics, mcNemar } = compare(predictions[0]!, worse, gold);
    expect(metrics['stance.t.accuracy']!.difference).toBeGreaterThan(0.05);
    expect(metrics['stance.t.accuracy']!.pValue).toBeLessThan(0.01);
    expect(metrics['stance.t.accuracy']!.interval!.low).toBeGreaterThan(0);
    expect(mcNemar['stance.t']!.onlyFirst).toBeGreaterThan(mcNemar['stance.t']!.onlySecond);
    expect(mcNemar['stance.t']!.pValue).toBeLessThan(0.01);
  });

  it('claims no certainty where one is always right and the other always wrong', () => {
    const rows = Array.from({ length: 5 }, (_, id) => ({ id, gold: { toxicity: { a: id % 2 } } }));
    const predict = (right: boolean) =>
      rows.map(({ id, gold: { toxicity } }) => ({
        id,
        labels: { toxicity: { attributes: { a: (toxicity.a === 1) === right ? 0.9 : 0.1 } } },
      }));
    const { metrics, mcNemar } = compare(predict(true), predict(false), rows, { samples: 500 });
    expect(metrics['toxicity.a.accuracy']).toMatchObject({
      difference: 1,
      interval: { low: expect.closeTo(1 - 2 * (1 - 0.025 ** (1 / 5)), 9), high: 1, method: 'bound' },
      pValue: 0.0625,
    });
    expect(mcNemar['toxicity.a']!.pValue).toBeCloseTo(0.0625, 12);
    // ROC-AUC rests on the two positives alone.
    expect(metrics['toxicity.a.rocAuc']).toMatchObject({ difference: 1, restsOn: 2, pValue: 0.5 });
  });

  it('tests nobody twice: targets of one comment are no independent answers', () => {
    const rows = Array.from({ length: 30 }, (_, id) => ({
      id,
      gold: { stance: { europe: 'favor', us: 'favor' } },
    }));
    const predict = (wrong: number) =>
      rows.map(({ id }) => {
        const label = id % wrong === 0 ? 'none' : 'favor';
        return { id, labels: { stance: { targets: { europe: { label }, us: { label } } } } };
      });
    const { metrics, mcNemar } = compare(predict(3), predict(5), rows, { samples: 50 });
    expect(Object.keys(mcNemar)).toEqual(['stance.europe', 'stance.us']);
    expect(metrics['stance.pooled.accuracy']).toMatchObject({ comments: 30, judgements: 60 });
  });

  it('is over the comments that both answered, and antisymmetric', () => {
    const { gold, predictions } = simulate(13, 90, 30, 2);
    const partial = predictions[1]!.map((row, index) =>
      index < 30 ? { id: `${index}`, status: 'skipped', reason: 'empty' } : row,
    );
    const forth = compare(predictions[0]!, partial, gold, { samples: 100 });
    const back = compare(partial, predictions[0]!, gold, { samples: 100 });
    expect(forth.metrics['stance.t.accuracy']!.comments).toBe(60);
    expect(forth.mcNemar['stance.t']!.comments).toBe(60);
    for (const [name, { difference, pValue }] of Object.entries(forth.metrics)) {
      if (difference === null) continue;
      expect(back.metrics[name]!.difference).toBeCloseTo(-difference, 12);
      expect(back.metrics[name]!.pValue).toBe(pValue);
    }
  });

  it('sets no mean against one over other parts', () => {
    const rows = Array.from({ length: 20 }, (_, id) => ({
      id,
      gold: {
        stance: { europe: id % 2 === 0 ? 'favor' : 'none', us: 'none' },
        toxicity: { toxicity: id % 2, insult: id % 2 },
      },
    }));
    const predict = (us: string, insult: number | boolean) =>
      rows.map(({ id, gold: { stance, toxicity } }) => ({
        id,
        labels: {
          stance: {
            targets: { europe: { label: stance.europe }, us: { label: id === 3 ? us : 'none' } },
          },
          toxicity: { attributes: { toxicity: toxicity.toxicity, insult: id === 3 ? insult : 0.5 } },
        },
      }));
    const { metrics } = compare(predict('none', 0.5), predict('favor', true), rows, { samples: 50 });
    // One gives insult no scores.
    expect(metrics['toxicity.toxicity.rocAuc']!.difference).toBe(0);
    expect(metrics['toxicity.rocAuc']).toMatchObject({ first: 0.75, second: null, difference: null });
    // One and the gold have no label but "none" for a target, where kappa is undefined; for the other it is 0.
    expect(metrics['stance.us.cohenKappa']).toMatchObject({ first: null, second: 0 });
    expect(metrics['stance.cohenKappa']).toMatchObject({
      first: 1,
      second: 0.5,
      difference: null,
      interval: null,
      pValue: null,
    });
    expect(metrics['stance.accuracy']!.difference).toBeCloseTo(0.025, 12);
  });

  it('takes a mean over the same parts in every sample', () => {
    // Alike in every attribute; but where neither of two comments is drawn, the first has no precision of "rare".
    const rows = Array.from({ length: 40 }, (_, id) => ({
      id,
      gold: { toxicity: { common: id % 2, rare: id === 0 ? 1 : 0 } },
    }));
    const predict = (flagged: number) =>
      rows.map(({ id, gold: { toxicity } }) => {
        const rare = id > 0 && id <= flagged;
        return { id, labels: { toxicity: { attributes: { common: toxicity.common === 1, rare } } } };
      });
    const { metrics } = compare(predict(2), predict(39), rows, { samples: 500 });
    expect(metrics['toxicity.precision']).toMatchObject({
      first: 0.5,
      second: 0.5,
      interval: { low: 0, high: 0 },
    });
  });

  it("corrects by Holm's method over all pairs", () => {
    const { gold, predictions } = simulate(17, 90, 30, 3);
    const comparisons = compareAll(
      predictions.map((rows, index) => ({ name: `c${index}`, predictions: rows })),
      gold,
      { samples: 100 },
    );
    expect(comparisons.map(({ first, second }) => [first, second])).toEqual([
      ['c0', 'c1'],
      ['c0', 'c2'],
      ['c1', 'c2'],
    ]);
    const smallest = comparisons
      .map(({ metrics }) => metrics['stance.t.accuracy']!)
      .sort((a, b) => a.pValue! - b.pValue!)[0]!;
    expect(smallest.adjustedPValue).toBeCloseTo(Math.min(1, 3 * smallest.pValue!), 12);
  });
});

describe('intervals of the bias measures', () => {
  const biasOf = (copies: number) => {
    const random = createRandom(5);
    const size = 600 * copies;
    const member = Array.from({ length: size }, (_, index) => (index % 3 === 0 ? ['x'] : ['y']));
    const gold = Uint8Array.from({ length: size }, () => random.below(2));
    const scores = Float64Array.from(gold, (label, index) => {
      const harmlessOfX = label === 0 && index % 3 === 0;
      return 0.6 * random.uniform() + (label === 1 || harmlessOfX ? 0.3 : 0);
    });
    const numbers = Int32Array.from(gold, (_, index) => index);
    const column = { rows: numbers, group: numbers, gold, predicted: gold, scores };
    return subgroupBias(column, member, { groups: size, samples: 300, seed: 2, level: 0.95 })!;
  };
  const width = ({ low, high }: { low: number; high: number }) => high - low;

  it('hold the values, and tell a subgroup whose harmless comments score too high from chance', () => {
    const { subgroups, intervals } = biasOf(1);
    for (const name of ['x', 'y'])
      for (const measure of ['subgroupAuc', 'bpsnAuc', 'bnspAuc'] as const) {
        const interval = intervals.subgroups[name]![measure]!;
        expect(interval.low).toBeLessThan(subgroups[name]![measure]!);
        expect(interval.high).toBeGreaterThan(subgroups[name]![measure]!);
      }
    expect(intervals.subgroups.x!.bpsnAuc!.high).toBeLessThan(intervals.subgroups.y!.bpsnAuc!.low);
    expect(intervals.score!.low).toBeGreaterThan(0.5);
  });

  it('shrink with the root of the number of comments, long columns among them', () => {
    const [short, long] = [biasOf(1), biasOf(20)];
    for (const measure of ['subgroupAuc', 'bpsnAuc', 'bnspAuc'] as const) {
      const ratio =
        width(short.intervals.subgroups.x![measure]!) / width(long.intervals.subgroups.x![measure]!);
      expect(ratio / Math.sqrt(20)).toBeGreaterThan(0.8);
      expect(ratio / Math.sqrt(20)).toBeLessThan(1.25);
      const { low, high } = long.intervals.subgroups.x![measure]!;
      expect((low + high) / 2).toBeCloseTo(long.subgroups.x![measure]!, 2);
    }
  });
});
