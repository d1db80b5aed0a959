import { defineConfig } from 'vitest/config';

const source = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  resolve: {
    alias: {
      sharp: source('tests/empty-module.ts'),
      'onnxruntime-web': source('tests/empty-module.ts'),
    },
  },
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    server: { deps: { inline: ['@xenova/transformers'] } },
  },
});
