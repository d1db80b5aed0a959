import type { Evaluation, MetricValue, Report } from './report';

/** What terminal, Markdown and HTML reports show of an evaluation, as rows and columns of figures. */
export interface FigureTable {
  title: string;
  /** Full metric name of each column is `<task>.<row>.<column>`. */
  columns: readonly { metric: string; head: string }[];
  rows: readonly FigureRow[];
  /** The metric that the baselines are shown by: the first column. */
  baselines: readonly string[];
}

export interface FigureRow {
  head: string;
  comments: number;
  /** One for each column. */
  figures: readonly (MetricValue | undefined)[];
  /** The first column's metric for each baseline. */
  baselines: readonly (number | null)[];
}

const stanceColumns = [
  { metric: 'f1Average', head: 'F1 fav/ag' },
  { metric: 'macroF1', head: 'macro F1' },
  { metric: 'f1.favor', head: 'F1 favor' },
  { metric: 'f1.against', head: 'F1 against' },
  { metric: 'f1.none', head: 'F1 none' },
  { metric: 'accuracy', head: 'accuracy' },
  { metric: 'cohenKappa', head: 'kappa' },
  { metric: 'expectedCalibrationError', head: 'ECE' },
];

const attributeColumns = [
  { metric: 'rocAuc', head: 'ROC-AUC' },
  { metric: 'prAuc', head: 'PR-AUC' },
  { metric: 'f1', head: 'F1' },
  { metric: 'precision', head: 'precision' },
  { metric: 'recall', head: 'recall' },
  { metric: 'macroF1', head: 'macro F1' },
  { metric: 'brierScore', head: 'Brier' },
  { metric: 'expectedCalibrationError', head: 'ECE' },
];

/** The stance and toxicity tables of an evaluation; a task without gold labels has none. */
export function figureTables(evaluation: Evaluation): FigureTable[] {
  const tables: FigureTable[] = [];
  const { targets, attributes } = evaluation.gold;
  if (targets.length > 0) {
    const parts = [...targets, ...(targets.length > 1 ? ['', 'pooled'] : [])];
    tables.push(figureTable(evaluation, 'stance', parts, stanceColumns, ['majority', 'stratified-random']));
  }
  if (attributes.length > 0) {
    const parts = [...attributes, ...(attributes.length > 1 ? [''] : [])];
    tables.push(
      figureTable(evaluation, 'toxicity', parts, scored(evaluation) ? attributeColumns : labelColumns, [
        'majority',
        'stratified-random',
        'word-list',
      ]),
    );
  }
  return tables;
}

/** Without scores there is nothing to rank: F1 comes first. */
const labelColumns = attributeColumns.filter(({ metric }) =>
  ['f1', 'precision', 'recall', 'macroF1'].includes(metric),
);

const scored = ({ gold, metrics }: Evaluation) =>
  gold.attributes.some((attribute) => (metrics[`toxicity.${attribute}.brierScore`]?.value ?? null) !== null);

function figureTable(
  evaluation: Evaluation,
  task: 'stance' | 'toxicity',
  parts: readonly string[],
  columns: readonly { metric: string; head: string }[],
  baselines: readonly (keyof Evaluation['baselines'])[],
): FigureTable {
  const nameOf = (part: string, metric: string) => `${task}.${part === '' ? '' : `${part}.`}${metric}`;
  const shown = columns.filter(({ metric }) =>
    parts.some((part) => (evaluation.metrics[nameOf(part, metric)]?.value ?? null) !== null),
  );
  const kept = shown.length > 0 ? shown : columns.slice(0, 3);
  return {
    title: task === 'stance' ? 'Stance' : 'Toxicity',
    columns: kept,
    baselines,
    rows: parts.map((part) => {
      const figures = kept.map(({ metric }) => evaluation.metrics[nameOf(part, metric)]);
      return {
        head: part === '' ? 'mean' : part,
        comments: figures[0]?.comments ?? 0,
        figures,
        baselines: baselines.map(
          (name) => evaluation.baselines[name].metrics[nameOf(part, kept[0]!.metric)] ?? null,
        ),
      };
    }),
  };
}

/** A figure with as many decimals as a reader wants; "–" for none. */
export function formatFigure(value: number | null | undefined, decimals = 3): string {
  if (value === null || value === undefined) return '–';
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace('-', '') : text;
}

/** `[0.512, 0.634]`, or nothing. */
export function formatInterval(figure: Pick<MetricValue, 'interval'> | undefined, decimals = 3): string {
  const interval = figure?.interval;
  if (!interval) return '';
  return `[${formatFigure(interval.low, decimals)}, ${formatFigure(interval.high, decimals)}]`;
}

/** A p-value as papers print it. */
export function formatPValue(value: number | null): string {
  if (value === null) return '–';
  return value < 0.001 ? '<0.001' : value.toFixed(3);
}

/** One sentence on what was answered: nothing that was left out is hidden. */
export function coverageSentence({ coverage }: Pick<Evaluation, 'coverage'>): string {
  const left = [
    [coverage.skipped, 'skipped'],
    [coverage.failed, 'failed'],
    [coverage.missing, 'without a prediction'],
  ].filter(([count]) => count !== 0);
  const share = `${(coverage.share * 100).toFixed(coverage.share === 1 ? 0 : 1)}%`;
  return left.length === 0
    ? `All ${coverage.gold} comments answered.`
    : `${coverage.labelled} of ${coverage.gold} comments answered (${share}); ${left.map(([count, what]) => `${count} ${what}`).join(', ')}. The figures are over the answered ones.`;
}

/** The comparisons worth a line: the headline metrics that both classifiers have. */
export function comparisonRows(comparison: Report['comparisons'][number]) {
  return Object.entries(comparison.metrics)
    .filter(
      ([name, { difference }]) =>
        difference !== null &&
        (/^stance\.(.*\.)?f1Average$/.test(name) || /^toxicity\.(.*\.)?(rocAuc|f1)$/.test(name)),
    )
    .map(([name, metric]) => ({
      name,
      ...metric,
      mcNemar: comparison.mcNemar[name.replace(/\.[^.]+$/, '')],
    }));
}
