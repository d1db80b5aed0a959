import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { fleissKappa, krippendorffAlpha } from '../../src/evaluate/agreement';
import { subgroupBias } from '../../src/evaluate/bias';
import { cohenKappa } from '../../src/evaluate/confusion';
import { evaluate } from '../../src/evaluate/evaluate';
import { holm, mcNemar } from '../../src/evaluate/significance';
import { stanceLabels } from '../../src/evaluate/stance';
import {
  betaDistribution,
  normalDistribution,
  normalQuantile,
  studentDistribution,
  studentQuantile,
} from '../../src/statistics/distributions';

const reference = JSON.parse(readFileSync(new URL('./data/reference.json', import.meta.url), 'utf8'));

let differing: string[] = [];

function expectClose(actual: number | null | undefined, expected: number | null, what: string): void {
  const same =
    expected === null || actual == null
      ? actual === expected
      : Math.abs(actual - expected) <= 1e-9 * Math.max(1, Math.abs(expected));
  if (!same) differing.push(`${what}: ${actual} is not ${expected}`);
}

afterEach(() => {
  const found = differing;
  differing = [];
  expect(found).toEqual([]);
});

describe('metrics equal the reference values', () => {
  it('stance, 600 cases', () => {
    expect(reference.stance.length).toBe(600);
    for (const [index, one] of reference.stance.entries()) {
      const gold = one.gold.map((label: number, id: number) => ({
        id: String(id),
        text: '',
        gold: { stance: { t: stanceLabels[label] } },
      }));
      const predictions = one.predicted.map((label: number, id: number) => {
        const [favor, against, none] = one.scores[id];
        return {
          id: String(id),
          status: 'labelled',
          labels: {
            stance: { targets: { t: { label: stanceLabels[label], scores: { favor, against, none } } } },
          },
        };
      });
      const { metrics } = evaluate(predictions, gold, { samples: 0 });
      for (const [name, value] of Object.entries(one.values)) {
        expectClose(metrics[`stance.t.${name}`]?.value, value as number | null, `case ${index}, ${name}`);
        // One target: the mean over targets is that target, and so is the pool of them.
        expectClose(metrics[`stance.${name}`]?.value, value as number | null, `case ${index}, mean ${name}`);
        if (name !== 'riskCoverageArea')
          expectClose(
            metrics[`stance.pooled.${name}`]?.value,
            value as number | null,
            `case ${index}, pooled ${name}`,
          );
      }
    }
  });

  it('toxicity, 700 cases', () => {
    expect(reference.attribute.length).toBe(700);
    for (const [index, one] of reference.attribute.entries()) {
      const gold = one.gold.map((label: number, id: number) => ({
        id: String(id),
        text: '',
        gold: { toxicity: { a: label } },
      }));
      const predictions = one.scores.map((score: number, id: number) => ({
        id: String(id),
        status: 'labelled',
        labels: { toxicity: { attributes: { a: score } } },
      }));
      const { metrics } = evaluate(predictions, gold, { samples: 0, thresholds: one.threshold });
      for (const [name, value] of Object.entries(one.values))
        expectClose(metrics[`toxicity.a.${name}`]?.value, value as number | null, `case ${index}, ${name}`);
    }
  });

  it('the Jigsaw bias measures, 60 cases', () => {
    for (const [index, one] of reference.bias.entries()) {
      const size = one.gold.length;
      const bias = subgroupBias(
        {
          rows: new Int32Array(size),
          group: new Int32Array(size),
          gold: Uint8Array.from(one.gold),
          predicted: Uint8Array.from(one.gold),
          scores: Float64Array.from(one.scores),
        },
        one.member,
        { groups: 1, samples: 0, seed: 1, level: 0.95 },
      )!;
      for (const [name, measures] of Object.entries(one.subgroups))
        for (const [measure, value] of Object.entries(measures as object))
          expectClose(
            bias.subgroups[name]![measure as 'bpsnAuc'],
            value,
            `case ${index}, ${name}.${measure}`,
          );
      for (const [measure, value] of Object.entries(one.means))
        expectClose(bias.generalizedMean[measure as 'bpsnAuc'], value as number, `case ${index}, ${measure}`);
      expectClose(bias.score, one.score, `case ${index}, score`);
    }
  });

  it('agreement, 150 cases', () => {
    for (const [index, one] of reference.agreement.entries()) {
      const ratings: (number | null)[][] = one.ratings;
      const units = ratings[0]!.map((_, unit) => ratings.map((row) => row[unit] ?? null));
      const table = (unit: (number | null)[]) =>
        [0, 1, 2].map((label) => unit.filter((one) => one === label).length);
      const complete = units.filter((unit) => !unit.includes(null));
      expectClose(fleissKappa(complete.map(table)), one.fleiss, `case ${index}, Fleiss`);
      expectClose(krippendorffAlpha(units.map(table)), one.alpha, `case ${index}, Krippendorff`);
      const confusion = new Array(9).fill(0);
      for (const [a, b] of units) if (a != null && b != null) confusion[a * 3 + b]++;
      expectClose(cohenKappa(confusion), one.cohen, `case ${index}, Cohen`);
    }
  });

  it('significance and distributions', () => {
    for (const { b, c, p } of reference.mcnemar) expectClose(mcNemar(b, c).pValue, p, `McNemar ${b}, ${c}`);
    for (const { p, adjusted } of reference.holm)
      for (const [index, value] of holm(p).entries()) expectClose(value, adjusted[index], `Holm ${p}`);
    const {
      beta,
      student,
      studentQuantile: quantiles,
      normal,
      normalQuantile: normalQuantiles,
    } = reference.distributions;
    for (const [x, a, b, p] of beta) expectClose(betaDistribution(x, a, b), p, `beta ${x}, ${a}, ${b}`);
    for (const [x, d, p] of student) expectClose(studentDistribution(x, d), p, `t ${x}, ${d}`);
    for (const [q, d, x] of quantiles) expectClose(studentQuantile(q, d), x, `t quantile ${q}, ${d}`);
    for (const [x, p] of normal) expectClose(normalDistribution(x), p, `normal ${x}`);
    for (const [q, x] of normalQuantiles) expectClose(normalQuantile(q), x, `normal quantile ${q}`);
  });
});
