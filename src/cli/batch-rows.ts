import type { ModelDescription } from '../model/description';
import type { Decision, LabelledRow } from '../types';

/** A row of a batch: what `moderato label` prints, and the decision where there is a policy. */
export type BatchRow = LabelledRow & { decision?: Decision };

/** One way to write rows down. */
export interface RowFormat {
  /** What stands before the first row. */
  header: string;
  line(row: BatchRow): string;
}

export const jsonLines: RowFormat = { header: '', line: (row) => `${JSON.stringify(row)}\n` };

/**
 * CSV by RFC 4180, in UTF-8, with one column for each score of the model.
 *
 * @param description of the model that the rows come from
 * @param decisions whether the rows have any
 */
export function csv(
  description: Pick<ModelDescription, 'stance' | 'toxicity'>,
  decisions: boolean,
): RowFormat {
  const targets = description.stance.targets.map((target) => target.name);
  const attributes = description.toxicity.attributes.map((attribute) => attribute.name);
  const columns: [name: string, cell: (row: BatchRow) => string | number | boolean | null | undefined][] = [
    ['id', (row) => row.id],
    ['source', (row) => row.source],
    ['thread_id', (row) => row.threadId],
    ['parent_id', (row) => row.parentId],
    ['author', (row) => row.author],
    ['text', (row) => row.text],
    ['status', (row) => row.status],
    ['reason', (row) => row.reason ?? row.error?.code],
    ...(decisions
      ? ([
          ['action', (row) => row.decision?.action],
          ['rules', (row) => row.decision?.reasons.map((reason) => reason.rule).join(' ')],
        ] satisfies typeof columns)
      : []),
    ['toxic', (row) => row.labels?.toxicity.label],
    ...attributes.map((name): (typeof columns)[number] => [
      name,
      (row) => row.labels?.toxicity.attributes[name],
    ]),
    ...targets.flatMap((name): typeof columns => [
      [name, (row) => row.labels?.stance.targets[name]?.label],
      [`${name}_favor`, (row) => row.labels?.stance.targets[name]?.scores.favor],
      [`${name}_against`, (row) => row.labels?.stance.targets[name]?.scores.against],
      [`${name}_none`, (row) => row.labels?.stance.targets[name]?.scores.none],
    ]),
    ['language', (row) => row.labels?.language],
    ['truncated', (row) => row.labels?.truncated],
    ['model', (row) => row.labels?.model.name],
    ['model_version', (row) => row.labels?.model.version],
    ['model_digest', (row) => row.labels?.model.digest],
  ];
  const line = (cells: readonly unknown[]) =>
    `${cells.map((cell) => quoted(String(cell ?? ''))).join(',')}\n`;
  return {
    header: line(columns.map(([name]) => name)),
    line: (row) => line(columns.map(([, cell]) => cell(row))),
  };
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) || cell.trim() !== cell ? `"${cell.replaceAll('"', '""')}"` : cell;
}
