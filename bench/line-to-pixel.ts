import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withBrowser, withPage } from './browse.ts';
import type { Measure } from './measure.ts';
import { missingWindow } from './window-hosts.ts';
import { withRunner } from './with-runner.ts';

const lines = 40;
/** Prints a line three times a second, with the time at which it does. */
const program = `
for (let at = 0; at < ${lines + 5}; at++) {
  await new Promise((resolve) => setTimeout(resolve, 333));
  const now = performance.timeOrigin + performance.now();
  process.stdout.write('line ' + at + ' printed at ' + now.toFixed(1) + '\\n');
}`;

export const lineToPixel: Measure = {
  name: 'line-to-pixel',
  question: 'How long from the moment a program prints a line until the line is drawn on the open log?',
  goal: 'below 250 ms',
  async run(context) {
    const missing = missingWindow(context);
    const { chromiumPath } = context;
    if (missing !== null || chromiumPath === null) return { figures: [], notes: [missing ?? ''] };
    const waits = await withRunner(context, async ({ api, engine, projectId, projectPath }) => {
      const path = join(projectPath, 'prints.mjs');
      await writeFile(path, program);
      const { runId } = await api.runner.start({ projectId, command: [process.execPath, path] });
      return withBrowser(chromiumPath, (browser) =>
        withPage(browser, async (page) => {
          await page.goto(
            new URL(`/projects/${projectId}/runs/${runId}/logs${engine.url.hash}`, engine.url).href,
          );
          return page.evaluate(async (wanted) => {
            const seen = new Map<string, number>();
            await new Promise<void>((resolve) => {
              const look = () => {
                const text = document.querySelector('[role="log"]')?.textContent ?? '';
                const fresh = [...text.matchAll(/line (\d+) printed at (\d+\.\d)/g)].filter(
                  ([, at]) => at !== undefined && !seen.has(at),
                );
                if (fresh.length === 0) return;
                for (const [, at = ''] of fresh) seen.set(at, -1);
                // The frame that has the line in it ends before the next one begins.
                requestAnimationFrame(() =>
                  requestAnimationFrame((frameAt) => {
                    for (const [, at = '', printedAt] of fresh)
                      seen.set(at, performance.timeOrigin + frameAt - Number(printedAt));
                    if (seen.size >= wanted) resolve();
                  }),
                );
              };
              new MutationObserver(look).observe(document, {
                childList: true,
                subtree: true,
                characterData: true,
              });
            });
            // The first ones were printed before the page was open.
            return [...seen.values()].slice(10);
          }, lines);
        }),
      );
    });
    return {
      figures: [
        { name: 'printed line to pixel', unit: 'ms', below: 250, floorIs: null, samples: { ours: waits } },
      ],
      notes: [
        'One line three times a second, Chromium without a GPU; until the frame after the one that holds the line.',
      ],
    };
  },
};
