import type { GateResult } from './gates';
import type { Report } from './report';
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
} from './tables';

/** A report as GitHub-flavoured Markdown: figures with intervals, baselines, comparisons and gates. */
export function markdownReport(report: Report, gates: readonly GateResult[] = []): string {
  const lines = [`# ${cell(report.title)}`, ''];
  for (const evaluation of report.evaluations) {
    lines.push(`## ${cell(evaluation.name)}`, '', coverageSentence(evaluation), '');
    for (const table of [...figureTables(evaluation), ...sliceTables(evaluation)])
      lines.push(...tableLines(table));
  }
  for (const comparison of report.comparisons) {
    lines.push(`## ${cell(comparison.first)} against ${cell(comparison.second)}`, '');
    lines.push(row(['metric', 'difference', 'interval', 'p', 'p, Holm', 'McNemar p']));
    lines.push(row(['---', '---:', '---:', '---:', '---:', '---:']));
    for (const one of comparisonRows(comparison))
      lines.push(
        row([
          cell(one.name),
          formatFigure(one.difference),
          formatInterval(one),
          formatPValue(one.pValue),
          formatPValue(one.adjustedPValue),
          formatPValue(one.mcNemar?.adjustedPValue ?? null),
        ]),
      );
    lines.push('');
  }
  if (gates.length > 0) {
    lines.push('## Gates', '', row(['', 'classifier', 'metric', 'value', 'required']));
    lines.push(row(['---', '---', '---', '---:', '---']));
    for (const gate of gates)
      lines.push(
        row([
          gate.passed ? '✅' : '❌',
          cell(gate.classifier),
          cell(gate.metric),
          formatFigure(gate.value),
          gate.requirement,
        ]),
      );
    lines.push('');
  }
  const [first] = report.evaluations;
  if (first) lines.push(`${intervalSentence(first)} ${baselineSentence}`, '');
  return lines.join('\n');
}

function tableLines({ title, rowsAre, columns, baselines, counted, rows, notes }: FigureTable): string[] {
  const heads = [cell(rowsAre), ...columns, ...baselines.map((name) => `${name}: ${columns[0]}`), counted];
  return [
    `### ${cell(title)}`,
    '',
    row(heads),
    row(heads.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...rows.map(({ head, figures, baselines: values, count }) =>
      row([
        cell(head),
        ...figures.map((figure) => [formatCell(figure), formatInterval(figure)].filter(Boolean).join(' ')),
        ...values.map((value) => formatFigure(value)),
        count,
      ]),
    ),
    '',
    ...notes.flatMap((note) => [cell(note), '']),
  ];
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** Names come from files: they must break no table and start no markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#&]/g, (character) => `\\${character}`);
}
