import type { Page } from '@playwright/test';
import { cp, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import {
  contract,
  createConnection,
  openWebSocketPort,
  socketProtocols,
  type EngineApi,
} from '../contract/index.ts';
import { withBrowser, withPage } from './browse.ts';
import { multiplyRuns } from './many-runs.ts';
import type { BenchContext, Figure, Measure } from './measure.ts';
import { startEngine } from './programs.ts';
import type { StartedProgram } from './start-program.ts';
import { recordedRunCount } from './recorded-home.ts';
import { missingWindow } from './window-hosts.ts';

const rounds = 7;
const factor = 10;
const floorIs = 'the engine’s answer to the same question, asked over a socket without a window';
/** Each round asks something new, so that no answer is in the window already. */
const filterOf = (round: number) => `metrics.loss < ${(0.046 + round / 10_000).toFixed(4)}`;

export const runsTable: Measure = {
  name: 'runs-table',
  question: 'How long from a click on Runs, and from a filter, until the rows are on the screen?',
  goal: 'below 300 ms and 150 ms',
  async run(context) {
    const missing = missingWindow(context);
    const { chromiumPath } = context;
    if (missing !== null || chromiumPath === null) return { figures: [], notes: [missing ?? ''] };
    const small = await context.homeWithRuns();
    const large = await homeWithMore(context, small);
    const figures: Figure[] = [];
    for (const [home, count] of [
      [small, recordedRunCount],
      [large, recordedRunCount * factor],
    ] as const) {
      const engine = await startEngine(context.root, home);
      try {
        figures.push(...(await measureHome(engine, chromiumPath, count)));
      } finally {
        await engine.stop();
      }
    }
    return {
      figures,
      notes: [
        'Chromium without a GPU. The engine and the page run already; the code of the table is loaded when the first page is drawn, or at the click.',
      ],
    };
  },
};

async function homeWithMore({ scratch }: BenchContext, small: string): Promise<string> {
  const home = await mkdtemp(join(scratch, 'more-runs-'));
  await cp(small, home, { recursive: true });
  await multiplyRuns(home, factor - 1);
  return home;
}

async function measureHome(engine: StartedProgram, chromiumPath: string, count: number): Promise<Figure[]> {
  const opened: number[] = [];
  const openedFloor: number[] = [];
  const filtered: number[] = [];
  const filteredFloor: number[] = [];
  const scrolled: number[] = [];
  const connection = createConnection(contract, () =>
    openWebSocketPort(
      new WebSocket(
        new URL('/rpc', engine.url).href.replace('http', 'ws'),
        socketProtocols(tokenOf(engine.url)),
      ),
    ),
  );
  const search = (text: string): Promise<number> => answeredAfterMs(connection.api, text);
  await search('');
  try {
    await withBrowser(chromiumPath, async (browser) => {
      for (let round = -1; round < rounds; round++) {
        await withPage(browser, async (page) => {
          await page.goto(new URL(`/compare${engine.url.hash}`, engine.url).href);
          await page.getByRole('heading', { name: 'Choose two runs or more' }).waitFor();
          const openMs = await openTableMs(page);
          const openFloorMs = await search('');
          await page.waitForTimeout(300);
          const filter = filterOf(round + 1);
          const filterMs = await filterMsOf(page, filter);
          const filterFloorMs = await search(`${filter}0`);
          await page.getByLabel('Clear the filter').click();
          const scrollMs = await jumpMs(page);
          if (round < 0) return;
          opened.push(openMs);
          openedFloor.push(openFloorMs);
          filtered.push(filterMs);
          filteredFloor.push(filterFloorMs);
          scrolled.push(scrollMs);
        });
      }
    });
  } finally {
    connection.close();
  }
  const runs = count.toLocaleString('en-US');
  const figure = (name: string, below: number | null, ours: number[], floor?: number[]): Figure => ({
    name: `${name}, ${runs} runs`,
    unit: 'ms',
    below,
    floorIs: floor === undefined ? null : floorIs,
    samples: floor === undefined ? { ours } : { ours, floor },
  });
  return [
    figure('click on Runs to rows', 300, opened, openedFloor),
    figure('filter typed to rows', 150, filtered, filteredFloor),
    figure('jump to the last row', null, scrolled),
  ];
}

const tokenOf = (url: URL): string | null => new URLSearchParams(url.hash.slice(1)).get('token');

async function answeredAfterMs(api: EngineApi, text: string): Promise<number> {
  const startedAt = performance.now();
  await api.tracking.searchRuns({ text, limit: 100 });
  return performance.now() - startedAt;
}

/** From going to the page of runs, as a link does it, until rows are on the screen. */
function openTableMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error('No rows came.')), 20_000);
        const startedAt = performance.now();
        const observer = new MutationObserver(() => {
          if (document.querySelectorAll('[role="grid"] [role="row"]').length <= 10) return;
          observer.disconnect();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
        });
        observer.observe(document.body, { childList: true, subtree: true });
        history.pushState({}, '', '/runs');
      }),
  );
}

/** From the last letter of a filter until the counts above the table, and so its rows, are those of the answer. */
function filterMsOf(page: Page, filter: string): Promise<number> {
  return page.evaluate(
    (text) =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error('No answer to the filter came.')), 20_000);
        const match = () => /· ([\d,]+) match/.exec(document.body.textContent)?.[1];
        const before = match();
        const startedAt = performance.now();
        const observer = new MutationObserver(() => {
          if (match() === before) return;
          observer.disconnect();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
        });
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
        const field = document.querySelector<HTMLInputElement>('[aria-label="Filter runs"]');
        // React listens to the element's own setter.
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(field, text);
        field?.dispatchEvent(new Event('input', { bubbles: true }));
      }),
    filter,
  );
}

/** From the key that goes to the end until the last row is on the screen, its data read. */
async function jumpMs(page: Page): Promise<number> {
  await page.waitForTimeout(500);
  return page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error('The last row did not come.')), 20_000);
        const grid = document.querySelector('[role="grid"]');
        const startedAt = performance.now();
        const observer = new MutationObserver(() => {
          const last = grid?.querySelector(`[aria-rowindex="${grid.getAttribute('aria-rowcount') ?? ''}"]`);
          if (last === null || last === undefined) return;
          observer.disconnect();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
        });
        observer.observe(document.body, { childList: true, subtree: true });
        grid?.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true, cancelable: true }));
      }),
  );
}
