import * as Plot from '@observablehq/plot';
import type { Evaluation, MetricValue, Report } from '../report';

/** A plot that is drawn for the width at hand, and again when that changes. */
export interface ResponsivePlot {
  title: string;
  wide?: boolean;
  legend?: readonly { name: string; color: string }[];
  draw(width: number): SVGElement | HTMLElement;
}

export const colorOf = (index: number) => `var(--c${index % 8})`;

const probability = { domain: [0, 1] as [number, number], ticks: 5 };
const square = (width: number) => Math.min(width, 420);
const base = (width: number) => ({ width, style: { fontSize: '12px', background: 'transparent' } });

const diagonal = () =>
  Plot.line(
    [
      [0, 0],
      [1, 1],
    ],
    { stroke: 'var(--line)', strokeDasharray: '4,4' },
  );

interface ForestRow {
  part: string;
  classifier: string;
  value: number;
  interval: MetricValue['interval'];
  color: string;
}

const forestTip = ({ classifier, part, value, interval }: ForestRow) =>
  `${classifier}, ${part}: ${value.toFixed(3)}${interval ? ` [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]` : ''}`;

/** A metric of every target or attribute with its interval, for every classifier; baselines are small ticks. */
export function forestPlot(
  report: Report,
  task: 'stance' | 'toxicity',
  metric: string,
  title: string,
): ResponsivePlot | null {
  const first = report.evaluations[0]!;
  const parts = task === 'stance' ? first.gold.targets : first.gold.attributes;
  const names = [...parts, ...(parts.length > 1 ? ['mean'] : [])];
  const keyOf = (part: string) => (part === 'mean' ? `${task}.${metric}` : `${task}.${part}.${metric}`);
  const rows = report.evaluations.flatMap((evaluation, index) =>
    names.flatMap((part): ForestRow[] => {
      const figure = evaluation.metrics[keyOf(part)];
      if (figure?.value == null) return [];
      const { value, interval } = figure;
      return [
        {
          part,
          classifier: evaluation.name,
          value,
          interval,
          color: colorOf(index),
        },
      ];
    }),
  );
  if (rows.length === 0) return null;
  const withInterval = rows.filter(({ interval }) => interval !== null);
  const baselines = names.flatMap((part) =>
    Object.entries(first.baselines).flatMap(([name, baseline]) => {
      const value = baseline.metrics[keyOf(part)];
      return value == null ? [] : [{ part, name, value }];
    }),
  );
  const several = report.evaluations.length > 1;
  const place = (row: { classifier: string }) => row.classifier;
  const left = Math.min(150, 20 + 7 * Math.max(...names.map((name) => name.length)));
  return {
    title,
    wide: true,
    ...(several && {
      legend: report.evaluations.map(({ name }, index) => ({ name, color: colorOf(index) })),
    }),
    draw: (width) =>
      Plot.plot({
        ...base(width),
        height: 60 + names.length * Math.max(26, report.evaluations.length * 16),
        marginLeft: left,
        marginRight: 20,
        x: {
          domain: [Math.min(0, ...rows.map(({ value, interval }) => interval?.low ?? value)), 1],
          grid: true,
          label: null,
        },
        fy: { domain: names, label: null, axis: 'left', padding: 0.15 },
        y: { domain: report.evaluations.map(({ name }) => name), axis: null, padding: 0.3 },
        marks: [
          Plot.tickX(baselines, {
            x: 'value',
            fy: 'part',
            stroke: 'var(--soft)',
            strokeOpacity: 1,
            strokeDasharray: '2,2',
            title: (row: { name: string; value: number }) => `${row.name}: ${row.value.toFixed(3)}`,
          }),
          Plot.ruleY(withInterval, {
            y: place,
            fy: 'part',
            x1: (row: ForestRow) => row.interval!.low,
            x2: (row: ForestRow) => row.interval!.high,
            stroke: 'color',
            strokeWidth: 2.5,
          }),
          Plot.dot(rows, {
            y: place,
            fy: 'part',
            x: 'value',
            fill: 'color',
            r: 4,
            title: forestTip,
          }),
        ],
      }),
  };
}

function matrixPlot(
  title: string,
  labels: readonly string[],
  count: (gold: string, predicted: string) => number,
): ResponsivePlot {
  const cells = labels.flatMap((gold) => {
    const total = labels.reduce((sum, predicted) => sum + count(gold, predicted), 0);
    return labels.map((predicted) => {
      const value = count(gold, predicted);
      return { gold, predicted, value, share: total === 0 ? 0 : value / total };
    });
  });
  return {
    title,
    draw: (width) =>
      Plot.plot({
        ...base(square(width)),
        height: labels.length * 62 + 62,
        marginLeft: 70,
        marginTop: 20,
        marginBottom: 42,
        padding: 0.04,
        x: {
          domain: labels,
          label: 'predicted',
          labelAnchor: 'center',
          labelArrow: 'none',
          tickSize: 0,
          labelOffset: 38,
        },
        y: { domain: labels, label: 'gold', labelAnchor: 'top', labelArrow: 'none', tickSize: 0 },
        marks: [
          Plot.cell(cells, {
            x: 'predicted',
            y: 'gold',
            fill: 'var(--c0)',
            fillOpacity: (cell: (typeof cells)[number]) => 0.08 + 0.62 * cell.share,
          }),
          Plot.text(cells, {
            x: 'predicted',
            y: 'gold',
            dy: -7,
            text: (cell: (typeof cells)[number]) => String(cell.value),
            fontSize: 15,
            fontWeight: 600,
            fill: 'var(--ink)',
          }),
          Plot.text(cells, {
            x: 'predicted',
            y: 'gold',
            dy: 11,
            text: (cell: (typeof cells)[number]) => `${(100 * cell.share).toFixed(0)}%`,
            fontSize: 11,
            fill: 'var(--ink)',
          }),
        ],
      }),
  };
}

export function confusionPlots({ stance, toxicity }: Evaluation): ResponsivePlot[] {
  const labels = ['favor', 'against', 'none'] as const;
  const targets = Object.entries(stance.targets).map(([target, { confusion }]) =>
    matrixPlot(target, labels, (gold, predicted) => confusion[gold as 'favor'][predicted as 'favor']),
  );
  const attributes = Object.entries(toxicity.attributes).map(([attribute, { confusion }]) =>
    matrixPlot(attribute, ['1', '0'], (gold, predicted) =>
      gold === '1'
        ? predicted === '1'
          ? confusion.truePositives
          : confusion.falseNegatives
        : predicted === '1'
          ? confusion.falsePositives
          : confusion.trueNegatives,
    ),
  );
  return [...targets, ...attributes];
}

interface Series {
  name: string;
  points: readonly { x: number; y: number; threshold?: number }[];
}

function linePlot(
  title: string,
  x: string,
  y: string,
  series: readonly Series[],
  reference: boolean,
  dots = false,
): ResponsivePlot | null {
  const drawn = series.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return null;
  const rows = drawn.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })));
  const range = drawn.map((_, index) => colorOf(index));
  return {
    title,
    legend: drawn.map(({ name }, index) => ({ name, color: colorOf(index) })),
    draw: (width) =>
      Plot.plot({
        ...base(square(width)),
        height: square(width) * 0.86,
        marginLeft: 42,
        marginBottom: 42,
        x: { ...probability, label: x, labelAnchor: 'center', labelArrow: 'none', grid: true },
        y: { ...probability, label: y, labelArrow: 'none', grid: true },
        color: { domain: drawn.map(({ name }) => name), range },
        marks: [
          ...(reference ? [diagonal()] : []),
          Plot.line(rows, { x: 'x', y: 'y', stroke: 'name', strokeWidth: 1.8, clip: true }),
          ...(dots ? [Plot.dot(rows, { x: 'x', y: 'y', fill: 'name', r: 2.5 })] : []),
        ],
      }),
  };
}

export function curvePlots(evaluation: Evaluation): ResponsivePlot[] {
  const attributes = Object.entries(evaluation.toxicity.attributes);
  const targets = Object.entries(evaluation.stance.targets);
  const reliabilityOf = (
    name: string,
    bins: Evaluation['stance']['targets'][string]['reliability'],
  ): Series => ({
    name,
    points: (bins ?? []).flatMap(({ meanScore, observed }) =>
      meanScore === null ? [] : [{ x: meanScore, y: observed! }],
    ),
  });
  const riskOf = (name: string, curve: Evaluation['stance']['targets'][string]['riskCoverage']): Series => ({
    name,
    points: (curve?.points ?? []).map(({ coverage, risk }) => ({ x: coverage, y: risk })),
  });
  return [
    linePlot(
      'ROC',
      'false positive rate',
      'true positive rate',
      attributes.map(([name, { roc }]) => ({
        name,
        points: roc
          ? [
              { x: 0, y: 0 },
              ...roc.map((point) => ({ x: point.falsePositiveRate, y: point.truePositiveRate })),
            ]
          : [],
      })),
      true,
    ),
    linePlot(
      'Precision and recall',
      'recall',
      'precision',
      attributes.map(([name, { precisionRecall }]) => ({
        name,
        points: (precisionRecall ?? []).map(({ recall, precision }) => ({ x: recall, y: precision })),
      })),
      false,
    ),
    linePlot(
      'Reliability, toxicity',
      'score',
      'share of positives',
      attributes.map(([name, one]) => reliabilityOf(name, one.reliability)),
      true,
      true,
    ),
    linePlot(
      'Reliability, stance',
      'confidence',
      'share right',
      targets.map(([name, one]) => reliabilityOf(name, one.reliability)),
      true,
      true,
    ),
    linePlot(
      'Risk and coverage, stance',
      'coverage',
      'error rate',
      targets.map(([name, one]) => riskOf(name, one.riskCoverage)),
      false,
    ),
    linePlot(
      'Risk and coverage, toxicity',
      'coverage',
      'error rate',
      attributes.map(([name, one]) => riskOf(name, one.riskCoverage)),
      false,
    ),
  ].filter((plot) => plot !== null);
}
