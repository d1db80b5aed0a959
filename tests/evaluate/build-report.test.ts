import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/evaluate/build-report';
import { evaluate } from '../../src/evaluate/evaluate';
import { checkDrop } from '../../src/evaluate/gates';
import { junitReport } from '../../src/evaluate/junit';

const gold = Array.from({ length: 10 }, (_, index) => {
  const label = index < 5 ? 1 : 0;
  return { id: String(index), text: '', gold: { toxicity: { insult: label, toxicity: label } } };
});
const predict = (score: (index: number) => number) =>
  gold.map(({ id }, index) => ({
    id,
    status: 'labelled',
    labels: { toxicity: { attributes: { insult: score(index), toxicity: score(index) } } },
  }));
const separated = predict((index) => (index < 5 ? 0.4 : 0.1));
const other = predict((index) => index / 10);

describe('buildReport', () => {
  const f1 = (thresholds: object, own: object = { thresholds: { insult: 0.3, toxicity: 0.3 } }) => {
    const report = buildReport(
      [
        { name: 'A', predictions: separated, ...own },
        { name: 'B', predictions: other },
      ],
      gold,
      { samples: 0, ...thresholds },
    );
    return ['insult', 'toxicity'].map((attribute) => {
      const name = `toxicity.${attribute}.f1`;
      const value = report.evaluations[0]!.metrics[name]!.value;
      expect(report.comparisons[0]!.metrics[name]!.first).toBe(value);
      return value;
    });
  };

  it("measures and compares by the same thresholds: the options', then the classifier's own", () => {
    expect(f1({})).toEqual([1, 1]);
    expect(f1({ thresholds: { insult: 0.9 } })).toEqual([0, 1]);
    expect(f1({ thresholds: 0.9 })).toEqual([0, 0]);
    expect(f1({ thresholds: { insult: 0.9 } }, { thresholds: 0.3 })).toEqual([0, 1]);
    expect(f1({ thresholds: { insult: 0.3 } }, {})).toEqual([1, 0]);
  });

  it('says whose rows are wrong, and nobody where gold or the options are', () => {
    const both = (second: readonly unknown[], goldRows: readonly unknown[] = gold, options = {}) =>
      buildReport(
        [
          { name: 'good', predictions: separated },
          { name: 'wrong', predictions: second },
        ],
        goldRows,
        options,
      );
    expect(() => both([...separated, separated[0]])).toThrow(
      /^wrong: Prediction rows 1 and 11 have the same id/,
    );
    expect(() => both(separated, [...gold, gold[0]])).toThrow(/^Gold rows 1 and 11/);
    expect(() => both(separated, gold, { level: 95 })).toThrow(/^The option level/);
  });

  it('refuses two classifiers of one name', () => {
    const twice = ['x', 'x'].map((name) => ({ name, predictions: separated }));
    expect(() => buildReport(twice, gold)).toThrow(/Two classifiers have the name "x"/);
  });

  it('has a digest of ids and labels, whatever their order and texts', () => {
    const digest = (rows: readonly unknown[]) =>
      buildReport([{ name: 'A', predictions: [] }], rows, { samples: 0 }).goldDigest;
    const turned = gold.toReversed().map((row) => ({
      ...row,
      text: 'other',
      gold: { toxicity: { toxicity: row.gold.toxicity.toxicity === 1, insult: row.gold.toxicity.insult } },
    }));
    expect(digest(turned)).toBe(digest(gold));
    const relabelled = structuredClone(gold);
    relabelled[3]!.gold.toxicity.insult = 0;
    expect(digest(relabelled)).not.toBe(digest(gold));
  });
});

describe('checkDrop', () => {
  const reportOn = (predictions: readonly unknown[], goldRows: readonly unknown[] = gold) =>
    buildReport([{ name: 'A', predictions }], goldRows, { samples: 0 });

  it('fails where a metric of the earlier report has no value any more', () => {
    const labelsOnly = gold.map(({ id }) => ({
      id,
      labels: { toxicity: { attributes: { insult: true, toxicity: true } } },
    }));
    const failed = checkDrop(reportOn(labelsOnly), reportOn(separated), 1).filter(({ passed }) => !passed);
    expect(failed.map(({ metric }) => metric)).toContain('toxicity.insult.rocAuc');
  });

  it('refuses an earlier report on other gold rows, and asks older reports for what they have', () => {
    const fewer = gold.map((row) => ({ ...row, gold: { toxicity: { insult: row.gold.toxicity.insult } } }));
    const earlier = reportOn(separated);
    expect(() => checkDrop(reportOn(separated, fewer), earlier, 0)).toThrow(/other gold rows/);
    const { goldDigest: _, ...older } = earlier;
    const failed = checkDrop(reportOn(separated, fewer), older as typeof earlier, 0).filter(
      ({ passed }) => !passed,
    );
    expect(failed.map(({ metric }) => metric)).toContain('toxicity.toxicity.rocAuc');
  });
});

describe('junitReport', () => {
  it('does not pass a classifier without gates that failed on a comment', () => {
    const rows = [...separated.slice(0, 9), { id: '9', status: 'failed', error: { code: 'x' } }];
    const xml = (predictions: readonly unknown[]) =>
      junitReport(buildReport([{ name: 'A', predictions }], gold, { samples: 0 }), []);
    expect(xml(rows)).toContain('coverage is 0.9; required: an answer for every gold row');
    expect(xml(separated)).toContain('failures="0"');
  });
});

describe('names of the language', () => {
  it('may be attributes', () => {
    const rows = [1, 0].map((label) => ({
      id: String(label),
      gold: { toxicity: { constructor: label, x: 1 } },
    }));
    const predictions = [1, 0].map((label) => ({
      id: String(label),
      labels: { toxicity: { attributes: { constructor: label * 0.8 }, thresholds: { x: 0.1 } } },
    }));
    expect(evaluate(predictions, rows).metrics['toxicity.constructor.f1']!.value).toBe(1);
  });
});
