import { join } from 'node:path';
import { withBrowser, withPage } from './browse.ts';
import type { Measure } from './measure.ts';
import { startProgram } from './start-program.ts';

const lines = 100;
const points = 1000;
const rounds = 3;
const frames = 40;
const slowFrames = 2;

/** What e2e/chart/page.tsx offers. */
declare const chartPage: {
  show(scenario: Record<string, unknown>): void;
  frames(count: number, what: 'redraw' | 'strokes' | 'recharts'): Promise<number[]>;
};

export const chartRedraw: Measure = {
  name: 'chart-redraw',
  question: `How long does a chart of ${lines} series × ${points} points take to draw new data?`,
  goal: 'at most 33 ms',
  async run({ root, chromiumPath }) {
    if (chromiumPath === null) return { figures: [], notes: ['not measured: no Chromium on this machine'] };
    const host = await startProgram([join(root, 'e2e', 'chart', 'serve.ts')]);
    const ours: number[] = [];
    const floor: number[] = [];
    const peer: number[] = [];
    try {
      await withBrowser(chromiumPath, (browser) =>
        withPage(browser, async (page) => {
          await page.goto(host.url.href);
          await page.evaluate((scenario) => chartPage.show(scenario), {
            data: 'curves',
            lines,
            points,
            width: 1000,
            height: 280,
            theme: 'light',
            axis: 'step',
            yScale: 'linear',
            smoothing: 0,
            isPair: false,
            isLive: false,
          });
          await page.waitForTimeout(500);
          const take = async (count: number, what: 'redraw' | 'strokes' | 'recharts') =>
            median(await page.evaluate(([n, kind]) => chartPage.frames(n, kind), [count, what] as const));
          await take(10, 'redraw');
          for (let round = 0; round < rounds; round++) {
            floor.push(await take(frames, 'strokes'));
            ours.push(await take(frames, 'redraw'));
            peer.push(await take(slowFrames, 'recharts'));
          }
        }),
      );
    } finally {
      await host.stop();
    }
    return {
      figures: [
        {
          name: `redraw of ${lines} × ${points}, frame to frame, p50`,
          unit: 'ms',
          below: 33,
          floorIs: 'the same polylines stroked on a bare canvas, 1.5 px wide',
          samples: { ours, floor, peer },
        },
      ],
      notes: [
        'Chromium without a GPU. A frame is 16.7 ms at least. The peer is recharts’ own <Line>, in SVG, with the same data and axes. Every round is the median of its frames.',
      ],
    };
  },
};

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? Number.NaN;
}
