import type { Author } from '../../types';

/** Reading of values whose types nobody guarantees. */

export type JsonObject = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own property; nothing that `Object.prototype` or a `__proto__` key could bring in. */
export function get(value: unknown, ...path: (string | number)[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

export function asArray(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** The list of a GraphQL connection, `{ "edges": [{ "node": … }] }` or `{ "nodes": […] }`. */
export function nodesOf(value: unknown): readonly unknown[] | undefined {
  const edges = get(value, 'edges');
  if (Array.isArray(edges)) return edges.map((edge) => get(edge, 'node') ?? edge);
  const nodes = get(value, 'nodes');
  return Array.isArray(nodes) ? nodes : undefined;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A non-empty string or a number, as a string; MongoDB's `{ "$oid": … }` too. */
export function asId(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (isObject(value)) return asId(get(value, '$oid') ?? get(value, '$numberLong'));
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** An author with a name; an id alone names nobody. */
export function authorOf(name: string | undefined, id: string | undefined): Author | undefined {
  if (name === undefined || name === '') return undefined;
  return id === undefined || id === '' ? { name } : { name, id };
}

/** A whole number, also where it is written as a string: `"12"`, `"1,234"`. */
export function asCount(value: unknown): number | undefined {
  const count = typeof value === 'string' && value.trim() !== '' ? readNumber(value) : value;
  return Number.isSafeInteger(count) ? (count as number) : undefined;
}

function readNumber(text: string): number {
  // A comma that does not part three digits from three may be a decimal mark.
  const grouped = text.length < 30 && /^\s*-?\d{1,3}(?:,\d{3})+\s*$/.test(text);
  return Number(grouped ? text.replaceAll(',', '') : text);
}

/** A date's raw form: a string, a number, MongoDB's `{ "$date": … }`. */
export function asRawDate(value: unknown): string | undefined {
  if (isObject(value)) return asRawDate(get(value, '$date') ?? get(value, '$numberLong'));
  return asId(value);
}

/** A count that stands for a number of comments. */
export function asTotal(value: unknown): number | undefined {
  const count = asCount(value);
  return count !== undefined && count >= 0 ? count : undefined;
}
