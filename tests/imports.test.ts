import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = resolve(import.meta.dirname, '../src');

/** What each folder of src/ may import from; a folder may always import from itself. */
const allowed: Record<string, string[]> = {
  errors: [],
  types: [],
  parse: ['types', 'errors'],
  model: ['types', 'errors'],
  statistics: [],
  policy: ['types', 'errors', 'statistics'],
  evaluate: ['types', 'errors', 'statistics'],
  label: ['types', 'errors', 'model'],
  classifiers: ['types', 'errors', 'model', 'label', 'statistics', 'evaluate'],
  testing: ['types', 'errors', 'model', 'parse', 'label', 'evaluate', 'classifiers'],
  index: ['types', 'errors', 'model', 'parse', 'label', 'statistics', 'policy', 'evaluate', 'classifiers'],
  cli: ['types', 'errors', 'model', 'parse', 'label', 'statistics', 'policy', 'evaluate', 'classifiers'],
};

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.tsx?$/.test(name),
);
const unit = (path: string) => relative(source, path).split(/[\\/]/)[0]!.replace(/\.ts$/, '');
const imports = (file: string) =>
  [...readFileSync(join(source, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((match) =>
    resolve(dirname(join(source, file)), match[1]!),
  );

describe('the folders of src/', () => {
  it.each(files)('%s imports only what its folder may', (file) => {
    const from = unit(join(source, file));
    expect(allowed, `src/${from} is not in this test's table`).toHaveProperty(from);
    const to = new Set(imports(file).map(unit));
    to.delete(from);
    expect(allowed[from]).toEqual(expect.arrayContaining([...to]));
  });

  it('are two levels deep at most, and none is a drawer for odds and ends', () => {
    for (const file of files) {
      expect(file.split(/[\\/]/).length).toBeLessThanOrEqual(3);
      expect(file).not.toMatch(/\b(utils?|helpers?|common|misc|shared)\b/);
    }
  });
});
