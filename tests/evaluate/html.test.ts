import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/evaluate/build-report';
import { htmlReport } from '../../src/evaluate/html';

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';
const browserThere = existsSync(executablePath);
if (!browserThere) {
  const message = `No Chromium at ${executablePath}: install Debian's package chromium, or set CHROMIUM_PATH.`;
  if (process.env.CI === 'true') throw new Error(message);
  console.warn(`SKIPPED: the HTML report in a browser. ${message}`);
}

const hostile = `</script><script>window.broken = 1</script><img src=x onerror="window.broken = 2"> & "quotes" <b>bold</b>`;
const labels = ['favor', 'against', 'none'] as const;

function makeReport() {
  const gold = Array.from({ length: 180 }, (_, index) => ({
    id: `c${index}`,
    text: index === 7 ? hostile : `comment number ${index}`,
    group: `g${index % 30}`,
    source: index % 3 === 0 ? hostile : 'forum',
    gold: {
      stance: { europe: labels[index % 3]!, us: labels[(index >> 1) % 3]! },
      toxicity: { insult: (index % 5 === 0 ? 1 : 0) as 0 | 1 },
    },
  }));
  const predict = (shift: number) =>
    gold.map(({ id, gold: { stance, toxicity } }, index) => {
      const wrong = (index * 7 + shift) % 4 === 0;
      const target = (label: (typeof labels)[number]) => {
        const predicted = wrong ? labels[(labels.indexOf(label) + 1) % 3]! : label;
        const confidence = 0.4 + ((index * 13 + shift) % 60) / 100;
        const scores = {
          favor: (1 - confidence) / 2,
          against: (1 - confidence) / 2,
          none: (1 - confidence) / 2,
        };
        return { label: predicted, scores: { ...scores, [predicted]: confidence } };
      };
      const score = Math.min(1, 0.45 * toxicity.insult + ((index * 29 + shift) % 60) / 100);
      return {
        id,
        labels: {
          stance: { targets: { europe: target(stance.europe), us: target(stance.us) } },
          toxicity: { attributes: { insult: score } },
        },
      };
    });
  return buildReport(
    [
      { name: hostile, predictions: predict(0) },
      { name: 'second', predictions: predict(3) },
    ],
    gold,
    { slices: ['source'], samples: 100, title: hostile },
  );
}

describe('the HTML report as text', () => {
  it('keeps comments, names and titles out of the markup', async () => {
    const html = await htmlReport(makeReport());
    expect(html.match(/<script/g)).toHaveLength(2);
    expect(html.match(/<\/script/g)).toHaveLength(2);
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/(src|href)="?https?:/);
    expect(html).toContain("default-src 'none'");
  });
});

describe.runIf(browserThere)('the HTML report in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'report-'));
  const file = join(folder, 'report.html');
  let browser: Browser;
  const problems: string[] = [];

  beforeAll(async () => {
    writeFileSync(file, await htmlReport(makeReport()));
    browser = await chromium.launch({
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
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => {
      if (request.url().startsWith('http')) problems.push(request.url());
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('html[data-ready]');
    return page;
  }
  const firstCells = (page: Page, column: number) =>
    page
      .locator('#errors-0 tbody tr')
      .evaluateAll((rows, at) => rows.map((row) => row.children[at as number]!.textContent ?? ''), column);

  it('draws every plot, fits both widths and both themes, and runs no script of a comment', async () => {
    for (const [width, scheme] of [
      [400, 'light'],
      [400, 'dark'],
      [1600, 'light'],
      [1600, 'dark'],
    ] as const) {
      const page = await open(width, scheme);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
      // Two forest plots, and for each classifier three confusion matrices and six curves.
      expect(await page.locator('figure svg').count()).toBe(2 + 2 * (3 + 6));
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
      expect(background).toBe(scheme === 'dark' ? 'rgb(20, 21, 23)' : 'rgb(251, 250, 248)');
      expect(await page.evaluate('window.broken')).toBeUndefined();
      expect(await page.title()).toBe(hostile.replace(/\s+/g, ' '));
      await page.close();
    }
    expect(problems).toEqual([]);
  }, 180_000);

  it('sorts by a click and by the keyboard, filters by class, slice and words', async () => {
    const page = await open(1600, 'light');
    const rows = page.locator('#errors-0 tbody tr');
    const all = await rows.count();
    expect(all).toBe(50);
    const confidences = (await firstCells(page, 5)).map(Number);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));

    await page.locator('#errors-0 th button', { hasText: 'confidence' }).click();
    const ascending = (await firstCells(page, 5)).map(Number);
    expect(ascending).toEqual([...ascending].sort((a, b) => a - b));
    expect(await page.locator('#errors-0 th[aria-sort=ascending]').textContent()).toBe('confidence');

    await page.locator('#errors-0 th button', { hasText: 'label' }).focus();
    await page.keyboard.press('Enter');
    expect(new Set(await firstCells(page, 1)).size).toBeGreaterThan(0);
    expect(await page.locator('#errors-0 th[aria-sort=ascending]').textContent()).toBe('label');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('gold');

    await page.locator('#errors-0').getByLabel('Label', { exact: true }).selectOption('us');
    expect(new Set(await firstCells(page, 1))).toEqual(new Set(['us']));
    await page.locator('#errors-0').getByLabel('Gold', { exact: true }).selectOption('against');
    expect(new Set(await firstCells(page, 2))).toEqual(new Set(['against']));
    await page.locator('#errors-0').getByLabel('source').selectOption('forum');
    const ids = await rows.evaluateAll((lines) =>
      lines.map((line) => Number((line.getAttribute('title') ?? '').slice(4))),
    );
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.every((id) => id % 3 !== 0)).toBe(true);

    await page.reload();
    await page.waitForSelector('html[data-ready]');
    await page.locator('#errors-0').getByLabel('Search').fill('comment number 12');
    for (const text of await firstCells(page, 0)) expect(text).toContain('12');
    await page.close();
    expect(problems).toEqual([]);
  }, 120_000);

  it('prints on white paper, without controls', async () => {
    const page = await open(1600, 'dark');
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('#errors-0 .filters').isVisible()).toBe(false);
    await page.close();
  }, 60_000);
});
