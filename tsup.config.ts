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

// yaml is an ES module for browsers alone; for Node it is CommonJS, which bundled into an ES module asks for require().
const yamlModule = {
  name: 'yaml-module',
  setup(build: import('esbuild').PluginBuild) {
    const path = fileURLToPath(new URL('node_modules/yaml/browser/index.js', import.meta.url));
    build.onResolve({ filter: /^yaml$/ }, () => ({ path }));
  },
};

// eld keeps its tables in an object literal that V8 is slow to compile, though a comment looks up some
// forty of its tens of thousands of entries. Here they lie in packets of JSON, and a packet is read when one of its entries is asked for.
const languageTables = {
  name: 'language-tables',
  setup(build: import('esbuild').PluginBuild) {
    build.onLoad({ filter: /eld[\\/]src[\\/]ngrams[\\/]\w+\.js$/ }, async ({ path }) => {
      const { ngramsData } = await import(pathToFileURL(path).href);
      const { ngrams, ...others } = ngramsData as { ngrams: Record<string, object> };
      const packets: Record<string, object>[] = Array.from({ length: 512 }, () => ({}));
      for (const [key, scores] of Object.entries(ngrams)) packets[packetOf(key)]![key] = scores;
      return {
        contents: `${packetOf}
const packets = ${JSON.stringify(packets.map((packet) => JSON.stringify(packet)))};
const ngrams = Object.create(new Proxy({}, {
  get(_, key) {
    const packet = packets[packetOf(key)];
    packets[packetOf(key)] = undefined;
    if (packet) Object.assign(ngrams, JSON.parse(packet));
    return packet && Object.getOwnPropertyDescriptor(ngrams, key)?.value;
  },
}));
export const ngramsData = { ...${JSON.stringify(others)}, ngrams };`,
        loader: 'js',
      };
    });
  },
};

/** Entries of one packet end alike, so that those of one text lie in few. */
function packetOf(key: string): number {
  return (key.charCodeAt(key.length - 2) * 31 + key.charCodeAt(key.length - 3)) % 512;
}

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
  // Libraries of pure JavaScript that `moderato` needs at once: from some ten files they load in half the time of 300.
  // The runtime's name is here so that the plugin above gets to decide on it.
  noExternal: [
    'onnxruntime-node',
    '@xenova/transformers',
    '@huggingface/jinja',
    'eld',
    'zod',
    'htmlparser2',
    'yaml',
    'csv-parse',
    'obscenity',
  ],
  esbuildPlugins: [textOnly, yamlModule, languageTables, browserScripts],
  shims: true,
  // The tables of eld are all of Latin-1: written as themselves they take half the room of their escapes.
  esbuildOptions: (options: import('esbuild').BuildOptions) => {
    options.charset = 'utf8';
  },
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
