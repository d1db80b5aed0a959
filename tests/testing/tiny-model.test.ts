import { expect, it } from 'vitest';
import { createLabeler } from '../../src/label/labeler';
import { tinyModel } from '../../src/testing/tiny-model';

it('fails on the word that it is told to, however the word is written', async () => {
  for (const failOn of ['Boom', 'boom', 'BOOM']) {
    const labeler = createLabeler({ model: tinyModel({ failOn }) });
    const outcomes = await labeler.label(['They said Boom to us', 'They said nothing to us', 'a boom']);
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'labelled', 'failed']);
  }
});
