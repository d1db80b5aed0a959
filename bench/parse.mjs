// Reads 1 GB of JSON lines and 1 GB of Disqus XML that are made on the fly, and prints speed and memory as Markdown.
// Run alone with `node bench/parse.mjs [megabytes]` after `npm run build`.
import { parseStream } from '../dist/parse/index.js';

const megabytes = Number(process.argv[2] ?? 1000);
const words =
  'Europe should pay for its own defence and not wait until Washington changes its mind again because nobody there will listen'.split(
    ' ',
  );

const sentences = Array.from({ length: 1000 }, (_, number) => makeSentence(number));
const sentence = (number) => sentences[number % sentences.length];

function makeSentence(number) {
  const length = 12 + (number % 37);
  return Array.from({ length }, (_, index) => words[(number * 7 + index * 3) % words.length]).join(' ');
}

const jsonl = {
  head: '',
  tail: '',
  record: (number) =>
    `${JSON.stringify({ id: String(number), parent_id: number % 3 === 0 ? null : String(number - 1), author: `reader${number % 5000}`, created_at: '2025-03-02T16:15:00Z', likes: number % 50, text: sentence(number) })}\n`,
};

const disqus = {
  head: '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">\n<thread dsq:id="1"><link>https://news.example/</link><title>News</title><message /></thread>\n',
  tail: '</disqus>\n',
  record: (number) =>
    `  <post dsq:id="${number}">\n    <id />\n    <message><![CDATA[<p>${sentence(number)}</p><p>It&#39;s late &amp; cold.</p>]]></message>\n    <createdAt>2025-03-02T16:15:00Z</createdAt>\n    <isDeleted>false</isDeleted>\n    <isSpam>false</isSpam>\n    <author>\n      <name>reader${number % 5000}</name>\n      <isAnonymous>false</isAnonymous>\n      <username>reader${number % 5000}</username>\n    </author>\n    <thread dsq:id="1" />\n${number % 3 === 0 ? '' : `    <parent dsq:id="${number - 1}" />\n`}  </post>\n`,
};

/** Blocks of 64 KB, as a file gives them. */
async function* source({ head, tail, record }, bytes) {
  yield Buffer.from(head);
  let made = 0;
  let number = 0;
  while (made < bytes) {
    let block = '';
    while (block.length < 65_536) block += record(number++);
    const buffer = Buffer.from(block);
    made += buffer.length;
    yield buffer;
  }
  yield Buffer.from(tail);
}

async function measure(name, kind) {
  const bytes = megabytes * 1e6;
  // What making the input costs is measured apart and taken off.
  let start = process.cpuUsage();
  for await (const _ of source(kind, bytes));
  const made = process.cpuUsage(start);
  global.gc?.();
  start = process.cpuUsage();
  let comments = 0;
  let characters = 0;
  const memory = [];
  const diagnostics = [];
  for await (const comment of parseStream(source(kind, bytes), {
    format: name,
    onDiagnostic: (each) => diagnostics.push(each),
  })) {
    comments += 1;
    characters += comment.text.length;
    if (comments % 50_000 === 0) memory.push(process.memoryUsage.rss() / 1e6);
  }
  const used = process.cpuUsage(start);
  const seconds = (used.user + used.system - made.user - made.system) / 1e6;
  const middle = memory[Math.floor(memory.length / 2)] ?? 0;
  console.log(
    `| ${name} | ${megabytes} MB | ${comments} | ${(megabytes / seconds).toFixed(0)} MB/s | ${middle.toFixed(0)} MB | ${Math.max(...memory).toFixed(0)} MB | ${diagnostics.length} |`,
  );
  return characters;
}

console.log(
  '| format | input | comments | speed (CPU seconds of all threads) | memory halfway | most memory | diagnostics |',
);
console.log('|---|---|---|---|---|---|---|');
await measure('jsonl', jsonl);
await measure('disqus', disqus);
