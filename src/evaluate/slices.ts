import { EvaluationError } from '../errors';
import type { Gold } from './gold';
import { isRecord } from './gold';

/** A field with more values than this is an identifier, not a way to slice. */
const mostValues = 1000;

/**
 * The slices that a gold row belongs to under one field.
 *
 * Text, numbers and booleans are one slice; a list is one for each entry; an object of numbers or booleans (as the
 * identity columns of Civil Comments) is one for each key that is true or at least 0.5.
 *
 * @param field name in the gold row, with dots for nested ones, for example `source` or `identities`
 */
export function sliceValues(row: unknown, field: string): string[] {
  let value: unknown = row;
  if (isRecord(row) && Object.hasOwn(row, field)) value = row[field];
  else
    for (const part of field.split('.'))
      value = isRecord(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  if (Array.isArray(value)) return [...new Set(value.filter(isScalar).map(String))];
  if (isRecord(value))
    return Object.keys(value).filter(
      (key) => value[key] === true || (typeof value[key] === 'number' && value[key] >= 0.5),
    );
  return isScalar(value) && value !== '' ? [String(value)] : [];
}

const isScalar = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Rows of every slice of a field, slices in alphabetical order. */
export function sliceRows(gold: Gold, field: string): Map<string, number[]> {
  const slices = new Map<string, number[]>();
  gold.rows.forEach((row, index) => {
    for (const value of sliceValues(row, field)) {
      const rows = slices.get(value);
      if (rows) rows.push(index);
      else slices.set(value, [index]);
    }
  });
  if (slices.size === 0)
    throw new EvaluationError(
      `No gold row has the field "${field}" to slice by; the first row has ${Object.keys(gold.rows[0]!).join(', ')}.`,
      { code: 'gold-invalid' },
    );
  if (slices.size > mostValues)
    throw new EvaluationError(
      `The field "${field}" has ${slices.size} values, too many to slice by; choose one with at most ${mostValues}.`,
      { code: 'gold-invalid' },
    );
  return new Map([...slices].sort(([a], [b]) => (a < b ? -1 : 1)));
}
