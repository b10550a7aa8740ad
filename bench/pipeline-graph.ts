import type { Page } from '@playwright/test';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { contract, createConnection, openWebSocketPort, socketProtocols } from '../contract/index.ts';
import { withBrowser, withPage } from './browse.ts';
import type { BenchContext, Measure } from './measure.ts';
import { startEngine } from './programs.ts';
import type { StartedProgram } from './start-program.ts';
import { missingWindow } from './window-hosts.ts';

const rounds = 5;
const count = 500;
const pans = 20;

export const pipelineGraph: Measure = {
  name: 'pipeline-graph',
  question: `How long from going to Pipelines until the graph of ${count} stages is drawn and answers a key, and how long does a step of panning it take?`,
  goal: 'below 1 s',
  async run(context) {
    const missing = missingWindow(context);
    const { chromiumPath } = context;
    if (missing !== null || chromiumPath === null) return { figures: [], notes: [missing ?? ''] };
    const shown: number[] = [];
    const floor: number[] = [];
    const near: number[] = [];
    const whole: number[] = [];
    const engine = await startEngine(context.root, await mkdtemp(join(context.scratch, 'graph-home-')));
    const api = connectionTo(engine);
    try {
      const { id } = await api.api.projects.open({ path: await projectWithStages(context) });
      await withBrowser(chromiumPath, async (browser) => {
        for (let round = -1; round < rounds; round++) {
          await withPage(browser, async (page) => {
            await page.goto(new URL(`/projects/${id}/runs${engine.url.hash}`, engine.url).href);
            await page.getByRole('heading', { level: 1, name: 'Runs' }).waitFor();
            const startedAt = performance.now();
            await api.api.pipelines.definition({ projectId: id });
            const floorMs = performance.now() - startedAt;
            const shownMs = await graphMs(page, `/projects/${id}/pipelines`);
            const nearMs = await panMs(page);
            await page.keyboard.press('0');
            const wholeMs = await panMs(page);
            if (round < 0) return;
            shown.push(shownMs);
            floor.push(floorMs);
            near.push(nearMs);
            whole.push(wholeMs);
          });
        }
      });
    } finally {
      api.close();
      await engine.stop();
    }
    const pan = { unit: 'ms', below: null, floorIs: null } as const;
    return {
      figures: [
        {
          name: `going to Pipelines until a key has chosen a stage, ${count} stages`,
          unit: 'ms',
          below: 1000,
          floorIs:
            'the engine’s answer to the question for the definition, asked over a socket without a window',
          samples: { ours: shown, floor },
        },
        { ...pan, name: 'a step of panning, near enough to read', samples: { ours: near } },
        { ...pan, name: 'a step of panning, all stages in view', samples: { ours: whole } },
      ],
      notes: [
        'Each stage reads what two of the forty before it write. Chromium without a GPU; the engine and the page run already. A step of panning ends with the frame that shows it.',
      ],
    };
  },
};

async function projectWithStages({ scratch }: BenchContext): Promise<string> {
  const folder = join(scratch, 'graph-project');
  await mkdir(folder);
  const stages = Array.from({ length: count }, (_, at) => {
    // Spread over the forty before it, the same on every run.
    const reads =
      at === 0 ? [] : [at - 1 - ((at * 7) % Math.min(at, 40)), at - 1 - ((at * 13) % Math.min(at, 40))];
    const deps = [...new Set(reads)].map((from) => `out${from}.txt`);
    return [
      `  stage-${String(at).padStart(4, '0')}:`,
      `    cmd: echo ${at} > out${at}.txt`,
      `    deps: [${deps.join(', ')}]`,
      `    outs: [out${at}.txt]`,
    ].join('\n');
  });
  await writeFile(join(folder, 'benchtop.yaml'), `stages:\n${stages.join('\n')}\n`);
  return folder;
}

function connectionTo(engine: StartedProgram) {
  const token = new URLSearchParams(engine.url.hash.slice(1)).get('token');
  return createConnection(contract, () =>
    openWebSocketPort(
      new WebSocket(new URL('/rpc', engine.url).href.replace('http', 'ws'), socketProtocols(token)),
    ),
  );
}

/** From going to the page, as a link does it, until the graph is there, an arrow key was pressed and a stage is chosen by it. */
function graphMs(page: Page, path: string): Promise<number> {
  return page.evaluate(
    (to) =>
      new Promise<number>((resolve, reject) => {
        setTimeout(() => reject(new Error('No graph came.')), 20_000);
        const startedAt = performance.now();
        let isPressed = false;
        const observer = new MutationObserver(() => {
          const graph = document.querySelector<HTMLElement>('[role="application"]');
          if (graph === null || graph.querySelector('[title]') === null) return;
          if (!isPressed) {
            isPressed = true;
            graph.focus();
            graph.dispatchEvent(
              new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }),
            );
          }
          if (document.querySelector('[role="treeitem"][aria-selected="true"]') === null) return;
          observer.disconnect();
          requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedAt)));
        });
        observer.observe(document.body, { childList: true, subtree: true, attributes: true });
        history.pushState({}, '', to);
      }),
    path,
  );
}

/** One step of panning by key, drawn; the mean of several. */
async function panMs(page: Page): Promise<number> {
  await page.waitForTimeout(500);
  return page.evaluate(async (steps) => {
    const graph = document.querySelector('[role="application"]');
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    let total = 0;
    for (let step = 0; step < steps; step++) {
      await frame();
      const startedAt = performance.now();
      graph?.dispatchEvent(
        new KeyboardEvent('keydown', {
          key: step % 2 === 0 ? 'ArrowRight' : 'ArrowLeft',
          shiftKey: true,
          bubbles: true,
          cancelable: true,
        }),
      );
      await frame();
      await frame();
      total += performance.now() - startedAt;
    }
    return total / steps;
  }, pans);
}
