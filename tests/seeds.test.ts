import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLabeler } from '../src/label/labeler';
import { parseThread } from '../src/parse';
import { GoldRow } from '../src/types';

const seed = '000_ee73bf0fadc786d5';
const gold = readFileSync(`fixtures/seeds/${seed}.gold.jsonl`, 'utf8')
  .trim()
  .split('\n')
  .map((line) => GoldRow.parse(JSON.parse(line)));

/** The floor that the shipped model reaches: of eleven comments, so many with all three targets right. */
const allTargetsRight = 8;

describe('the first seed, from page to labels', () => {
  it(`labels at least ${allTargetsRight} of eleven comments as the hand labels do, none of them toxic`, async () => {
    const thread = parseThread(readFileSync(`seeds/${seed}.txt`), { source: seed });
    expect(thread.comments.map((comment) => comment.text)).toEqual(gold.map((row) => row.text));
    const labeler = createLabeler();
    const outcomes = await labeler.label(thread.comments);
    await labeler.dispose();

    const right = outcomes.filter((outcome, index) => {
      if (outcome.status !== 'labelled') return false;
      const expected = gold[index]!.gold.stance!;
      return Object.keys(expected).every(
        (target) => outcome.labels.stance.targets[target]?.label === expected[target],
      );
    });
    console.info(
      `agreement with the hand labels: ${right.length} of ${outcomes.length} comments, all targets right`,
    );
    expect(right.length).toBeGreaterThanOrEqual(allTargetsRight);
    expect(
      outcomes.filter((outcome) => outcome.status === 'labelled' && outcome.labels.toxicity.label),
    ).toEqual([]);
  });
});
