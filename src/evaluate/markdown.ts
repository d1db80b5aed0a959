import type { GateResult } from './gates';
import type { Report } from './report';
import {
  comparisonRows,
  coverageSentence,
  figureTables,
  formatFigure,
  formatInterval,
  formatPValue,
} from './tables';

/** A report as GitHub-flavoured Markdown: figures with intervals, baselines, comparisons and gates. */
export function markdownReport(report: Report, gates: readonly GateResult[] = []): string {
  const lines = [`# ${cell(report.title)}`, ''];
  for (const evaluation of report.evaluations) {
    lines.push(`## ${cell(evaluation.name)}`, '', coverageSentence(evaluation), '');
    for (const table of figureTables(evaluation)) {
      lines.push(`### ${table.title}`, '');
      const heads = [
        table.title === 'Stance' ? 'target' : 'attribute',
        ...table.columns.map(({ head }) => head),
      ];
      heads.push(...table.baselines.map((name) => `${name}: ${table.columns[0]!.head}`), 'comments');
      lines.push(row(heads), row(heads.map((_, index) => (index === 0 ? '---' : '---:'))));
      for (const { head, figures, baselines, comments } of table.rows)
        lines.push(
          row([
            cell(head),
            ...figures.map((figure) =>
              [formatFigure(figure?.value), formatInterval(figure)].filter(Boolean).join(' '),
            ),
            ...baselines.map((value) => formatFigure(value)),
            String(comments),
          ]),
        );
      lines.push('');
    }
    for (const [field, slices] of Object.entries(evaluation.slices)) {
      const metrics = [
        'stance.f1Average',
        'stance.pooled.accuracy',
        'toxicity.rocAuc',
        'toxicity.accuracy',
      ].filter((metric) =>
        Object.values(slices).some((slice) => (slice.metrics[metric]?.value ?? null) !== null),
      );
      lines.push(`### By ${cell(field)}`, '', row([cell(field), 'comments', ...metrics]));
      lines.push(row(['---', '---:', ...metrics.map(() => '---:')]));
      for (const [value, slice] of Object.entries(slices))
        lines.push(
          row([
            cell(value),
            String(slice.coverage.gold),
            ...metrics.map((metric) =>
              [formatFigure(slice.metrics[metric]?.value), formatInterval(slice.metrics[metric])]
                .filter(Boolean)
                .join(' '),
            ),
          ]),
        );
      lines.push('');
    }
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
  if (first)
    lines.push(
      `Intervals: ${first.options.level * 100}%, ${first.options.samples} bootstrap samples of ${first.gold.groups} ${first.gold.grouped ? 'groups' : 'comments'}, seed ${first.options.seed}. Baselines: the commonest label, labels at random as often as they occur, a list of swear words.`,
      '',
    );
  return lines.join('\n');
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

/** Names come from files: they must break no table and start no markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#&]/g, (character) => `\\${character}`);
}
