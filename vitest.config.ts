import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

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
  ],
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    server: { deps: { inline: ['@xenova/transformers'] } },
  },
});
