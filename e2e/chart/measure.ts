import { availableParallelism, cpus, loadavg } from 'node:os';
import { chromium } from '@playwright/test';
import { plainScenario, type ChartPage } from './scenario.ts';
import { servePage } from './serve-page.ts';

/**
 * Times redraws of the chart in software-rendered Chromium: `node e2e/chart/measure.ts`. One redraw is new columns for every
 * line, through React, onto the canvas; the time is from frame to frame, so the screen's 16.7 ms is the floor.
 */
const cases = [
  { lines: 100, points: 1000 },
  { lines: 20, points: 1000 },
  { lines: 8, points: 1000 },
  { lines: 1, points: 1000 },
  { lines: 1, points: 100_000 },
];
const frames = 90;

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
const page = await browser.newPage({ viewport: { width: 1100, height: 420 } });
await page.goto(served.url);
declare const chartPage: ChartPage;

console.log(
  `Chromium ${browser.version()}, software rendering; ${availableParallelism()} × ${cpus()[0]?.model}; load ${loadavg()[0]?.toFixed(2)}`,
);
console.log('lines × points      redraw p50     p95   idle p50     p95   (ms, frame to frame)');
for (const { lines, points } of cases) {
  await page.evaluate((scenario) => chartPage.show(scenario), {
    ...plainScenario,
    lines,
    points,
    width: 1000,
    height: 280,
  });
  await page.waitForTimeout(400);
  const idle = sorted(await page.evaluate((count) => chartPage.frames(count, 'nothing'), frames));
  const redraw = sorted(await page.evaluate((count) => chartPage.frames(count, 'redraw'), frames));
  const cells = [at(redraw, 0.5), at(redraw, 0.95), at(idle, 0.5), at(idle, 0.95)];
  console.log(`${`${lines} × ${points}`.padEnd(20)}${cells.map((cell) => cell.padStart(9)).join('')}`);
}
await browser.close();
await served.close();

function sorted(times: number[]): number[] {
  return times.toSorted((a, b) => a - b);
}

function at(times: number[], part: number): string {
  return (times[Math.floor(part * (times.length - 1))] ?? Number.NaN).toFixed(1);
}
