// npm run eval: measures the embedded model, beside the baselines, on the hand-labelled fixtures. Writes reports/ (HTML,
// Markdown, JSON) and, where there is a Chromium, the picture docs/eval-report.png.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
mkdirSync('reports', { recursive: true });

const moderato = (...args) => {
  const { status, stdout } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 30,
    env: {
      ...process.env,
      ...(process.stdout.isTTY && { FORCE_COLOR: '1', COLUMNS: String(process.stdout.columns) }),
    },
  });
  if (status !== 0) process.exit(status ?? 1);
  return stdout;
};

const suites = [
  {
    name: 'comments',
    gold: 'fixtures/comments.jsonl',
    slices: ['slices.device', 'slices.voice'],
    title: 'moderato on its hand-labelled comments',
  },
  {
    name: 'functional',
    gold: 'fixtures/functional.jsonl',
    slices: ['functionality'],
    title: 'moderato on its functional suite',
  },
];
for (const { name, gold, slices, title } of suites) {
  const table = moderato(
    'eval',
    '--gold',
    gold,
    '--classifier',
    'embedded',
    'word-list',
    '--title',
    title,
    ...slices.flatMap((field) => ['--slice', field]),
    '--html',
    `reports/${name}.html`,
    '--markdown',
    `reports/${name}.md`,
    '--junit',
    `reports/${name}.xml`,
  );
  writeFileSync(`reports/${name}.txt`, table);
  process.stdout.write(`${title}\n\n${table}\n`);
}
console.log('Reports: reports/comments.html, reports/functional.html');

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) {
  console.error(`No Chromium at ${executablePath}: docs/eval-report.png is as it was.`);
} else {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const page = await browser.newPage({ viewport: { width: 1500, height: 900 }, colorScheme: 'light' });
  await page.goto(pathToFileURL('reports/comments.html').href);
  await page.waitForSelector('html[data-ready]');
  // The picture is of the figures; wrong answers are other people's words and stay in the report.
  await page.evaluate(() => {
    for (const id of ['comparisons', 'classifier-1'])
      document.getElementById(id)?.closest('section')?.remove();
    for (const table of document.querySelectorAll('[aria-label^="By "], [aria-label^="Bias by "]')) {
      if (table.previousElementSibling?.matches('.soft')) table.previousElementSibling.remove();
      table.previousElementSibling?.remove();
      table.remove();
    }
    const errors = document.getElementById('errors-0');
    errors?.previousElementSibling?.remove();
    errors?.remove();
  });
  await page.waitForTimeout(500);
  await page.screenshot({ path: 'docs/eval-report.png', fullPage: true });
  await browser.close();
  console.log('Picture: docs/eval-report.png');
}
