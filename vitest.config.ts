import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { bundleScript } from './tsup.config.ts';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  plugins: [
    {
      // What tsup.config.ts does for the build: transformers.js for text alone.
      name: 'text-only-transformers',
      enforce: 'pre',
      resolveId(id, importer) {
        if (id === 'sharp' || id === 'onnxruntime-web') return path('tests/empty-module.ts');
        if (id === 'onnxruntime-node' && importer?.includes('@xenova'))
          return path('src/model/onnxruntime.ts');
        return undefined;
      },
    },
    {
      name: 'browser-scripts',
      enforce: 'pre',
      async load(id) {
        if (!id.endsWith('?bundle')) return undefined;
        return `export default ${JSON.stringify(await bundleScript(id.replace(/\?bundle$/, '')))}`;
      },
    },
  ],
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    server: { deps: { inline: ['@xenova/transformers'] } },
  },
});
