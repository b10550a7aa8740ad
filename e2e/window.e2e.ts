import { spawnSync } from 'node:child_process';
import { expect, test } from './fixtures.ts';

test(
  'a fresh home leads to the sample, and every page shows something',
  { tag: '@network' },
  async ({ window }) => {
    await expect(
      window.getByRole('heading', { name: 'Record your training runs, on this laptop' }),
    ).toBeVisible();
    await expect(window).toHaveURL(/\/$/);
    await window.getByRole('button', { name: 'Open the sample project' }).click();
    await expect(
      window.getByRole('heading', { level: 1, name: 'Flight delays, New York 2013' }),
    ).toBeVisible();
    await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();

    await window.getByRole('link', { name: 'Pipelines' }).click();
    for (const stage of ['prepare', 'train', 'evaluate']) {
      await expect(window.getByRole('treeitem', { name: new RegExp(`^${stage}\\b`) })).toBeVisible();
    }
    await window.getByRole('link', { name: 'Data' }).click();
    await expect(window.getByText('data/flights.csv.gz')).toBeVisible();
    await window.getByRole('link', { name: 'Models' }).click();
    await expect(window.getByRole('heading', { name: 'No registered models' })).toBeVisible();
    await window.getByRole('link', { name: 'Monitoring' }).click();
    await expect(window.getByRole('heading', { name: 'Nothing is monitored' })).toBeVisible();
    await window.goBack();
    await expect(window.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  },
);

test('runs are filtered as typed, selected into a chart, starred and noted by key', async ({ window }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await window.getByRole('link', { name: 'Runs', exact: true }).click();
  const grid = window.getByRole('grid', { name: 'Runs' });
  await expect(grid.getByRole('row')).toHaveCount(8);
  await expect(window.getByText('7 match')).toBeVisible();

  await window.keyboard.press('/');
  await window.keyboard.type('metrics.loss < 0.4815');
  await expect(window.getByText('1 match')).toBeVisible();
  await expect(window).toHaveURL(/q=metrics/);
  const filter = window.getByLabel('Filter runs');
  await filter.fill('metrics.loss < 0.5 metrics.loss <');
  await expect(window.getByRole('alert')).toContainText('metrics.loss');
  await expect(filter).toHaveAttribute('aria-invalid', 'true');
  await window.keyboard.press('Escape');
  await expect(window.getByText('7 match')).toBeVisible();

  await grid.focus();
  await window.keyboard.press('j');
  await window.keyboard.press('x');
  await window.keyboard.press('s');
  const steady = grid.getByRole('row', { name: /Steady steps/ });
  await expect(steady).toHaveAttribute('aria-selected', 'true');
  await expect(steady.getByRole('button', { name: 'Unstar Steady steps' })).toBeVisible();
  await expect(window.getByRole('region', { name: 'Curves of the selected runs' })).toBeVisible();
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toBeVisible();

  await window.keyboard.press('n');
  await window.keyboard.type('the best so far');
  await window.keyboard.press('Enter');
  await expect(steady.getByText('the best so far')).toBeVisible();
  await window.reload();
  await expect(steady.getByText('the best so far')).toBeVisible();
  await expect(steady.getByRole('button', { name: 'Unstar Steady steps' })).toBeVisible();
});

test('runs go to the bin at once and come back with Undo', async ({ window }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await window.getByRole('link', { name: 'Runs', exact: true }).click();
  await window.getByLabel('Select Quick steps').check();
  await window.getByRole('button', { name: 'Put 1 into the bin' }).click();
  await expect(window.getByText('6 match')).toBeVisible();
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(window.getByText('7 match')).toBeVisible();
});

test('a failed run says why: exit code, traceback, and the whole log', async ({ window }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await window.getByRole('link', { name: 'Far too large steps' }).click();
  const ending = window.getByRole('region', { name: 'How it ended' });
  await expect(ending).toContainText('exit code 1');
  await expect(ending).toContainText('FloatingPointError');
  await ending.getByRole('link', { name: 'The whole log' }).click();
  await expect(window.getByRole('log')).toContainText('epoch=1');
  await expect(window).toHaveURL(/\/logs$/);
});

test('with the engine killed the data stays, dated, and the page recovers by itself', async ({
  window,
  host,
}) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  await window.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(window.getByText('7 match')).toBeVisible();
  await host.kill();
  await expect(window.getByRole('alert')).toContainText(
    /The engine stopped at \d\d:\d\d\. Showing what was read before/,
  );
  await expect(window.getByRole('row', { name: /Steady steps/ })).toBeVisible();
  await host.start();
  await expect(window.getByRole('alert')).toBeHidden();
  await window.getByLabel('Filter runs').fill('quick');
  await expect(window.getByText('1 match')).toBeVisible();
});

test('without the token the page says how to open it', async ({ browser, host }) => {
  const page = await browser.newPage();
  await page.goto(host.url().replace(/#.*/, ''));
  await expect(page.getByRole('heading', { name: 'This page cannot reach Benchtop’s engine' })).toBeVisible();
  await page.close();
});

test('the palette finds commands and runs, and ? shows the keys', async ({ window }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  await window.keyboard.press('Control+k');
  await window.getByRole('textbox', { name: 'Search and commands' }).fill('quick');
  await expect(window.getByRole('dialog').locator('[data-selected]')).toContainText('Quick');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { level: 1, name: 'Quick steps' })).toBeVisible();
  await window.keyboard.press('?');
  await expect(window.getByRole('dialog', { name: 'Keys' })).toBeVisible();
});

test('a stage that runs draws its curve live; cancelled, it says so, and still does after a reload', async ({
  window,
}) => {
  test.skip(spawnSync('python3', ['--version']).status !== 0, 'no python3 on this machine');
  test.setTimeout(120_000);
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await window.getByRole('link', { name: 'Pipelines' }).click();
  await window.getByRole('button', { name: 'Run pipeline' }).click();
  await window.getByRole('button', { name: 'Run 3 stages' }).click();
  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Pipelines' }).click();
  await window.getByRole('treeitem', { name: /^train\b.*, running/ }).click({ timeout: 60_000 });
  await window.getByRole('link', { name: 'Open its run' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'train' })).toBeVisible();

  await window.getByRole('link', { name: /Logs/ }).click();
  const log = window.getByRole('log');
  await expect(log).toContainText('epoch=2', { timeout: 30_000 });
  await window.getByRole('textbox', { name: 'Search in the log' }).fill('epoch=1 ');
  await expect(window.getByText('1 line', { exact: true })).toBeVisible();
  await window.keyboard.press('Enter');
  await expect(window.getByText('1 of 1 line')).toBeVisible();
  await expect(log.locator('mark').first()).toHaveText('epoch=1 ');
  await expect(window).toHaveTitle(/ · train – Benchtop$/);
  await window.getByRole('link', { name: /Charts/ }).click();
  const loss = window.getByRole('figure', { name: 'loss', exact: true });
  await expect(loss).toBeVisible();
  const told = await loss.textContent();
  await expect(async () => expect(await loss.textContent()).not.toBe(told)).toPass({ timeout: 20_000 });

  await window.getByRole('button', { name: 'Cancel' }).click();
  const main = window.getByRole('main');
  await expect(main.getByText('killed', { exact: true }).first()).toBeVisible({ timeout: 20_000 });
  await expect(window.getByRole('button', { name: 'Run again' })).toBeVisible();
  await window.reload();
  await expect(main.getByText('killed', { exact: true }).first()).toBeVisible();
  await expect(loss).toBeVisible();
});
