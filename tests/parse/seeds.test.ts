import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseThread } from '../../src/parse/index';

const seeds = readdirSync('seeds').filter((name) => name.endsWith('.txt'));
const read = (name: string) => parseThread(readFileSync(`seeds/${name}`), { source: `seeds/${name}` });

describe('seed documents', () => {
  test.each(seeds)('%s gives the expected thread', (name) => {
    const expected = JSON.parse(
      readFileSync(`fixtures/seeds/${name.replace('.txt', '.thread.json')}`, 'utf8'),
    );
    expect(JSON.parse(JSON.stringify(read(name)))).toEqual(expected);
  });

  test('the first has its title, eleven comments and their authors in order', () => {
    const { article, comments, declaredCount, diagnostics } = read('000_ee73bf0fadc786d5.txt');
    expect(article?.title).toBe(
      'Europe Pushes for Truce in Ukraine, Seeking Greater Role in Conflict Resolution',
    );
    expect(declaredCount).toBe(11);
    expect(comments.map((comment) => comment.author?.name)).toEqual([
      'Cerebro',
      'Matzomaster',
      'Karamba',
      'Rotfront',
      'Karamba',
      'Katchuka',
      'BuggaBoom',
      'Loubianka',
      'KittyKat',
      'Noir Black',
      'Eugene Alta',
    ]);
    expect(diagnostics).toEqual([]);
  });

  test.each(seeds)('%s loses no line', (name) => {
    const source = readFileSync(`seeds/${name}`, 'utf8');
    const { article, comments } = read(name);
    const kept = new Set([
      article?.title,
      '11 Comments',
      ...(article?.text.split('\n') ?? []),
      ...comments.flatMap((comment) => [comment.author?.name, ...comment.text.split('\n')]),
    ]);
    const lost = source
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !kept.has(line));
    expect(lost).toEqual([]);
  });

  test.each(seeds.slice(1))('%s has an article and no comments', (name) => {
    const { article, comments } = read(name);
    expect(article!.text.length).toBeGreaterThan(2000);
    expect(comments).toEqual([]);
  });

  test('spans point at the text of comments', () => {
    const source = readFileSync('seeds/000_ee73bf0fadc786d5.txt', 'utf8');
    for (const { span, text } of read('000_ee73bf0fadc786d5.txt').comments) {
      expect(source.slice(span!.start, span!.end)).toBe(text);
    }
  });
});
