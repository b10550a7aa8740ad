import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withBrowser, withPage } from './browse.ts';
import type { Measure } from './measure.ts';
import { missingWindow } from './window-hosts.ts';
import { withRunner } from './with-runner.ts';

const points = 45;
/** Those before are printed while the page opens. */
const passedOver = 12;
/** Prints a metric three times a second, and at last when it printed each, milliseconds UTC. */
const program = `
const printed = [];
for (let step = 0; step < ${points}; step++) {
  await new Promise((resolve) => setTimeout(resolve, 333));
  printed.push((performance.timeOrigin + performance.now()).toFixed(1));
  process.stdout.write('step=' + step + ' loss=' + Math.sin(step / 5) + '\\n');
}
console.log('printed at ' + printed.join(' '));`;

export const metricToPixel: Measure = {
  name: 'metric-to-pixel',
  question: 'How long from the moment a program prints a metric until its point is drawn in the open chart?',
  goal: 'below 250 ms',
  async run(context) {
    const missing = missingWindow(context);
    const { chromiumPath } = context;
    if (missing !== null || chromiumPath === null) return { figures: [], notes: [missing ?? ''] };
    const waits = await withRunner(context, async ({ api, engine, projectId, projectPath }) => {
      const path = join(projectPath, 'prints.mjs');
      await writeFile(path, program);
      const { runId } = await api.runner.start({ projectId, command: [process.execPath, path] });
      const drawnAt = await withBrowser(chromiumPath, (browser) =>
        withPage(browser, async (page) => {
          await noteDrawnPoints(page);
          await page.goto(
            new URL(`/projects/${projectId}/runs/${runId}/charts${engine.url.hash}`, engine.url).href,
          );
          return drawnPoints(page);
        }),
      );
      while ((await api.tracking.run({ runId })).endedAt === null) await sleep(50);
      const { bytes } = await api.runner.log({ runId });
      const told = /printed at (.+)/.exec(new TextDecoder().decode(bytes))?.[1]?.split(' ').map(Number);
      if (told?.length !== points) throw new Error('The program did not tell when it printed.');
      return told.map((printedAt, at) => (drawnAt[at] ?? Number.NaN) - printedAt).slice(passedOver);
    });
    return {
      figures: [
        { name: 'printed metric to pixel', unit: 'ms', below: 250, floorIs: null, samples: { ours: waits } },
      ],
      notes: [
        'One metric three times a second, on its run’s page; until the frame after the one in which the curve was stroked with one point more. Chromium without a GPU.',
      ],
    };
  },
};

/** Has the page note when the longest curve that it strokes has how many points: `window.drawnAt[points - 1]`, milliseconds UTC. */
async function noteDrawnPoints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const drawnAt: number[] = [];
    Object.assign(window, { drawnAt });
    const drawing = CanvasRenderingContext2D.prototype;
    const { beginPath, lineTo } = drawing;
    const stroke: (this: CanvasRenderingContext2D, path?: Path2D) => void = drawing.stroke;
    let corners = 0;
    let most = 0;
    drawing.beginPath = function begin(...words) {
      corners = 0;
      return beginPath.apply(this, words);
    };
    drawing.lineTo = function toCorner(...words) {
      corners++;
      return lineTo.apply(this, words);
    };
    drawing.stroke = function strokeCurve(path?: Path2D) {
      const count = corners + 1;
      const before = most;
      if (count > before && count > 2) {
        most = count;
        // The frame that has the stroke in it ends before the next one begins.
        requestAnimationFrame(() =>
          requestAnimationFrame((frameAt) => {
            for (let at = before; at < count; at++) drawnAt[at] = performance.timeOrigin + frameAt;
          }),
        );
      }
      if (path === undefined) stroke.call(this);
      else stroke.call(this, path);
    };
  });
}

async function drawnPoints(page: Page): Promise<number[]> {
  const all = await page.waitForFunction(
    (wanted) => {
      const { drawnAt } = window as unknown as { drawnAt: number[] };
      return drawnAt.length >= wanted ? drawnAt : null;
    },
    points,
    { polling: 200 },
  );
  return (await all.jsonValue()) ?? [];
}
