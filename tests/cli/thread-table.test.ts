import { expect, it } from 'vitest';
import { threadTable } from '../../src/cli/thread-table';
import { createLabeler } from '../../src/label/labeler';
import { parseThreads } from '../../src/parse/index';
import { tinyModel } from '../../src/testing/tiny-model';

async function tableOf(columns: number, ...texts: string[]): Promise<string[]> {
  const input = texts.map((text, index) => JSON.stringify({ id: index, author: 'Ann', text })).join('\n');
  const [thread] = parseThreads(input, { source: 'comments.jsonl' });
  const outcomes = await createLabeler({ model: tinyModel() }).label(thread!.comments);
  const stream = { columns, isTTY: false } as NodeJS.WriteStream;
  return threadTable(thread!, outcomes, stream).split('\n');
}
const lineWith = (lines: string[], word: string) => lines.find((line) => line.includes(word))!;

it.each([80, 120])('shows a thread of which nothing is labelled, at %d columns', async (columns) => {
  const lines = await tableOf(columns, '...', '');
  const head = lineWith(lines, 'Comment');
  const row = lineWith(lines, '(empty) ...');
  expect(row.indexOf('skipped')).toBe(head.indexOf('Toxic'));
  expect(row.indexOf('(empty)')).toBe(head.indexOf('Comment'));
});

it.each([80, 120])('keeps the cells of what is not labelled in their columns, at %d', async (columns) => {
  const lines = await tableOf(columns, 'No more war in Europe, they said', '...');
  const head = lineWith(lines, 'Comment');
  const row = lineWith(lines, '(empty)');
  expect(row.indexOf('skipped')).toBe(head.indexOf('Europe'));
  expect(row.indexOf('(empty)')).toBe(head.indexOf('Comment'));
});
