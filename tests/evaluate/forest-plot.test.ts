import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { buildReport } from '../../src/evaluate/build-report';
import { htmlReport } from '../../src/evaluate/html';

// html.test.ts says so where there is none.
const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium';

describe.runIf(existsSync(executablePath))('the forest plot', () => {
  const folder = mkdtempSync(join(tmpdir(), 'forest-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows an interval where there is one', async () => {
    const gold = Array.from({ length: 12 }, (_, index) => ({
      id: String(index),
      gold: { toxicity: { insult: index % 2 } },
    }));
    const predictions = gold.map(({ id }, index) => ({
      id,
      labels: { toxicity: { attributes: { insult: (index % 5) / 5 } } },
    }));
    const browser = await chromium.launch({
      executablePath,
      args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'],
    });
    try {
      const tips = async (samples: number) => {
        const file = join(folder, `${samples}.html`);
        writeFileSync(
          file,
          await htmlReport(buildReport([{ name: 'mine', predictions }], gold, { samples })),
        );
        const page = await browser.newPage();
        await page.goto(pathToFileURL(file).href);
        await page.waitForSelector('html[data-ready]');
        const titles = await page.locator('figure svg title').allTextContents();
        return titles.filter((title) => title.startsWith('mine, insult'));
      };
      expect(await tips(50)).toEqual([
        expect.stringMatching(/^mine, insult: \d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]$/),
      ]);
      expect(await tips(0)).toEqual([expect.stringMatching(/^mine, insult: \d\.\d{3}$/)]);
    } finally {
      await browser.close();
    }
  }, 120_000);
});
