import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { plainScenario, type ChartPage, type Scenario } from './scenario.ts';
import { servePage } from './serve-page.ts';

/** Takes pictures of the chart in both themes to look at: `node e2e/chart/look.ts FOLDER`. */
const folder = process.argv[2] ?? 'out/chart-pictures';
await mkdir(folder, { recursive: true });
const views: Record<string, Partial<Scenario>> = {
  one: { data: 'spike' },
  'one-narrow': { width: 300, data: 'spike' },
  eight: { lines: 8 },
  'eight-narrow': { lines: 8, width: 300 },
  twenty: { lines: 20 },
  hundred: { lines: 100 },
  'hundred-narrow': { lines: 100, width: 300 },
  'few-points': { lines: 5, points: 30 },
  'not-finite': { lines: 2, data: 'not-finite' },
  log: { lines: 3, data: 'powers', yScale: 'log' },
  smoothed: { lines: 3, smoothing: 0.9, axis: 'running-time' },
  time: { lines: 2, axis: 'time', points: 200 },
  'raw-100k': { points: 100_000 },
  'one-point': { lines: 3, data: 'one-point' },
  empty: { data: 'empty' },
};
const served = await servePage();
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--disable-gpu',
  ],
});
const page = await browser.newPage({ viewport: { width: 960, height: 330 } });
page.on('console', (message) => console.log(message.type(), message.text()));
page.on('pageerror', (error) => console.log(error));
await page.goto(served.url);
for (const [name, view] of Object.entries(views)) {
  for (const theme of ['light', 'dark'] as const) {
    const scenario = { ...plainScenario, ...view, theme };
    await page.setViewportSize({ width: scenario.width + 48, height: 330 });
    await page.evaluate(
      (shown) => (globalThis as unknown as { chartPage: ChartPage }).chartPage.show(shown),
      scenario,
    );
    await page.waitForTimeout(150);
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) });
    if (!['one', 'eight', 'twenty', 'hundred'].includes(name)) continue;
    await page.mouse.move(420, 150);
    await page.waitForTimeout(100);
    await page.screenshot({ path: join(folder, `${name}-hover-${theme}.png`) });
    await page.mouse.move(5, 5);
  }
}
await browser.close();
await served.close();
