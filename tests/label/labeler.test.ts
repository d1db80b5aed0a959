import { describe, expect, it } from 'vitest';
import { createLabeler } from '../../src/label/labeler';
import { tinyModel } from '../../src/testing/tiny-model';

const tinyFolder = new URL('../model/data/tiny-model', import.meta.url).pathname;

describe('createLabeler', () => {
  it('labels with a model folder', async () => {
    const labeler = createLabeler({ model: tinyFolder });
    const [outcome] = await labeler.label(['Europe should stay out and let the US handle it.']);
    expect(outcome).toMatchObject({
      id: '0',
      status: 'labelled',
      labels: { language: 'en', truncated: false },
    });
    await labeler.dispose();
  });
});
