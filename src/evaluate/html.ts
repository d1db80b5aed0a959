import { createHash } from 'node:crypto';
import type { GateResult } from './gates';
import type { Evaluation, Report } from './report';
import { styles } from './report-html/styles';
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

/**
 * A report as one HTML page without any other file: tables that read without a script, plots, and a table of wrong
 * answers to sort and filter. Comments are shown as text, never parsed as markup, and the page's own policy forbids every
 * script but its own and every request.
 *
 * @example
 * await writeFile('report.html', await htmlReport(buildReport([{ name: 'mine', predictions }], gold)));
 */
export async function htmlReport(report: Report, gates: readonly GateResult[] = []): Promise<string> {
  const { default: script } = await import('./report-html/client.ts?bundle');
  const digest = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${digest}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="moderato">
<title>${text(report.title)}</title>
<style>${styles}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the figures</a>
<main id="content">
<h1>${text(report.title)}</h1>
${introduction(report)}
${gatesSection(gates)}
<section aria-label="Summary"><div class="plots" id="summary-plots"></div></section>
${report.comparisons.length > 0 ? comparisonsSection(report) : ''}
${report.evaluations.map(evaluationSection).join('\n')}
</main>
<script type="application/json" id="report-data">${inlineJson(report)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** JSON that no HTML parser can mistake for markup. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

function text(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

function introduction(report: Report): string {
  const first = report.evaluations[0];
  if (first === undefined) return '';
  const { gold, options } = first;
  const groups = gold.grouped ? ` in ${gold.groups} groups` : '';
  const bars = options.samples === 0 ? '' : ' So are the bars in the plots.';
  return `<p class="soft">${gold.rows} hand-labelled comments${groups}. ${intervalSentence(first)}${bars} Dashed ticks in the plots and the last columns of the tables are baselines. ${baselineSentence}</p>`;
}

function evaluationSection(evaluation: Evaluation, index: number): string {
  const reasons = Object.entries(evaluation.coverage.reasons)
    .map(([reason, count]) => `${count} ${reason}`)
    .join('; ');
  return `<section aria-labelledby="classifier-${index}">
<h2 id="classifier-${index}">${text(evaluation.name)}</h2>
<p>${text(coverageSentence(evaluation))}${reasons === '' ? '' : ` <span class="soft">${text(reasons)}</span>`}</p>
${[...figureTables(evaluation), ...sliceTables(evaluation)].map(figureTable).join('\n')}
<h3>Confusion matrices</h3>
<p class="soft">Rows are gold labels; the shares are of each row.</p>
<div class="plots" id="confusion-${index}"></div>
<h3>Curves</h3>
<div class="plots" id="curves-${index}"></div>
<h3>Wrong answers</h3>
<div id="errors-${index}"><p class="soft">${evaluation.errors.total} wrong answers; the table needs JavaScript.</p></div>
</section>`;
}

const table = (label: string, head: readonly string[], rows: readonly string[]) =>
  `<div class="scroll" tabindex="0" role="region" aria-label="${text(label)}"><table>
<thead><tr>${head.map((name) => `<th scope="col">${text(name)}</th>`).join('')}</tr></thead>
<tbody>
${rows.map((cells) => `<tr>${cells}</tr>`).join('\n')}
</tbody></table></div>`;

const rowHead = (name: string) => `<th scope="row">${text(name)}</th>`;
const cell = (content: string, className = '') =>
  `<td${className === '' ? '' : ` class="${className}"`}>${content}</td>`;
const intervalSpan = (figure: Parameters<typeof formatInterval>[0]) => {
  const interval = formatInterval(figure);
  return interval === '' ? '' : `<span class="interval">${interval}</span>`;
};

function figureTable({ title, rowsAre, columns, baselines, counted, rows, notes }: FigureTable): string {
  return `<h3>${text(title)}</h3>
${notes.length > 0 ? `<p class="soft">${notes.map(text).join('<br>')}</p>` : ''}
${table(
  title,
  [
    rowsAre,
    ...columns,
    ...baselines.map((name) => name.replace('stratified-', '').replace('-', ' ')),
    counted,
  ],
  rows.map(({ head, figures, baselines: values, count }) =>
    [
      rowHead(head),
      ...figures.map((figure, index) =>
        cell(formatCell(figure) + intervalSpan(figure), index === 0 ? 'main' : ''),
      ),
      ...values.map((value) => cell(formatFigure(value), 'baseline')),
      cell(text(count), 'baseline'),
    ].join(''),
  ),
)}`;
}

function comparisonsSection(report: Report): string {
  return `<section aria-labelledby="comparisons"><h2 id="comparisons">Comparisons</h2>
<p class="soft">Differences are first minus second over the comments that both answered; p-values by paired bootstrap and by McNemar's exact test, corrected by Holm's method over the pairs.</p>
${report.comparisons
  .map(
    (comparison) => `<h3>${text(comparison.first)} − ${text(comparison.second)}</h3>
${table(
  `${comparison.first} against ${comparison.second}`,
  ['metric', 'first', 'second', 'difference', 'p', 'McNemar p', 'comments'],
  comparisonRows(comparison).map((one) =>
    [
      rowHead(one.name),
      cell(formatFigure(one.first)),
      cell(formatFigure(one.second)),
      cell(formatFigure(one.difference) + intervalSpan(one), 'main'),
      cell(text(formatPValue(one.adjustedPValue))),
      cell(text(formatPValue(one.mcNemar?.adjustedPValue ?? null))),
      cell(String(one.comments), 'baseline'),
    ].join(''),
  ),
)}`,
  )
  .join('\n')}
</section>`;
}

function gatesSection(gates: readonly GateResult[]): string {
  if (gates.length === 0) return '';
  return `<section aria-labelledby="gates"><h2 id="gates">Gates</h2>
${table(
  'Gates',
  ['classifier', 'metric', 'value', 'required', 'result'],
  gates.map(({ classifier, metric, value, requirement, passed }) =>
    [
      rowHead(classifier),
      cell(text(metric)),
      cell(formatFigure(value, 4)),
      cell(text(requirement)),
      cell(passed ? 'pass' : 'FAIL', passed ? 'pass' : 'fail'),
    ].join(''),
  ),
)}</section>`;
}
