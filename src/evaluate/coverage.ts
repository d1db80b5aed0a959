import type { Columns, Coverage, GoldColumns } from './columns';
import { distinct } from './named-metrics';
import type { MetricValue } from './report';

/** Share of gold rows that the classifier answered, so that a gate can ask for it. */
export function coverageMetric({ gold, share }: Coverage, groups: number): MetricValue {
  return {
    value: gold === 0 ? null : share,
    interval: null,
    comments: gold,
    judgements: gold,
    groups,
    restsOn: groups,
    better: 'higher',
  };
}

/** The same of each task, target and attribute, over the rows that judge it. */
export function coverageMetrics(judged: GoldColumns, columns: Columns): Record<string, MetricValue> {
  const metrics: [string, MetricValue][] = [];
  const add = (name: string, coverage: Coverage, of: readonly { column: { group: Int32Array } }[]) => {
    const groups = distinct(of.map(({ column }) => column.group));
    metrics.push([`${name}.coverage`, coverageMetric(coverage, groups)]);
  };
  if (judged.stance.length > 0) add('stance', columns.stanceCoverage, judged.stance);
  if (judged.toxicity.length > 0) add('toxicity', columns.toxicityCoverage, judged.toxicity);
  for (const [index, { target, coverage }] of columns.stance.entries())
    add(`stance.${target}`, coverage, [judged.stance[index]!]);
  for (const [index, { attribute, coverage }] of columns.toxicity.entries())
    add(`toxicity.${attribute}`, coverage, [judged.toxicity[index]!]);
  return Object.fromEntries(metrics);
}
