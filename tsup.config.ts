import { defineConfig } from 'tsup';

// sharp (images) and onnxruntime-web (browsers) are loaded by transformers.js at import, though text models on Node
// never use them: empty modules take their place. onnxruntime-node is reached through our own module, which can set
// the session options that transformers.js does not expose.
const textOnly = {
  name: 'text-only-transformers',
  setup(build: import('esbuild').PluginBuild) {
    build.onResolve({ filter: /^(sharp|onnxruntime-web)$/ }, (args) => ({
      path: args.path,
      namespace: 'empty',
    }));
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({
      contents: 'export default {};',
      loader: 'js',
    }));
    build.onResolve({ filter: /^onnxruntime-node$/ }, (args) =>
      args.importer.includes('@xenova/transformers') || args.importer.includes('@xenova\\transformers')
        ? { path: new URL('src/model/onnxruntime.ts', import.meta.url).pathname }
        : { path: args.path, external: true },
    );
  },
};

const library = {
  index: 'src/index.ts',
  'parse/index': 'src/parse/index.ts',
  'testing/index': 'src/testing/index.ts',
};

const shared = {
  target: 'node20',
  platform: 'node' as const,
  noExternal: ['@xenova/transformers', '@huggingface/jinja'],
  esbuildPlugins: [textOnly],
  shims: true,
  splitting: true,
  dts: { entry: library },
};

export default defineConfig([
  { ...shared, format: 'esm', entry: { ...library, 'cli/main': 'src/cli/main.ts' } },
  { ...shared, format: 'cjs', entry: library },
]);
