import stringWidth from 'string-width';
import type { GateResult } from '../evaluate/gates';
import type { Comparison, Evaluation, Report } from '../evaluate/report';
import {
  baselineSentence,
  comparisonRows,
  coverageSentence,
  type FigureTable,
  figureTables,
  formatCell,
  formatFigure,
  formatInterval,
  formatPValue,
  intervalSentence,
  sliceTables,
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
      wrap(`${intervalSentence(first)} ${baselineSentence}`, width)
        .map((line) => colors.dim(line))
        .join('\n'),
    );
  return blocks.join('\n\n');
}

function evaluationBlock(evaluation: Evaluation, colors: Colors, width: number): string {
  const lines = [colors.bold(printable(evaluation.name)), ...wrap(coverageSentence(evaluation), width)];
  for (const [reason, count] of Object.entries(evaluation.coverage.reasons))
    lines.push(colors.dim(`  ${count} ${printable(reason)}`));
  for (const table of [...figureTables(evaluation), ...sliceTables(evaluation)])
    lines.push('', ...figureLines(table, colors, width));
  return lines.join('\n');
}

const baselineHeads: Readonly<Record<string, string>> = {
  majority: 'majority',
  'stratified-random': 'random',
  'word-list': 'word list',
};

/** As many columns as there is room for, and intervals in all of them or in the first alone. */
function figureLines(table: FigureTable, colors: Colors, width: number): string[] {
  const others = table.columns.map((_, index) => index).slice(1);
  const fits = (cells: Cell[][]) => widthsOf(cells).reduce((sum, one) => sum + one + 2, -2) <= width;
  const notes = table.notes.flatMap((note) => wrap(printable(note), width - 2)).map((line) => `  ${line}`);
  let cells = gridOf(table, others, true, colors);
  for (let kept = others.length; !fits(cells) && kept >= 0; kept--)
    cells = gridOf(table, others.slice(0, kept), false, colors);
  return [...align(cells), ...notes.map((line) => colors.dim(line))];
}

/** @param columns those to show beside the first */
function gridOf(
  { title, columns: heads, baselines: baselineNames, counted, rows }: FigureTable,
  columns: readonly number[],
  withIntervals: boolean,
  colors: Colors,
): Cell[][] {
  const shown = heads.length === 0 ? [] : [0, ...columns];
  return [
    [
      { text: printable(title), paint: colors.bold },
      ...shown.map((column) => ({ text: heads[column]!, paint: colors.dim })),
      ...baselineNames.map((name) => ({ text: baselineHeads[name] ?? name, paint: colors.dim })),
      { text: counted, paint: colors.dim },
    ],
    ...rows.map(({ head, figures, baselines, count }) => [
      { text: `  ${printable(head)}` },
      ...shown.map((column) => {
        const figure = figures[column]!;
        const value = formatCell(figure);
        const interval = column === 0 || withIntervals ? formatInterval(figure, 2) : '';
        return {
          text: interval === '' ? value : `${value} ${interval}`,
          paint: () =>
            `${column === 0 ? colors.bold(value) : value}${interval === '' ? '' : ` ${colors.dim(interval)}`}`,
        };
      }),
      ...baselines.map((value) => ({ text: formatFigure(value), paint: colors.dim })),
      { text: count, paint: colors.dim },
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
