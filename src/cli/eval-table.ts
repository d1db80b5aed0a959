import stringWidth from 'string-width';
import type { GateResult } from '../evaluate/gates';
import type { Comparison, Evaluation, Report } from '../evaluate/report';
import {
  comparisonRows,
  coverageSentence,
  type FigureTable,
  figureTables,
  formatFigure,
  formatInterval,
  formatPValue,
} from '../evaluate/tables';
import { colorsFor, printable, widthOf } from './terminal';

type Colors = ReturnType<typeof colorsFor>;
interface Cell {
  text: string;
  paint?: (text: string) => string;
}

/** A report for people: a table a task with intervals and baselines, as wide as the terminal allows. */
export function reportTables(
  report: Report,
  gates: readonly GateResult[],
  stream: NodeJS.WriteStream,
): string {
  const colors = colorsFor(stream);
  const width = widthOf(stream);
  const blocks = report.evaluations.map((evaluation) => evaluationBlock(evaluation, colors, width));
  for (const comparison of report.comparisons) blocks.push(comparisonBlock(comparison, colors));
  if (gates.length > 0) blocks.push(gatesBlock(gates, colors));
  const first = report.evaluations[0];
  if (first)
    blocks.push(
      wrap(footnote(first), width)
        .map((line) => colors.dim(line))
        .join('\n'),
    );
  return blocks.join('\n\n');
}

function evaluationBlock(evaluation: Evaluation, colors: Colors, width: number): string {
  const lines = [colors.bold(printable(evaluation.name)), ...wrap(coverageSentence(evaluation), width)];
  for (const [reason, count] of Object.entries(evaluation.coverage.reasons))
    lines.push(colors.dim(`  ${count} ${printable(reason)}`));
  for (const table of figureTables(evaluation)) lines.push('', ...figureLines(table, colors, width));
  for (const [field, slices] of Object.entries(evaluation.slices)) {
    lines.push('', ...sliceLines(field, slices, colors));
    lines.push(...biasLines(field, evaluation, colors));
  }
  return lines.join('\n');
}

const baselineHeads: Readonly<Record<string, string>> = {
  majority: 'majority',
  'stratified-random': 'random',
  'word-list': 'word list',
};

function figureLines(table: FigureTable, colors: Colors, width: number): string[] {
  const [firstColumn, ...others] = table.columns;
  const grid = (columns: readonly number[], withIntervals: boolean): Cell[][] => [
    [
      { text: table.title, paint: colors.bold },
      ...[0, ...columns].map((column) => ({ text: table.columns[column]!.head, paint: colors.dim })),
      ...table.baselines.map((name) => ({ text: baselineHeads[name] ?? name, paint: colors.dim })),
      { text: 'comments', paint: colors.dim },
    ],
    ...table.rows.map(({ head, figures, baselines, comments }) => [
      { text: `  ${printable(head)}` },
      ...[0, ...columns].map((column) => {
        const value = formatFigure(figures[column]?.value);
        const interval = column === 0 || withIntervals ? formatInterval(figures[column], 2) : '';
        const text = interval === '' ? value : `${value} ${interval}`;
        return {
          text,
          paint: () =>
            `${column === 0 ? colors.bold(value) : value}${interval === '' ? '' : ` ${colors.dim(interval)}`}`,
        };
      }),
      ...baselines.map((value) => ({ text: formatFigure(value), paint: colors.dim })),
      { text: String(comments), paint: colors.dim },
    ]),
  ];
  const all = others.map((_, index) => index + 1);
  const fits = (cells: Cell[][]) => widthsOf(cells).reduce((sum, one) => sum + one + 2, -2) <= width;
  if (fits(grid(all, true))) return align(grid(all, true));
  let kept = all;
  while (kept.length > 0 && !fits(grid(kept, false))) kept = kept.slice(0, -1);
  return firstColumn === undefined ? [] : align(grid(kept, false));
}

function sliceLines(field: string, slices: Evaluation['slices'][string], colors: Colors): string[] {
  const metrics = [
    ['stance.f1Average', 'F1 fav/ag'],
    ['stance.pooled.accuracy', 'stance accuracy'],
    ['toxicity.rocAuc', 'ROC-AUC'],
    ['toxicity.accuracy', 'toxicity accuracy'],
  ].filter(([metric]) =>
    Object.values(slices).some((slice) => (slice.metrics[metric!]?.value ?? null) !== null),
  );
  return align([
    [
      { text: `By ${printable(field)}`, paint: colors.bold },
      ...metrics.map(([, head]) => ({ text: head!, paint: colors.dim })),
      { text: 'comments', paint: colors.dim },
    ],
    ...Object.entries(slices).map(([value, slice]) => [
      { text: `  ${printable(value)}` },
      ...metrics.map(([metric]) => ({
        text: [formatFigure(slice.metrics[metric!]?.value), formatInterval(slice.metrics[metric!], 2)]
          .filter(Boolean)
          .join(' '),
      })),
      { text: String(slice.coverage.gold), paint: colors.dim },
    ]),
  ]);
}

function biasLines(field: string, evaluation: Evaluation, colors: Colors): string[] {
  const rows = Object.entries(evaluation.bias[field] ?? {}).filter(
    ([, bias]) => bias !== null && bias.score !== null,
  );
  if (rows.length === 0) return [];
  return [
    '',
    ...align([
      [
        { text: `Bias by ${printable(field)}`, paint: colors.bold },
        ...['score', 'overall AUC', 'subgroup', 'BPSN', 'BNSP'].map((text) => ({ text, paint: colors.dim })),
      ],
      ...rows.map(([attribute, bias]) => [
        { text: `  ${printable(attribute)}` },
        {
          text: `${formatFigure(bias!.score)} ${formatInterval({ interval: bias!.intervals.score }, 2)}`.trimEnd(),
        },
        ...[
          bias!.overallAuc,
          bias!.generalizedMean.subgroupAuc,
          bias!.generalizedMean.bpsnAuc,
          bias!.generalizedMean.bnspAuc,
        ].map((value) => ({ text: formatFigure(value) })),
      ]),
    ]),
  ];
}

/** The lines of a comparison: positive differences speak for the first classifier, except where less is better. */
export function comparisonBlock(comparison: Comparison, colors: Colors): string {
  const rows = comparisonRows(comparison);
  if (rows.length === 0)
    return `${colors.bold(printable(comparison.first))} and ${colors.bold(printable(comparison.second))} answer no target or attribute in common.`;
  return align([
    [
      { text: `${printable(comparison.first)} − ${printable(comparison.second)}`, paint: colors.bold },
      ...['first', 'second', 'difference', 'p', 'p, Holm', 'McNemar p', 'comments'].map((text) => ({
        text,
        paint: colors.dim,
      })),
    ],
    ...rows.map((one) => [
      { text: `  ${printable(one.name)}` },
      { text: formatFigure(one.first) },
      { text: formatFigure(one.second) },
      {
        text: [formatFigure(one.difference), formatInterval(one, 2)].filter(Boolean).join(' '),
        paint:
          one.adjustedPValue !== null && one.adjustedPValue < 0.05 ? colors.bold : (text: string) => text,
      },
      { text: formatPValue(one.pValue) },
      { text: formatPValue(one.adjustedPValue) },
      { text: formatPValue(one.mcNemar?.adjustedPValue ?? null) },
      { text: String(one.comments), paint: colors.dim },
    ]),
  ]).join('\n');
}

function gatesBlock(gates: readonly GateResult[], colors: Colors): string {
  return [
    colors.bold('Gates'),
    ...gates.map(({ passed, classifier, metric, value, requirement }) => {
      const mark = passed ? colors.green('pass') : colors.red('FAIL');
      return `  ${mark}  ${printable(classifier)}: ${printable(metric)} ${formatFigure(value, 4)}, required ${requirement}`;
    }),
  ].join('\n');
}

function footnote({ options, gold }: Evaluation): string {
  const unit = gold.grouped ? `${gold.groups} groups` : `${gold.groups} comments`;
  const intervals =
    options.samples === 0
      ? 'No intervals were asked for.'
      : `Brackets: ${Number((options.level * 100).toFixed(2))}% intervals, ${options.samples} bootstrap samples of ${unit}, seed ${options.seed}.`;
  return `${intervals} Baselines are for the first column: the commonest label, labels drawn as often as they occur, a list of swear words.`;
}

function widthsOf(cells: readonly (readonly Cell[])[]): number[] {
  return cells[0]!.map((_, column) => Math.max(...cells.map((row) => stringWidth(row[column]!.text))));
}

/** First column to the left, the others to the right. */
function align(cells: readonly (readonly Cell[])[]): string[] {
  const widths = widthsOf(cells);
  return cells.map((row) =>
    row
      .map(({ text, paint }, column) => {
        const blanks = ' '.repeat(widths[column]! - stringWidth(text));
        const painted = paint ? paint(text) : text;
        return column === 0 ? painted + blanks : blanks + painted;
      })
      .join('  ')
      .trimEnd(),
  );
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
