// Labelling speed beside its peers, in one run, on the same comments. All rows take turns, round after round, so that
// whatever else the machine does falls on all of them; ratios are of one round.
import './text-only.mjs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import onnxruntime from 'onnxruntime-node';
import { createLabeler } from '../dist/index.js';
import { seedLikeComments } from './comments.mjs';
import { median } from './median.mjs';
import { encoder } from './networks.mjs';

const { AutoTokenizer, env, pipeline } = await import('@xenova/transformers');

const rounds = Number(process.env.ROUNDS ?? 7);
const count = Number(process.env.COMMENTS ?? 1000);
const name = 'moderato-en-small';
const models = fileURLToPath(new URL('../models/', import.meta.url));
const threads = availableParallelism();
const session = (model) =>
  onnxruntime.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });

Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: models });
const tokenizer = await AutoTokenizer.from_pretrained(name, { local_files_only: true });
const comments = seedLikeComments(count);
const texts = comments.map((comment) => comment.text);
const tokens = texts.map((text) => tokenizer.encode(text).slice(0, 128));

// The batches that `label` makes: one length of padding each, of equal size, 1,024 tokens at most.
const batches = [];
const lengths = new Set(tokens.map((ids) => Math.ceil(ids.length / 8) * 8));
for (const length of [...lengths].sort((a, b) => a - b)) {
  const alike = tokens.filter((ids) => Math.ceil(ids.length / 8) * 8 === length);
  const count = Math.ceil(alike.length / Math.floor(1024 / length));
  for (let part = 0; part < count; part++) {
    const cut = (at) => Math.round((at * alike.length) / count);
    batches.push({ length, rows: alike.slice(cut(part), cut(part + 1)) });
  }
}
const raw = await session(`${models}${name}/onnx/model_quantized.onnx`);
const feeds = batches.map(({ rows, length }) => {
  const ids = new BigInt64Array(rows.length * length);
  const mask = new BigInt64Array(rows.length * length);
  for (const [row, each] of rows.entries())
    for (const [column, id] of each.entries()) {
      ids[row * length + column] = BigInt(id);
      mask[row * length + column] = 1n;
    }
  const of = (data) => new onnxruntime.Tensor('int64', data, [rows.length, length]);
  const all = {
    input_ids: of(ids),
    attention_mask: of(mask),
    token_type_ids: of(new BigInt64Array(ids.length)),
  };
  return Object.fromEntries(raw.inputNames.map((input) => [input, all[input]]));
});

const inProcess = createLabeler({ threads });
const oneWorker = createLabeler({ workers: 1, threads });
const twoWorkers = createLabeler({ workers: 2, threads: Math.max(1, Math.floor(threads / 2)) });
const classify = await pipeline('text-classification', name, { quantized: true, local_files_only: true });
const nli = await session(encoder({ layers: 12, hidden: 384, heads: 6, outputs: 3 }).bytes);
const bert = await session(encoder({ layers: 12, hidden: 768, heads: 12, outputs: 6 }).bytes);
const pass = (network, length) =>
  network.run({
    input_ids: new onnxruntime.Tensor('int64', new BigInt64Array(length).fill(5n), [1, length]),
  });

async function drain(labeler, some) {
  for await (const outcome of labeler.stream(some))
    if (outcome.status === 'failed') throw new Error(JSON.stringify(outcome));
}

/** Tokens that a hypothesis such as "This comment is in favor of Russia." adds to a pair, separators included. */
const hypothesis = 11;

/** Each row: what it is, how many of the comments it takes a round, and the work. */
const rows = [
  [
    'raw `session.run`, sorted batches',
    count,
    async () => {
      for (const feed of feeds) await raw.run(feed);
    },
  ],
  ['`label`', count, () => inProcess.label(comments)],
  ['`stream`', count, () => drain(inProcess, comments)],
  ['`stream`, 1 worker', count, () => drain(oneWorker, comments)],
  ['`stream`, 2 workers', count, () => drain(twoWorkers, comments)],
  [
    'transformers.js pipeline, one by one',
    count / 5,
    async (some) => {
      for (const text of some) await classify(text);
    },
  ],
  [
    'transformers.js pipeline, batches of 32',
    count / 5,
    async (some) => {
      for (let start = 0; start < some.length; start += 32) await classify(some.slice(start, start + 32));
    },
  ],
  [
    'the usual way: NLI (12 × 384) × 3 hypotheses, and BERT (110M)',
    Math.ceil(count / 40),
    async (some) => {
      for (const [index] of some.entries()) {
        for (let target = 0; target < 3; target++) await pass(nli, tokens[index].length + hypothesis);
        await pass(bert, tokens[index].length);
      }
    },
  ],
];

const rates = rows.map(() => []);
for (let round = -1; round < rounds; round++)
  for (const [index, [, size, work]] of rows.entries()) {
    const some = texts.slice(0, size);
    const started = performance.now();
    await work(some);
    // The first round warms up: sessions, arenas, workers.
    if (round >= 0) rates[index].push((1000 * size) / (performance.now() - started));
  }
await Promise.all([inProcess, oneWorker, twoWorkers].map((labeler) => labeler.dispose()));

const digits = (value) => (value >= 10 ? value.toFixed(0) : value.toFixed(2));
console.log(`
${count} comments of ${Math.round(tokens.reduce((sum, ids) => sum + ids.length, 0) / count)} tokens on average, ${rounds} rounds; ${cpus()[0].model}, ${threads} cores, Node ${process.versions.node}.

| | comments/s | of raw \`session.run\` (lowest to highest round) | of the usual way |
|---|---:|---:|---:|`);
for (const [index, [row]] of rows.entries()) {
  const ofRaw = rates[index].map((rate, round) => rate / rates[0][round]);
  const ofUsual = rates[index].map((rate, round) => rate / rates.at(-1)[round]);
  console.log(
    `| ${row} | ${median(rates[index]).toFixed(0)} | ${median(ofRaw).toFixed(3)} (${Math.min(...ofRaw).toFixed(3)} to ${Math.max(...ofRaw).toFixed(3)}) | × ${digits(median(ofUsual))} |`,
  );
}
const workers = rates[4].map((rate, round) => rate / rates[3][round]);
console.log(`
Two workers of one thread do ${median(workers).toFixed(2)} of what one worker of ${threads} threads does (${Math.min(...workers).toFixed(2)} to ${Math.max(...workers).toFixed(2)}).`);
process.exit(0);
