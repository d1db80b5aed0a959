import type { Comment, Labels, Outcome, TargetStance, Thread } from '../types';
import { type Column, renderTable } from './table';
import { colorsFor, printable, widthOf } from './terminal';

type Colors = ReturnType<typeof colorsFor>;

/** Longest part of a comment that the table shows, in lines. */
const commentLines = 3;

/** A terminal narrower than this gets + and − in place of the words. */
const roomForWords = 100;

/** One thread as a table for people: who, which stance toward whom, how toxic, what. */
export function threadTable(
  thread: Thread,
  outcomes: readonly Outcome[],
  stream: NodeJS.WriteStream,
): string {
  const colors = colorsFor(stream);
  const inWords = widthOf(stream) >= roomForWords;
  const labelled = outcomes.flatMap((outcome) => (outcome.status === 'labelled' ? [outcome.labels] : []));
  const targets = Object.keys(labelled[0]?.stance.targets ?? {});
  const authors = thread.comments.map((comment) => authorCell(comment));
  // What has no labels says so in the column behind the author's, whichever that is.
  const statusWidth = Math.max(
    0,
    ...outcomes.map(({ status }) => (status === 'labelled' ? 0 : status.length)),
  );
  const columns: Column[] = [
    { head: '#', width: String(thread.comments.length).length, align: 'right' },
    { head: 'Author', width: Math.min(20, Math.max(6, ...authors.map((author) => [...author].length))) },
    ...targets.map((target, index) => ({
      head: capitalized(target),
      width: Math.max(
        target.length,
        (inWords ? 'against .00' : '+ .00').length,
        index === 0 ? statusWidth : 0,
      ),
    })),
    { head: 'Toxic', width: Math.max(5, targets.length === 0 ? statusWidth : 0) },
  ];
  const taken = columns.reduce((sum, column) => sum + column.width + 2, 0);
  const commentWidth = Math.max(24, Math.min(100, widthOf(stream) - taken - 3));
  columns.push({ head: 'Comment', width: commentWidth });

  const rows = thread.comments.map((comment, index) => {
    const outcome = outcomes[index]!;
    const cells =
      outcome.status === 'labelled'
        ? labelCells(outcome.labels, targets, inWords, colors)
        : [colors.yellow(outcome.status), ...targets.map(() => '')];
    const text = outcome.status === 'labelled' ? comment.text : `(${whyNot(outcome)}) ${comment.text}`;
    return [
      String(index + 1),
      authors[index]!,
      ...cells,
      shortened(printable(text), commentWidth * (commentLines - 0.5)),
    ];
  });
  const heads = columns.map((column) => ({ ...column, head: colors.bold(column.head) }));
  return [
    '',
    colors.bold(printable(thread.article?.title || thread.source)),
    colors.dim(
      `${thread.source} · ${thread.comments.length} ${thread.comments.length === 1 ? 'comment' : 'comments'}`,
    ),
    '',
    indented(renderTable(heads, rows)),
    '',
    indented(colors.dim(folded(summary(labelled, targets, outcomes.length), widthOf(stream) - 2))),
    ...(inWords ? [] : [indented(colors.dim('+ favor  − against  · none  ! toxic'))]),
  ].join('\n');
}

function labelCells(labels: Labels, targets: readonly string[], inWords: boolean, colors: Colors): string[] {
  const toxicity = figure(labels.toxicity.score);
  return [
    ...targets.map((target) => stanceCell(labels.stance.targets[target]!, inWords, colors)),
    labels.toxicity.label ? colors.red(`${toxicity} !`) : toxicity,
  ];
}

function stanceCell(stance: TargetStance, inWords: boolean, colors: Colors): string {
  if (stance.label === 'none') return colors.dim('·');
  const sign = stance.label === 'favor' ? '+' : '−';
  const text = `${inWords ? stance.label.padEnd(7) : sign} ${figure(stance.scores[stance.label])}`;
  return stance.label === 'favor' ? colors.green(text) : colors.red(text);
}

function summary(labelled: readonly Labels[], targets: readonly string[], total: number): string[] {
  const parts = targets.map((target) => {
    const count = (label: string) =>
      labelled.filter((one) => one.stance.targets[target]?.label === label).length;
    return `${capitalized(target)} ${count('favor')} for, ${count('against')} against`;
  });
  const toxic = labelled.filter((one) => one.toxicity.label).length;
  const rest = total - labelled.length;
  return [...parts, `${toxic} toxic`, ...(rest > 0 ? [`${rest} not labelled`] : [])];
}

/** Parts in a row, on as many lines as the width asks for. */
function folded(parts: readonly string[], width: number): string {
  const separator = '  ·  ';
  return parts.reduce((text, part) => {
    const line = text.slice(text.lastIndexOf('\n') + 1);
    return line.length + separator.length + part.length > width
      ? `${text}\n${part}`
      : text + separator + part;
  });
}

function whyNot(outcome: Exclude<Outcome, { status: 'labelled' }>): string {
  return outcome.status === 'skipped' ? outcome.reason : outcome.error.message;
}

function authorCell(comment: Comment): string {
  const name = printable(comment.author?.name ?? '–');
  const indent = comment.depth > 0 ? `${' '.repeat(Math.min(comment.depth - 1, 4))}↳ ` : '';
  return shortened(indent + name, 20);
}

function shortened(text: string, length: number): string {
  const characters = [...text];
  if (characters.length <= length) return text;
  const start = characters.slice(0, length - 2).join('');
  const lastBlank = start.lastIndexOf(' ');
  return `${(lastBlank > start.length / 2 ? start.slice(0, lastBlank) : start).replace(/[\s,;:.–-]+$/u, '')} …`;
}

/** A probability as people write it in a column: `.07`, `1.0`. */
function figure(score: number): string {
  return score >= 0.995 ? '1.0' : score.toFixed(2).slice(1);
}

const capitalized = (word: string) =>
  word.length <= 2 ? word.toUpperCase() : word[0]!.toUpperCase() + word.slice(1);
const indented = (text: string) => text.replace(/^(?=.)/gm, '  ');
