import { expect, it, vi } from 'vitest';
import * as errors from '../src/errors';

const { InputError, ModelError, ModeratoError, UsageError } = errors;

it('tells errors by their class', () => {
  const model = new ModelError('no model', { code: 'model-not-found' });
  expect(ModelError.isInstance(model)).toBe(true);
  expect(ModeratoError.isInstance(model)).toBe(true);
  const others = Object.values(errors).filter((type) => type !== ModelError && type !== ModeratoError);
  expect(others).toHaveLength(6);
  for (const type of others) expect(type.isInstance(model)).toBe(false);
  expect(InputError.isInstance(new ModeratoError('any', { code: 'input-empty' }))).toBe(false);
  for (const value of [undefined, null, 'input-empty', { code: 'input-empty' }, new Error('input-empty')])
    expect(ModeratoError.isInstance(value)).toBe(false);
});

it('tells errors of another copy of moderato, and of classes derived from ours', async () => {
  vi.resetModules();
  const copy = await import('../src/errors');
  const error = new copy.UsageError('no');
  expect(error).not.toBeInstanceOf(UsageError);
  expect([UsageError, ModeratoError, InputError].map((type) => type.isInstance(error))).toEqual([
    true,
    true,
    false,
  ]);
  class OwnError extends InputError {}
  expect(InputError.isInstance(new OwnError('own', { code: 'input-empty' }))).toBe(true);
});
