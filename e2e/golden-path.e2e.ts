import type { Page } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Host } from './fixtures.ts';

test.setTimeout(180_000);

/** Fewer epochs than the sample's own, so that a test need not wait for a curve nobody looks at. */
const epochs = 25;

/** Runs the sample's pipeline and opens the charts of its training as soon as that has begun. */
async function openTraining(window: Page, host: Host): Promise<{ runId: string }> {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('button', { name: 'Run pipeline' })).toBeVisible();
  const params = join(host.home, 'sample', 'flight-delays', 'params.yaml');
  writeFileSync(params, readFileSync(params, 'utf8').replace(/epochs: \d+/, `epochs: ${epochs}`));
  await window.getByRole('button', { name: 'Run pipeline' }).click();
  await window.getByRole('link', { name: 'Pipelines' }).click();
  await window.getByRole('treeitem', { name: /^train\b.*, running/ }).click({ timeout: 60_000 });
  await window.getByRole('link', { name: 'Open its run' }).click();
  await window
    .getByRole('navigation', { name: 'Parts of the run' })
    .getByRole('link', { name: 'Charts' })
    .click();
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toBeVisible({ timeout: 30_000 });
  return { runId: /runs\/([0-9a-f]{32})/.exec(window.url())?.[1] ?? '' };
}

/** How many points the run's loss has, as the overview tells. */
async function lossPoints(window: Page): Promise<number> {
  const row = window.getByRole('row', { name: /^loss/ });
  const cells = ['course', 'last', 'least', 'greatest', 'points'];
  return Number(await row.getByRole('cell').nth(cells.indexOf('points')).textContent());
}

const part = (window: Page, name: string) =>
  window.getByRole('navigation', { name: 'Parts of the run' }).getByRole('link', { name });

function killTrainer(host: Host, runId: string): void {
  const { pid } = JSON.parse(readFileSync(join(host.home, 'runs', runId, 'start.json'), 'utf8')) as {
    pid: number;
  };
  process.kill(pid, 'SIGKILL');
}

test(
  'the sample runs, its curve grows, and a killed trainer is told as killed, also after a reload',
  { tag: '@network' },
  async ({ window, host }) => {
    const { runId } = await openTraining(window, host);
    const figure = window.getByRole('figure', { name: 'loss', exact: true });
    const before = await figure.screenshot();
    await expect(async () => expect((await figure.screenshot()).equals(before)).toBe(false)).toPass({
      timeout: 20_000,
    });

    await part(window, 'Overview').click();
    const early = await lossPoints(window);
    await expect.poll(() => lossPoints(window), { timeout: 20_000 }).toBeGreaterThan(early);

    killTrainer(host, runId);
    await expect(window.getByText(/killed by SIGKILL/).first()).toBeVisible({ timeout: 15_000 });
    const points = await lossPoints(window);

    await window.reload();
    await expect(window.getByText(/killed by SIGKILL/).first()).toBeVisible();
    expect(await lossPoints(window)).toBe(points);
    await part(window, 'Logs').click();
    await expect(window.getByRole('log')).toContainText(`epoch=${points} loss=`);
    await window.getByRole('link', { name: 'Pipelines' }).click();
    await expect(window.getByRole('treeitem', { name: 'train killed by SIGKILL, killed' })).toBeVisible();
    await expect(window.getByRole('treeitem', { name: /^evaluate\b.*, stale/ })).toBeVisible();
  },
);

test('an engine killed in the middle of a run loses nothing: the curve has no hole and the pipeline goes on', async ({
  window,
  host,
}) => {
  await openTraining(window, host);
  await host.kill();
  await expect(window.getByRole('alert')).toContainText('The engine stopped');
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await host.start();
  await expect(window.getByRole('alert')).toBeHidden({ timeout: 15_000 });
  await part(window, 'Overview').click();
  await expect.poll(() => lossPoints(window), { timeout: 120_000 }).toBe(epochs);
  await window.getByRole('link', { name: 'Pipelines' }).click();
  await expect(window.getByRole('treeitem', { name: /^evaluate\b.*, up-to-date/ })).toBeVisible({
    timeout: 60_000,
  });
});
