import type { Bias } from './bias';
import type { Coverage } from './columns';
import type { Evaluation, MetricValue, Report } from './report';

/** What terminal, Markdown and HTML reports show of an evaluation, as rows and columns of figures. */
export interface FigureTable {
  title: string;
  /** What the rows are: targets, attributes or slices of a field. */
  rowsAre: string;
  /** Heads of the figures' columns. */
  columns: readonly string[];
  /** Baselines, which are shown by the figure of the first column. */
  baselines: readonly string[];
  /** What the last column counts. */
  counted: 'comments' | 'subgroups';
  rows: readonly FigureRow[];
  /** Sentences without which the figures would mislead. */
  notes: readonly string[];
}

export interface FigureRow {
  head: string;
  /** One for each column. */
  figures: readonly Figure[];
  /** The first column's metric for each baseline. */
  baselines: readonly (number | null)[];
  /** For example `120`, or `4 of 40` where not all are answered. */
  count: string;
}

export interface Figure extends Pick<MetricValue, 'value' | 'interval'> {
  /** A part of it is 0/0. */
  undefinedPart: boolean;
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
  const figureOf = figuresOf(evaluation);
  const rows = parts.map((part) => ({
    head: part === '' ? 'mean' : part,
    figures: kept.map(({ metric }) => figureOf(nameOf(part, metric))),
    baselines: baselines.map(
      (name) => evaluation.baselines[name].metrics[nameOf(part, kept[0]!.metric)] ?? null,
    ),
    count: countAnswered(coverageOf(evaluation, task, part)),
  }));
  return {
    title: task === 'stance' ? 'Stance' : 'Toxicity',
    rowsAre: task === 'stance' ? 'target' : 'attribute',
    columns: kept.map(({ head }) => head),
    baselines,
    counted: 'comments',
    rows,
    notes: undefinedNotes(rows, evaluation),
  };
}

function coverageOf({ stance, toxicity }: Evaluation, task: 'stance' | 'toxicity', part: string): Coverage {
  const { coverage, parts } =
    task === 'stance'
      ? { coverage: stance.coverage, parts: stance.targets }
      : { coverage: toxicity.coverage, parts: toxicity.attributes };
  return (Object.hasOwn(parts, part) ? parts[part]?.coverage : undefined) ?? coverage;
}

const figuresOf = ({
  metrics,
  undefinedMetrics,
}: Pick<Evaluation, 'metrics' | 'undefinedMetrics'>): ((name: string) => Figure) => {
  const marked = new Set(undefinedMetrics);
  return (name) => ({
    value: metrics[name]?.value ?? null,
    interval: metrics[name]?.interval ?? null,
    undefinedPart: marked.has(name),
  });
};

function undefinedNotes(rows: readonly FigureRow[], { options }: Pick<Evaluation, 'options'>): string[] {
  return rows.some(({ figures }) => figures.some(({ undefinedPart }) => undefinedPart))
    ? [
        `${undefinedMark} counts 0/0, of a class without gold or without predicted comments, as ${options.zeroDivision}.`,
      ]
    : [];
}

const sliceColumns = [
  { metric: 'stance.f1Average', head: 'F1 fav/ag' },
  { metric: 'stance.pooled.accuracy', head: 'stance accuracy' },
  { metric: 'toxicity.rocAuc', head: 'ROC-AUC' },
  { metric: 'toxicity.accuracy', head: 'toxicity accuracy' },
];

/** For every field sliced by, the figures of its slices, and the bias measures where there are scores. */
export function sliceTables(evaluation: Evaluation): FigureTable[] {
  return Object.keys(evaluation.slices).flatMap((field) => [
    sliceTable(evaluation, field),
    ...biasTable(field, evaluation.bias[field] ?? {}),
  ]);
}

function sliceTable(evaluation: Evaluation, field: string): FigureTable {
  const slices = Object.entries(evaluation.slices[field]!);
  const kept = sliceColumns.filter(({ metric }) =>
    slices.some(([, slice]) => (slice.metrics[metric]?.value ?? null) !== null),
  );
  const rows = slices.map(([head, slice]) => ({
    head,
    figures: kept.map(({ metric }) => figuresOf(slice)(metric)),
    baselines: [],
    count: countAnswered(slice.coverage),
  }));
  return {
    title: `By ${field}`,
    rowsAre: field,
    columns: kept.map(({ head }) => head),
    baselines: [],
    counted: 'comments',
    rows,
    notes: undefinedNotes(rows, evaluation),
  };
}

const biasMeasures = ['subgroupAuc', 'bpsnAuc', 'bnspAuc'] as const;

/** AUCs of so many are named that no mean holds; the JSON report has all. */
const mostNamed = 12;

/** @returns no table where no attribute has scores */
function biasTable(field: string, bias: Evaluation['bias'][string]): FigureTable[] {
  const scored = Object.entries(bias).flatMap(([attribute, one]) =>
    one === null ? [] : [{ attribute, one }],
  );
  if (scored.length === 0) return [];
  const figure = (value: number | null, interval: MetricValue['interval']): Figure => ({
    value,
    interval,
    undefinedPart: false,
  });
  return [
    {
      title: `Bias by ${field}`,
      rowsAre: 'attribute',
      columns: ['score', 'overall AUC', 'subgroup AUC', 'BPSN AUC', 'BNSP AUC'],
      baselines: [],
      counted: 'subgroups',
      rows: scored.map(({ attribute, one }) => ({
        head: attribute,
        figures: [
          figure(one.score, one.intervals.score),
          figure(one.overallAuc, one.intervals.overallAuc),
          ...biasMeasures.map((measure) =>
            figure(one.generalizedMean[measure], one.intervals.generalizedMean[measure]),
          ),
        ],
        baselines: [],
        count: countSubgroups(one),
      })),
      notes: [
        "Jigsaw's bias measures: generalised means, power −5, over the subgroups.",
        ...scored.flatMap(({ attribute, one }) => {
          if (one.excluded.length === 0) return [];
          const further = one.excluded.length - mostNamed;
          const names = one.excluded.slice(0, mostNamed).join(', ');
          return [
            `${attribute}: means over ${countSubgroups(one)} subgroups; left out for want of a class: ${names}${further > 0 ? ` and ${further} more` : ''}.`,
          ];
        }),
      ],
    },
  ];
}

/** How many subgroups the means hold, of all: `5`, `3 of 5`, or `3/4/4 of 5` where the three means differ. */
function countSubgroups({ subgroups }: Bias): string {
  const all = Object.values(subgroups);
  const counts = biasMeasures.map((measure) => all.filter((one) => one[measure] !== null).length);
  const [first] = counts;
  if (counts.some((count) => count !== first)) return `${counts.join('/')} of ${all.length}`;
  return first === all.length ? String(first) : `${first} of ${all.length}`;
}

/** `120`, `4 of 40`, or `4 of 40, 36 in part`. */
function countAnswered({ gold, labelled, partial }: Coverage): string {
  if (labelled === gold) return String(gold);
  return `${labelled} of ${gold}${partial > 0 ? `, ${partial} in part` : ''}`;
}

/** Stands behind figures that hold 0/0. */
const undefinedMark = '†';

/** A figure of a table as text, marked where a part of it is 0/0. */
export const formatCell = ({ value, undefinedPart }: Figure): string =>
  `${formatFigure(value)}${undefinedPart ? undefinedMark : ''}`;

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
    [coverage.partial, 'in part'],
    [coverage.skipped, 'skipped'],
    [coverage.failed, 'failed'],
    [coverage.missing, 'without an answer'],
  ].filter(([count]) => count !== 0);
  const share = `${(coverage.share * 100).toFixed(coverage.share === 1 ? 0 : 1)}%`;
  return left.length === 0
    ? `All ${coverage.gold} comments answered.`
    : `${coverage.labelled} of ${coverage.gold} comments answered (${share}); ${left.map(([count, what]) => `${count} ${what}`).join(', ')}. The figures are over what is answered.`;
}

/** How the intervals came about. */
export function intervalSentence({ options, gold }: Evaluation): string {
  const unit = gold.grouped ? 'groups' : 'comments';
  return options.samples === 0
    ? 'No intervals were asked for.'
    : `Brackets are ${Number((options.level * 100).toFixed(2))}% intervals from ${options.samples} bootstrap samples of ${gold.groups} ${unit}, seed ${options.seed}.`;
}

/** What the columns of baselines hold. */
export const baselineSentence =
  'Baselines, for the first column and over the comments that the classifier answered: the commonest label, labels drawn at random as often as they occur, a list of swear words.';

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
