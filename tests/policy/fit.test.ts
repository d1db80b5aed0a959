import { describe, expect, it } from 'vitest';
import { auditViewpoints } from '../../src/policy/audit';
import { diffPolicies } from '../../src/policy/diff';
import { fitThresholds, type ScoredGold } from '../../src/policy/fit';
import { definePolicy } from '../../src/policy/load';
import { createRandom } from '../../src/statistics/random';
import { labels } from './labelled';

/** Comments whose score is their probability of being toxic: a calibrated model. */
function calibrated(count: number, seed: number): ScoredGold[] {
  const random = createRandom(seed).uniform;
  return Array.from({ length: count }, () => {
    const score = Math.round(random() * 1e6) / 1e6;
    return { gold: { insult: random() < score ? 1 : 0 }, scores: { insult: score } };
  });
}

describe('fitThresholds', () => {
  it('finds the threshold that theory names, within its interval', () => {
    // Precision at or over t is (1 + t) / 2 for uniform scores: 0.8 at 0.6. Recall is 1 − t²: 0.64.
    const [fitted] = fitThresholds(
      calibrated(4000, 3),
      { metric: 'precision', value: 0.8 },
      { resamples: 300 },
    );
    const { threshold, precision, recall, intervals } = fitted!.fit!;
    expect(threshold).toBeCloseTo(0.6, 1);
    expect(precision).toBeGreaterThanOrEqual(0.8);
    expect(recall).toBeCloseTo(0.64, 1);
    expect(intervals.threshold!.low).toBeLessThan(0.6);
    expect(intervals.threshold!.high).toBeGreaterThan(0.57);
    const [byRecall] = fitThresholds(
      calibrated(4000, 3),
      { metric: 'recall', value: 0.75 },
      { resamples: 50 },
    );
    expect(byRecall!.fit!.threshold).toBeCloseTo(0.5, 1);
    expect(byRecall!.fit!.recall).toBeGreaterThanOrEqual(0.75);
  });

  it('covers the true precision about as often as its intervals claim', () => {
    // Of thresholds fitted to one sample, the precision that another large sample shows, within the interval?
    let covered = 0;
    const runs = 60;
    for (let seed = 1; seed <= runs; seed++) {
      const [fitted] = fitThresholds(
        calibrated(400, seed),
        { metric: 'recall', value: 0.7 },
        { resamples: 200, seed },
      );
      const { threshold, intervals } = fitted!.fit!;
      const truth = (1 + threshold) / 2;
      if (intervals.precision!.low <= truth && truth <= intervals.precision!.high) covered += 1;
    }
    expect(covered / runs).toBeGreaterThan(0.85);
  });

  it('is the same for one seed, and says why it proposes nothing', () => {
    const rows = calibrated(300, 1);
    const aim = { metric: 'precision', value: 0.9 } as const;
    expect(fitThresholds(rows, aim, { seed: 4, resamples: 50 })).toEqual(
      fitThresholds(rows, aim, { seed: 4, resamples: 50 }),
    );
    const hopeless = rows.map((row, index) => ({
      ...row,
      gold: { insult: (index % 9 === 0 ? 1 : 0) as 0 | 1 },
    }));
    expect(fitThresholds(hopeless, { metric: 'precision', value: 1 })[0]!.problem).toMatch(
      /no threshold|too few/,
    );
    expect(fitThresholds(rows.slice(0, 12), aim)[0]!.problem).toMatch(/positives are too few; 10 are needed/);
  });

  it('names the nearest to an aim that is out of reach, of many rows in one pass', () => {
    // One in three is positive, and of six that share the highest score five are.
    const rows = Array.from(
      { length: 100_000 },
      (_, index): ScoredGold => ({
        gold: { insult: (index < 6 ? index !== 3 : index % 3 === 1) ? 1 : 0 },
        scores: { insult: index < 6 ? 0.95 : (0.9 * index) / 100_000 },
      }),
    );
    const start = performance.now();
    expect(fitThresholds(rows, { metric: 'precision', value: 0.99 })[0]!.problem).toBe(
      'no threshold reaches precision 0.99 (the best precision is 0.83, at 0.95)',
    );
    expect(performance.now() - start).toBeLessThan(5_000);
  });
});

describe('auditViewpoints', () => {
  /** Comments of two views; those of the second are more toxic, and held back by `held`. */
  function debate(seed: number, held: (score: number, view: string) => boolean) {
    const random = createRandom(seed).uniform;
    return Array.from({ length: 1500 }, () => {
      const view = random() < 0.5 ? 'europe' : 'russia';
      const score = view === 'europe' ? random() ** 2 : random();
      return {
        labels: labels({ toxicity: score }, { favor: view }),
        action: held(score, view) ? ('review' as const) : ('approve' as const),
      };
    });
  }

  it('finds nothing where only manners count, though one view is held back more', () => {
    const audit = auditViewpoints(
      debate(1, (score) => score > 0.6),
      { resamples: 200 },
    );
    const [europe, us, russia] = audit.views;
    expect(russia!.heldBack! - europe!.heldBack!).toBeGreaterThan(0.1);
    expect(Math.abs(russia!.difference!)).toBeLessThan(0.02);
    expect(russia!.differenceInterval!.low).toBeLessThanOrEqual(0);
    expect(russia!.differenceInterval!.high).toBeGreaterThanOrEqual(0);
    expect(us).toEqual({ view: 'pro-us', comments: 0 });
    expect(audit.compared).toBeGreaterThan(0.95);
  });

  it('finds a policy that is harder on one view', () => {
    const unfair = debate(2, (score, view) => score > (view === 'russia' ? 0.4 : 0.6));
    const [europe, , russia] = auditViewpoints(unfair, { resamples: 200 }).views;
    expect(russia!.differenceInterval!.low).toBeGreaterThan(0.1);
    expect(europe!.differenceInterval!.high).toBeLessThan(-0.1);
  });

  it('raises a false alarm about as seldom as it claims', () => {
    let alarms = 0;
    const runs = 40;
    for (let seed = 1; seed <= runs; seed++) {
      const random = createRandom(seed + 1000).uniform;
      const fair = debate(seed, (score) => random() < score).slice(0, 600);
      const interval = auditViewpoints(fair, { resamples: 100, seed }).views[2]!.differenceInterval!;
      if (interval.low > 0 || interval.high < 0) alarms += 1;
    }
    expect(alarms / runs).toBeLessThan(0.2);
  });
});

describe('auditViewpoints, on what can be compared', () => {
  const some = (count: number, favor: string, toxicity: number, held = false) =>
    Array.from({ length: count }, () => ({
      labels: labels({ toxicity }, { favor }),
      action: held ? ('review' as const) : ('approve' as const),
    }));

  it('compares nothing where no toxicity is shared', () => {
    const audit = auditViewpoints([...some(40, 'europe', 0.01), ...some(40, 'us', 0.85, true)]);
    expect(audit.compared).toBe(0);
    expect(audit.views).toEqual([
      { view: 'pro-europe', comments: 40, heldBack: 0 },
      { view: 'pro-us', comments: 40, heldBack: 1 },
      { view: 'pro-russia', comments: 0 },
    ]);
    // One shared comment is hardly more.
    const hardly = auditViewpoints([
      ...some(40, 'europe', 0.01),
      ...some(40, 'us', 0.85, true),
      ...some(1, 'us', 0.01),
    ]);
    expect([hardly.compared, hardly.views[1]!.difference]).toEqual([0, undefined]);
  });

  it('does not let a view of few comments narrow the comparison of the others', () => {
    const debate = [0.01, 0.45, 0.85].flatMap((toxicity) => [
      ...some(40, 'europe', toxicity, toxicity > 0.5),
      ...some(40, 'us', toxicity, toxicity > 0.4),
    ]);
    const mixed = [...debate, ...some(1, 'russia', 0.01)];
    const audit = auditViewpoints(mixed, { resamples: 100 });
    expect(audit.compared).toBe(1);
    expect(audit.views[1]!.differenceInterval!.low).toBeGreaterThan(0.2);
    expect(audit.views[2]).toEqual({ view: 'pro-russia', comments: 1, heldBack: 0 });
    expect(auditViewpoints(mixed, { resamples: 100, fewestComments: 1 }).compared).toBeLessThan(0.4);
  });

  it('puts what is over the last bound of custom strata into a stratum of its own', () => {
    const split = [...some(40, 'europe', 0.1), ...some(40, 'us', 0.9, true)];
    const audit = auditViewpoints(split, { strata: [0.2, 0.5] });
    expect([audit.strata, audit.compared]).toEqual([[0.2, 0.5, 1], 0]);
  });
});

describe('diffPolicies', () => {
  it('counts every transition and shows examples', async () => {
    const policy = (version: string, limit: number) =>
      definePolicy({
        name: 'house',
        version,
        rules: [{ name: 'insults', when: { toxicity: { insult: limit } }, action: 'review' }],
      });
    const rows = [0.1, 0.3, 0.5, 0.55, 0.9].map((insult, index) => ({
      id: `c${index}`,
      text: `Comment ${index}`,
      status: 'labelled' as const,
      labels: labels({ insult }),
    }));
    const diff = await diffPolicies(policy('1', 0.6), policy('2', 0.3), rows, 2);
    expect(diff).toMatchObject({ comments: 5, changed: 3, sameActionOtherRule: 0 });
    expect(diff.transitions).toHaveLength(1);
    expect(diff.transitions[0]).toMatchObject({ from: 'approve', to: 'review', count: 3 });
    expect(diff.transitions[0]!.examples.map((example) => example.id)).toEqual(['c1', 'c2']);
  });
});
