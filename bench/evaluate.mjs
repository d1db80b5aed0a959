// How long evaluation takes: 100,000 predictions of 3 targets and 7 attributes, all with scores, 2,000 bootstrap samples.
// `node bench/evaluate.mjs [comments] [samples] [attributes]`. Prints one line of JSON; run.mjs reads it. The clock is the processor's, so that other work on the machine counts little.
import { evaluate } from '../dist/index.js';

const comments = Number(process.argv[2] ?? 100_000);
const samples = Number(process.argv[3] ?? 2000);
const targets = ['europe', 'us', 'russia'];
const attributes = [
  'toxicity',
  'severe_toxicity',
  'insult',
  'profanity',
  'identity_attack',
  'threat',
  'sexually_explicit',
];
attributes.length = Number(process.argv[4] ?? attributes.length);
const labels = ['favor', 'against', 'none'];

let state = 1;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state / 0x80000000;
};
const gold = [];
const predictions = [];
for (let index = 0; index < comments; index++) {
  const stance = {};
  const toxicity = {};
  const answer = { stance: { targets: {} }, toxicity: { attributes: {} } };
  for (const target of targets) {
    stance[target] = labels[Math.floor(random() * 3)];
    const label = random() < 0.5 ? stance[target] : labels[Math.floor(random() * 3)];
    const confidence = 0.4 + 0.6 * random();
    const rest = (1 - confidence) / 2;
    answer.stance.targets[target] = {
      label,
      scores: { favor: rest, against: rest, none: rest, [label]: confidence },
    };
  }
  for (const attribute of attributes) {
    toxicity[attribute] = random() < 0.15 ? 1 : 0;
    answer.toxicity.attributes[attribute] = Math.min(1, random() * 0.7 + 0.3 * toxicity[attribute]);
  }
  gold.push({ id: String(index), text: `comment ${index} says nothing`, gold: { stance, toxicity } });
  predictions.push({ id: String(index), status: 'labelled', labels: answer });
}

const before = process.cpuUsage();
const start = performance.now();
evaluate(predictions, gold, { samples });
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({
    bench: 'evaluate',
    comments,
    samples,
    attributes: attributes.length,
    wallSeconds: Number(((performance.now() - start) / 1000).toFixed(2)),
    processorSeconds: Number(((user + system) / 1e6).toFixed(2)),
  }),
);
