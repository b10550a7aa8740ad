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
    await withWindowHosts(context, ({ window, oneLine }) =>
      withBrowser(chromiumPath, async (browser) => {
        for (let round = 0; round < rounds; round++) {
          floor.push(
            await withPage(browser, (page) =>
              watchIdle(browser, page, () => firstPaintMs(page, oneLine.url)),
            ),
          );
          ours.push(
            await withPage(browser, (page) =>
              watchIdle(browser, page, async () => {
                await watchForRows(page);
                await firstPaintMs(page, runsPage(window));
                await rowsShownMs(page);
              }),
            ),
          );
        }
      }),
    );
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

async function watchIdle(browser: Browser, page: Page, open: () => Promise<unknown>): Promise<IdlePage> {
  let requests = 0;
  let framesReceived = 0;
  page.on('request', () => requests++);
  page.on('websocket', (socket) => {
    socket.on('framesent', () => requests++);
    socket.on('framereceived', () => framesReceived++);
  });
  await open();
  await sleep(settleMs);
  const pids = await rendererPids(browser);
  [requests, framesReceived] = [0, 0];
  const cpuBefore = cpuMs(pids);
  const startedAt = performance.now();
  await sleep(watchMs);
  const cpuPercent = (100 * (cpuMs(pids) - cpuBefore)) / (performance.now() - startedAt);
  const counted = { requests, framesReceived };
  return { ...counted, cpuPercent, memoryMb: memoryMegabytes(pids), heapMb: await heapMegabytes(page) };
}

/** All processes that hold a page: one page is open, so they are its own. */
async function rendererPids(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  return processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
}

async function heapMegabytes(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize / 1e6;
}
