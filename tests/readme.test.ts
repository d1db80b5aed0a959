import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from './cli/run';

const readme = readFileSync(`${root}/README.md`, 'utf8');
const results = JSON.parse(readFileSync(`${root}/training/results.json`, 'utf8'));

describe('the figures in README.md', () => {
  it.each([
    ['real comments', results.real.stance],
    ['fixtures', results.fixtures.stance],
  ])('are those that the shipped model was measured with: stance on %s', (_, { figure, interval }) => {
    const [at, low, high] = [figure, interval.low, interval.high].map((value: number) => value.toFixed(2));
    expect(readme.replaceAll('*', '')).toContain(`${at} (95%: ${low} to ${high})`);
  });

  it('are those that the shipped model was measured with: toxicity and the functional suite', () => {
    const { hateful, harmless } = results.fixtures.functional_by_kind;
    const percent = (share: number) => `${Math.round(100 * share)}%`;
    expect(readme).toContain(`**${results.real.attributes.toxicity.auc_dev.toFixed(2)}**`);
    expect(readme.replace(/\s+/g, ' ')).toContain(
      `finds ${percent(hateful.right)} of the hateful cases and lets ${percent(harmless.right)} of the harmless ones pass`,
    );
  });
});
