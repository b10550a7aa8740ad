import type { Browser, Page } from '@playwright/test';
import { setTimeout as sleep } from 'node:timers/promises';
import { firstPaintMs, rowsShownMs, watchForRows, withBrowser, withPage } from './browse.ts';
import type { Measure } from './measure.ts';
import { canReadUsage, cpuMs, memoryMegabytes } from './process-usage.ts';
import { missingWindow, runsPage, withWindowHosts } from './window-hosts.ts';

const rounds = 3;
const settleMs = 5000;
const watchMs = 10_000;
const floorIs = 'a page of one line in the same Chromium';

interface IdlePage {
  readonly memoryMb: number;
  readonly heapMb: number;
  readonly cpuPercent: number;
  readonly requests: number;
  readonly framesReceived: number;
}

export const idlePage: Measure = {
  name: 'idle-page',
  question: 'What does the page of 10,000 runs use while nobody touches it?',
  goal: 'below 250 MB, no request',
  async run(context) {
    const missing = canReadUsage ? missingWindow(context) : 'not measured: needs the /proc of Linux';
    const { chromiumPath } = context;
    if (missing !== null || chromiumPath === null) return { figures: [], notes: [missing ?? ''] };
    const ours: IdlePage[] = [];
    const floor: IdlePage[] = [];
    await withWindowHosts(context, async ({ window, oneLine }) => {
      for (let round = 0; round < rounds; round++) {
        floor.push(await watchIdle(chromiumPath, (page) => firstPaintMs(page, oneLine.url)));
        ours.push(
          await watchIdle(chromiumPath, async (page) => {
            await watchForRows(page);
            await page.goto(runsPage(window).href);
            await rowsShownMs(page);
          }),
        );
      }
    });
    const samples = (of: (page: IdlePage) => number) => ({ ours: ours.map(of), floor: floor.map(of) });
    return {
      figures: [
        {
          name: 'memory of the page’s process (PSS)',
          unit: 'MB',
          below: 250,
          floorIs,
          samples: samples((page) => page.memoryMb),
        },
        {
          name: 'JavaScript heap in use',
          unit: 'MB',
          below: null,
          floorIs,
          samples: samples((page) => page.heapMb),
        },
        {
          name: 'CPU of the page’s process over 10 s, of one core',
          unit: '%',
          below: 1,
          floorIs,
          samples: samples((page) => page.cpuPercent),
        },
        {
          name: 'requests and calls sent in 10 s',
          unit: 'count',
          below: 1,
          floorIs,
          samples: samples((page) => page.requests),
        },
      ],
      notes: [
        `Messages that the engine pushed in those 10 s: ${ours.map((page) => page.framesReceived).join(', ')} (the bottom strip shows the machine once a second).`,
      ],
    };
  },
};

/** Every sample has a browser of its own: one that was used before keeps processes and caches. */
function watchIdle(chromiumPath: string, open: (page: Page) => Promise<unknown>): Promise<IdlePage> {
  return withBrowser(chromiumPath, (browser) =>
    withPage(browser, async (page) => {
      let requests = 0;
      let framesReceived = 0;
      page.on('request', () => requests++);
      page.on('websocket', (socket) => {
        socket.on('framesent', () => requests++);
        socket.on('framereceived', () => framesReceived++);
      });
      await open(page);
      const pids = [await rendererPid(browser, page)];
      await sleep(settleMs);
      [requests, framesReceived] = [0, 0];
      const cpuBefore = cpuMs(pids);
      const startedAt = performance.now();
      await sleep(watchMs);
      const cpuPercent = (100 * (cpuMs(pids) - cpuBefore)) / (performance.now() - startedAt);
      const counted = { requests, framesReceived };
      return {
        ...counted,
        cpuPercent,
        memoryMb: memoryMegabytes(pids, 'Pss'),
        heapMb: await heapMegabytes(page),
      };
    }),
  );
}

/** Long enough to stand out from what any other renderer does meanwhile, in milliseconds. */
const busyMs = 300;

/** The process that draws the page. Chromium keeps others in reserve and names none, so the page's is the one that works when it works. */
async function rendererPid(browser: Browser, page: Page): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => ({ id, cpuBeforeMs: cpuMs([id]) }));
  await page.evaluate((forMs) => {
    const startedAt = performance.now();
    while (performance.now() - startedAt < forMs);
  }, busyMs);
  const [busiest] = renderers
    .map(({ id, cpuBeforeMs }) => ({ id, usedMs: cpuMs([id]) - cpuBeforeMs }))
    .toSorted((a, b) => b.usedMs - a.usedMs);
  if (busiest === undefined) throw new Error('Chromium names no process that draws pages.');
  return busiest.id;
}

async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}
