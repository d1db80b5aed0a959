import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
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
        ? { path: fileURLToPath(new URL('src/model/onnxruntime.ts', import.meta.url)) }
        : { path: args.path, external: true },
    );
  },
};

// eld keeps its tables in an object literal that takes V8 a third of a second to compile; as JSON they load in a third
// of that, and bundled they also reach CommonJS.
const languageTables = {
  name: 'language-tables',
  setup(build: import('esbuild').PluginBuild) {
    build.onLoad({ filter: /eld[\\/]src[\\/]ngrams[\\/]\w+\.js$/ }, async ({ path }) => {
      const { ngramsData } = await import(pathToFileURL(path).href);
      const json = JSON.stringify(JSON.stringify(ngramsData));
      return { contents: `export const ngramsData = JSON.parse(${json});`, loader: 'js' };
    });
  },
};

/** A browser script and all it imports as one string, for `import script from './client.ts?bundle'`. */
export async function bundleScript(path: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'es2022',
    legalComments: 'none',
  });
  return outputFiles[0]!.text;
}

const browserScripts = {
  name: 'browser-scripts',
  setup(build: import('esbuild').PluginBuild) {
    build.onResolve({ filter: /\?bundle$/ }, (args) => ({
      path: resolve(args.resolveDir, args.path.replace(/\?bundle$/, '')),
      namespace: 'browser-script',
    }));
    build.onLoad({ filter: /.*/, namespace: 'browser-script' }, async ({ path }) => ({
      contents: await bundleScript(path),
      loader: 'text',
    }));
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
  noExternal: ['@xenova/transformers', '@huggingface/jinja', 'eld'],
  esbuildPlugins: [textOnly, languageTables, browserScripts],
  shims: true,
  splitting: true,
  dts: { entry: library },
};

export default defineConfig([
  {
    ...shared,
    format: 'esm',
    entry: { ...library, 'cli/main': 'src/cli/main.ts', 'label/worker': 'src/label/worker.ts' },
  },
  { ...shared, format: 'cjs', entry: library },
]);
