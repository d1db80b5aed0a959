// node training/speed.mjs THREADS NAME=MODEL.onnx …: comments a second of each network under the runtime that ships, as JSON.
// Networks take turns, round after round, so that all meet the same machine; the best round counts.
import * as onnxruntime from 'onnxruntime-node';

const { InferenceSession, Tensor } = onnxruntime.default ?? onnxruntime;
const shapes = [
  [1, 24],
  [8, 24],
  [32, 24],
  [8, 64],
  [32, 64],
];
const rounds = 30;
const milliseconds = 200;

const [threads, ...networks] = process.argv.slice(2);
const options = { executionProviders: ['cpu'], intraOpNumThreads: Number(threads), interOpNumThreads: 1 };
const sessions = new Map();
for (const argument of networks) {
  const [name, path] = argument.split('=');
  sessions.set(name, await InferenceSession.create(path, options));
}

function feedOf(batch, tokens) {
  const size = batch * tokens;
  const integers = (value) => new Tensor('int64', BigInt64Array.from({ length: size }, (_, k) => BigInt(value(k))), [batch, tokens]);
  return {
    input_ids: integers((k) => 1000 + ((k * 7919) % 25000)),
    attention_mask: integers(() => 1),
    token_type_ids: integers(() => 0),
  };
}

const table = {};
for (const [batch, tokens] of shapes) {
  const feed = feedOf(batch, tokens);
  const best = Object.fromEntries([...sessions.keys()].map((name) => [name, 0]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, session] of sessions) {
      await session.run(feed);
      const began = performance.now();
      let comments = 0;
      while (performance.now() - began < milliseconds) {
        await session.run(feed);
        comments += batch;
      }
      const rate = (1000 * comments) / (performance.now() - began);
      best[name] = Math.max(best[name], Math.round(rate * 10) / 10);
    }
  }
  table[`${batch}x${tokens}`] = best;
}
console.log(JSON.stringify(table));
