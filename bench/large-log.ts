import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { withBrowser, withPage } from './browse.ts';
import { alternate } from './alternate.ts';
import type { Figure, Measure } from './measure.ts';
import { trainingLine, writeLines } from './output-capture.ts';
import { missingWindow } from './window-hosts.ts';
import { withRunner, type RunnerSide } from './with-runner.ts';

const rounds = 5;
const patterns = [
  {
    name: 'words that are not there',
    text: 'no such words',
    isRegex: false,
    grep: ['-c', '-i', '-F', 'no such words'],
  },
  { name: 'a word of nearly every line', text: 'INFO', isRegex: false, grep: ['-c', '-i', '-F', 'INFO'] },
  {
    name: 'an expression',
    text: 'shard (12|13)\\d+ of',
    isRegex: true,
    grep: ['-c', '-i', '-E', 'shard (12|13)[0-9]+ of'],
  },
] as const;

export const largeLog: Measure = {
  name: 'large-log',
  question: 'How long until a log of 200 MB is on the screen, and until all of it is searched?',
  goal: 'open below 300 ms, searched below 2 s',
  async run(context) {
    const missing = missingWindow(context);
    const { chromiumPath } = context;
    if (missing !== null || chromiumPath === null) return { figures: [], notes: [missing ?? ''] };
    const path = join(context.scratch, 'large-log.txt');
    await writeLines(path, trainingLine);
    return withRunner(context, async (side) => {
      const { runId } = await side.runToEnd(['cat', path]);
      const figures: Figure[] = [await opened(side, runId, chromiumPath)];
      for (const { name, grep, ...pattern } of patterns) {
        const samples = await alternate(rounds, {
          floor: () => grepMs([...grep, path]),
          ours: () => searchMs(side, { runId, ...pattern }),
        });
        figures.push({
          name: `search for ${name}`,
          unit: 'ms',
          below: 2000,
          floorIs: '`grep -c -i` over the same file in the C locale',
          samples,
        });
      }
      return {
        figures,
        notes: [
          'Opened: from the click on Logs, on a page that is loaded, until the last lines of the log are drawn. Searched without regard to case, over the WebSocket, until the last find is told.',
        ],
      };
    });
  },
};

async function opened(
  { engine, projectId }: RunnerSide,
  runId: string,
  chromiumPath: string,
): Promise<Figure> {
  const samples: number[] = [];
  await withBrowser(chromiumPath, async (browser) => {
    for (let round = -1; round < rounds; round++) {
      await withPage(browser, async (page) => {
        await page.goto(new URL(`/projects/${projectId}/runs/${runId}${engine.url.hash}`, engine.url).href);
        await page.getByRole('link', { name: 'Logs' }).waitFor();
        const shown = await page.evaluate(async () => {
          const link = [...document.querySelectorAll('a')].find((each) => each.textContent === 'Logs');
          const startedAt = performance.now();
          link?.click();
          await new Promise<void>((resolve) => {
            const observer = new MutationObserver(() => {
              if (!/\d/.test(document.querySelector('[role="log"]')?.textContent ?? '')) return;
              observer.disconnect();
              requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
            });
            observer.observe(document, { childList: true, subtree: true });
          });
          return performance.now() - startedAt;
        });
        if (round >= 0) samples.push(shown);
      });
    }
  });
  return { name: 'open a log of 200 MB', unit: 'ms', below: 300, floorIs: null, samples: { ours: samples } };
}

async function searchMs(
  { api }: RunnerSide,
  pattern: { runId: string; text: string; isRegex: boolean },
): Promise<number> {
  const startedAt = performance.now();
  for await (const finds of api.runner.searchLog(pattern)) if (finds.isComplete) break;
  return performance.now() - startedAt;
}

async function grepMs(args: string[]): Promise<number> {
  const startedAt = performance.now();
  // Into a pipe: with nowhere to write, grep ends at the first find.
  const grep = spawn('grep', args, {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  grep.stdout.resume();
  await once(grep, 'close');
  return performance.now() - startedAt;
}
