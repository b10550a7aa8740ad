import { axeFindings } from './axe-findings.ts';
import type { Page } from '@playwright/test';
import { expect, test, type Host } from './fixtures.ts';

async function openRuns(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await window.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(window.getByText('7 match')).toBeVisible();
}

test('a baseline, best values and tags, kept as a view that an address opens again', async ({ window }) => {
  await openRuns(window);
  const grid = window.getByRole('grid', { name: 'Runs' });
  await window.keyboard.press('Shift+C');
  await window.getByRole('button', { name: 'best of loss' }).click();
  await window.keyboard.press('Escape');
  const best = grid.getByRole('columnheader', { name: 'loss best' });
  await expect(best).toBeVisible();
  await best.getByRole('button').click();
  await expect(best).toHaveAttribute('aria-sort', 'ascending');
  // The least loss of all comes first; equal text would also pass unsorted, so the values are read.
  const place = Number(await best.getAttribute('aria-colindex'));
  const values = async () =>
    (await grid.locator(`[role="gridcell"][aria-colindex="${place}"]`).allTextContents())
      .map((text) => Number.parseFloat(text))
      .filter((value) => !Number.isNaN(value));
  await expect.poll(async () => (await values()).length).toBeGreaterThan(3);
  const read = await values();
  expect(read).toEqual(read.toSorted((one, other) => one - other));

  await grid.focus();
  await window.keyboard.press('b');
  await expect(grid.getByText('baseline')).toBeVisible();
  await window.keyboard.press('j');
  await window.keyboard.press('t');
  await window.keyboard.type('final, team=vision');
  await window.keyboard.press('Enter');
  await grid.evaluate((element) => (element.scrollLeft = element.scrollWidth));
  await expect(grid.getByText('vision')).toBeVisible();
  await grid.evaluate((element) => (element.scrollLeft = 0));
  await expect(grid.locator('[title*="against the baseline, worse"]').first()).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);

  await window.getByRole('button', { name: 'Views' }).click();
  await window.getByRole('menuitem', { name: 'Save as a new view…' }).click();
  await window.getByRole('textbox', { name: 'Name of the view' }).fill('By least loss');
  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(window).toHaveURL(/view=/);
  const address = window.url();
  await window.getByRole('button', { name: 'By least loss' }).click();
  await window.getByRole('menuitem', { name: 'All runs, plain' }).click();
  await expect(best).toBeHidden();
  await expect(grid.getByText('baseline')).toBeHidden();
  // The preferences reach the engine a moment later; the address then opens the view in a page that knows nothing yet.
  await window.waitForTimeout(600);
  await window.goto(address);
  await expect(best).toHaveAttribute('aria-sort', 'ascending');
  await expect(grid.getByText('baseline')).toBeVisible();
  await expect(window.getByRole('button', { name: 'By least loss' })).toBeVisible();
});

test('selected runs are grouped with a band, compared side by side, and stay selected under a filter', async ({
  window,
}) => {
  await openRuns(window);
  const grid = window.getByRole('grid', { name: 'Runs' });
  await grid.focus();
  for (const key of ['x', 'j', 'Space', 'j', 'x']) await window.keyboard.press(key);
  await expect(window.getByText('3 selected')).toBeVisible();
  const curves = window.getByRole('region', { name: 'Curves of the selected runs' });
  const params = await curves.getByLabel('Group by').locator('option').allTextContents();
  await curves.getByLabel('Group by').selectOption({ index: 1 });
  await expect(
    curves.getByRole('list', { name: `Groups by ${params[1]?.replace('by ', '') ?? ''}` }),
  ).toBeVisible();
  await curves.getByRole('button', { name: '± sd' }).click();
  await expect(curves.getByText('± one standard deviation')).toBeVisible();
  await expect(curves.getByRole('img').first()).toBeVisible();

  await window.getByLabel('Filter runs').fill('quick');
  await expect(window.getByText('1 match')).toBeVisible();
  await expect(window.getByText('3 selected')).toBeVisible();
  await window.getByRole('button', { name: 'Compare 3' }).click();
  await expect(window.getByRole('heading', { level: 1, name: '3 runs compared' })).toBeVisible();
  const table = window.getByRole('region', { name: 'Runs side by side' });
  await expect(table.getByRole('rowgroup').nth(1)).toBeVisible();
  const rows = await table.getByRole('row').count();
  await window.getByRole('button', { name: /Only what differs/ }).click();
  await expect.poll(() => table.getByRole('row').count()).toBeGreaterThan(rows);
  await table
    .getByRole('button', { name: /^leave out/ })
    .first()
    .click();
  await expect(window.getByRole('heading', { level: 1, name: '2 runs compared' })).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);
});

/** What an MLflow client asks, in as few words. */
function mlflowOf(
  host: Host,
): (path: string, body: object) => Promise<{ run: { info: { run_id: string } } }> {
  const url = new URL(host.url());
  const token = new URLSearchParams(url.hash.slice(1)).get('token') ?? '';
  return async (path, body) => {
    const answer = await fetch(new URL(`/api/2.0/mlflow/${path}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    });
    expect(answer.status, path).toBe(200);
    return (await answer.json()) as { run: { info: { run_id: string } } };
  };
}

test('the curve of a run that goes on grows from what arrives, without asking for the series again', async ({
  window,
  host,
}) => {
  const ask = mlflowOf(host);
  const { run } = await ask('runs/create', { experiment_id: '0', run_name: 'live', start_time: Date.now() });
  const id = run.info.run_id;
  const log = (step: number, value: number) =>
    ask('runs/log-metric', { run_id: id, key: 'loss', value, step, timestamp: Date.now() });
  for (let step = 0; step < 4; step++) await log(step, 1 / (step + 1));
  let questions = 0;
  window.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (payload.toString('latin1').includes('tracking.series')) questions++;
    }),
  );
  await window.goto(host.url(`/runs/${id}/charts`));
  const loss = window.getByRole('figure', { name: 'loss', exact: true });
  const last = loss.locator('span[class*=endLabel]');
  await expect(last).toHaveText('0.25');
  const asked = questions;
  expect(asked).toBeGreaterThan(0);
  for (let step = 4; step < 24; step++) await log(step, step + 0.5);
  await expect(last).toHaveText('23.5');
  expect(questions).toBe(asked);

  await ask('runs/update', { run_id: id, status: 'FINISHED', end_time: Date.now() });
  await expect(window.getByText('finished').first()).toBeVisible();
  await expect(last).toHaveText('23.5');
});

test('rows stay where they are while new runs come in above them', async ({ window, host }) => {
  const ask = mlflowOf(host);
  const create = (name: string) =>
    ask('runs/create', { experiment_id: '0', run_name: name, start_time: Date.now() });
  await Promise.all(Array.from({ length: 150 }, (_, at) => create(`early-${at}`)));
  await window.goto(host.url('/runs'));
  const grid = window.getByRole('grid', { name: 'Runs' });
  await expect(window.getByText('150 match')).toBeVisible();
  await grid.focus();
  await window.keyboard.press('End');
  await expect(grid.locator('[aria-rowindex="151"]')).toBeVisible();
  await grid.evaluate((element) => (element.scrollTop = 2800));
  const row = grid.locator('[aria-rowindex="112"]');
  await expect(row).toBeVisible();
  const name = (await row.getByRole('rowheader').textContent()) ?? '';
  const before = await row.boundingBox();
  await create('late');
  await expect(window.getByText('151 match')).toBeVisible();
  const after = await grid.getByRole('row', { name }).boundingBox();
  expect(Math.abs((after?.y ?? 0) - (before?.y ?? Number.NaN))).toBeLessThan(2);
});
