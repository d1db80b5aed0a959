import { sampleOf } from '../parse/detect';
import type { Format } from '../parse/format';
import { readerSettings } from '../parse/settings';
import { threadCollector } from '../parse/threads';
import type { Thread } from '../types';

/** An input of a format, and how many comments stand in it, readable or not. */
export interface FormatCase {
  name: string;
  input: string;
  entries: number;
}

/** One broken rule. An empty list is a pass. */
export interface FormatProblem {
  case: string;
  rule:
    | 'detects-its-own'
    | 'counts-every-entry'
    | 'does-not-depend-on-pieces'
    | 'keeps-ids-unique'
    | 'keeps-parents-in-thread'
    | 'keeps-depths-right'
    | 'keeps-spans-in-text'
    | 'survives-a-cut';
  message: string;
}

const PIECES = [1, 7, 64];

/**
 * Checks a format by the rules that all formats of moderato keep, whatever test runner is in use:
 * it knows its own inputs; comments and losses add up to the entries; the result does not depend on how the input is cut into
 * pieces; ids are unique, parents and depths agree; spans lie within their texts; an input that is cut off anywhere gives an
 * `InputError` or fewer comments, never another failure.
 *
 * @example
 * test('my format', () => expect(checkFormat(myFormat, [{ name: 'two', input, entries: 2 }])).toEqual([]));
 */
export function checkFormat(format: Format, cases: readonly FormatCase[]): FormatProblem[] {
  return cases.flatMap((each) => checkCase(format, each));
}

function checkCase(format: Format, { name, input, entries }: FormatCase): FormatProblem[] {
  const problems: FormatProblem[] = [];
  const add = (rule: FormatProblem['rule'], message: string): void =>
    void problems.push({ case: name, rule, message });
  const confidence = format.detect(sampleOf(input, true));
  if (!(confidence > 0 && confidence <= 1))
    add('detects-its-own', `confidence ${confidence} for its own input`);
  const threads = read(format, input, input.length);
  const comments = threads.flatMap((thread) => thread.comments);
  const lost = threads
    .flatMap((thread) => thread.diagnostics)
    .reduce((sum, diagnostic) => sum + diagnostic.lost, 0);
  if (comments.length + lost !== entries) {
    add('counts-every-entry', `${entries} entries, but ${comments.length} comments and ${lost} lost`);
  }
  const whole = JSON.stringify(threads);
  for (const size of PIECES) {
    if (JSON.stringify(read(format, input, size)) !== whole) {
      add('does-not-depend-on-pieces', `another result when the input comes in pieces of ${size} characters`);
    }
  }
  for (const thread of threads) checkThread(thread, add);
  for (let tenth = 1; tenth < 10; tenth += 1)
    checkCut(format, input, Math.floor((input.length * tenth) / 10), entries, add);
  return problems;
}

function checkThread(thread: Thread, add: (rule: FormatProblem['rule'], message: string) => void): void {
  const depths = new Map<string, number>();
  for (const { id, depth } of thread.comments) {
    if (depths.has(id)) add('keeps-ids-unique', `the id ${id} twice in one thread`);
    depths.set(id, depth);
  }
  for (const [position, comment] of thread.comments.entries()) {
    const parent = comment.parentId === null ? undefined : depths.get(comment.parentId);
    if (comment.parentId !== null && parent === undefined && comment.orphan !== true) {
      add(
        'keeps-parents-in-thread',
        `the parent ${comment.parentId} of ${comment.id} is not in the thread, and it is no orphan`,
      );
    }
    if (comment.depth !== (parent === undefined ? 0 : parent + 1) || comment.position !== position) {
      add('keeps-depths-right', `${comment.id} has depth ${comment.depth} and position ${comment.position}`);
    }
    for (const { start, end } of comment.quotes ?? []) {
      if (start >= end || end > comment.text.length)
        add('keeps-spans-in-text', `quotation ${start}–${end} of ${comment.id}`);
    }
  }
}

function checkCut(
  format: Format,
  input: string,
  end: number,
  entries: number,
  add: (rule: FormatProblem['rule'], message: string) => void,
): void {
  try {
    const comments = read(format, input.slice(0, end), input.length).flatMap((thread) => thread.comments);
    if (comments.length > entries)
      add('survives-a-cut', `${comments.length} comments of ${entries} when cut at ${end}`);
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'InputError')
      add('survives-a-cut', `cut at ${end}: ${String(error)}`);
  }
}

function read(format: Format, input: string, size: number): Thread[] {
  const collector = threadCollector();
  const reader = format.open(collector, readerSettings({}));
  for (let start = 0; start < input.length; start += size) reader.write(input.slice(start, start + size));
  reader.end();
  return collector.threads('-', format.name);
}
