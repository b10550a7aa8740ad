import { axeFindings } from './axe-findings.ts';
import type { Page } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

/** Records a folder twice and compares the two versions down to the row. */
async function lookAtVersions(window: Page, project: string): Promise<void> {
  const file = join(project, 'data', 'extra.csv');
  writeFileSync(file, 'id,delay\n1,5\n2,7\n');
  await window.getByLabel('File or folder to record').fill('data');
  await window.getByRole('button', { name: 'Record', exact: true }).click();
  await expect(window.getByText('Recorded', { exact: false }).first()).toBeVisible();
  await window.getByRole('link', { name: 'data', exact: true }).click();
  const columns = window.getByRole('region', { name: 'Columns summed up' });
  await expect(columns).toBeVisible({ timeout: 20_000 });
  await columns.getByRole('button', { name: 'departed', exact: true }).click();
  await expect(columns.getByText('the narrowest type that every one of')).toBeVisible();
  expect(await axeFindings(window), 'a column in full').toEqual([]);
  writeFileSync(file, 'id,delay\n1,5\n2,9\n3,0\n');
  await window.getByRole('button', { name: 'Record what it holds now' }).click();
  const rows = window.getByRole('region', { name: 'Rows that differ' });
  await expect(rows.getByRole('row', { name: 'changed 2 7 9' })).toBeVisible({ timeout: 20_000 });
  await expect(rows.getByRole('row', { name: 'added 3 0' })).toBeVisible();
  await expect(window.getByText('1 added, 0 removed, 1 changed. Changed in delay (1).')).toBeVisible();
  expect(await axeFindings(window), 'versions of data').toEqual([]);
  await window.getByLabel('Table of the version').selectOption('extra.csv');
  await window.getByRole('button', { name: 'Rows', exact: true }).click();
  const table = window.getByRole('table', { name: 'Result' });
  await expect(table.getByRole('row')).toHaveCount(4, { timeout: 20_000 });
  await table.getByRole('button', { name: 'delay' }).click();
  await expect(table.getByRole('row').nth(1)).toHaveText('30');
  await window.getByLabel('Rows for which this holds').fill('delay > 5');
  await window.keyboard.press('Enter');
  await expect(table.getByRole('row')).toHaveCount(2);
  await window.getByRole('button', { name: 'SQL', exact: true }).click();
  await window.getByLabel('Query over the table t').fill('SELECT nothing FROM t');
  await window.keyboard.press('Enter');
  await expect(window.getByText('The query cannot be answered.')).toBeVisible();
  await window.getByRole('button', { name: 'Drift', exact: true }).click();
  const drift = window.getByRole('region', { name: 'Columns of both versions' });
  await expect(drift.getByRole('row', { name: /^delay not enough data/ })).toBeVisible({ timeout: 20_000 });
  await drift.getByRole('button', { name: 'delay' }).click();
  expect(await axeFindings(window), 'two versions over each other').toEqual([]);
}

/** Watches the sample's flights by month: September is told apart, down to the column, by keys; the incident is noted and closed. */
async function lookAtMonitor(window: Page): Promise<void> {
  await window.getByRole('button', { name: 'Watch the sample’s flights and weather' }).click();
  const grid = window.getByRole('table', { name: /^Columns over time/ });
  await expect(window.getByText(/^12 of 12 chunks alarm, most of all arr_delay in 2013-12: /)).toBeVisible({
    timeout: 60_000,
  });
  await grid.getByRole('button', { name: /^arr_delay in 2013-01: / }).focus();
  await window.keyboard.press('End');
  for (let month = 12; month > 9; month -= 1) await window.keyboard.press('ArrowLeft');
  await expect(
    grid.getByRole('button', { name: /^arr_delay in 2013-09: 16 % .*an alarm, large/ }),
  ).toBeFocused();
  await window.keyboard.press('Enter');
  const panel = window.getByRole('complementary', { name: 'Column arr_delay' });
  await expect(panel.getByText(/^drift: the share up to −10 rose from 41 % to 57 %/)).toBeVisible();
  await expect(panel.getByRole('img', { name: /^The share of rows up to a value/ })).toBeVisible();
  expect(await axeFindings(window), 'a monitor').toEqual([]);
  await window.getByLabel(/^Note on the incident 2013-01 to 2013-12/).fill('the season');
  await window.getByRole('button', { name: 'Close: 2013-01 to 2013-12' }).click();
  await expect(window.getByRole('cell', { name: /^closed/ })).toBeVisible();
  // The incident is told by the same chunk and alarm as the headline.
  await expect(window.getByRole('cell', { name: /^arr_delay in 2013-12: the share/ })).toBeVisible();
  await window.getByRole('link', { name: 'All monitors' }).click();
  await expect(window.getByRole('row', { name: /Weather by month .*12 of 12/ })).toBeVisible({
    timeout: 60_000,
  });
  expect(await axeFindings(window), 'monitors').toEqual([]);
}

test('no page has an accessibility finding, light or dark', async ({ window, host }) => {
  test.setTimeout(180_000);
  await expect(window.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
  expect(await axeFindings(window), 'first run').toEqual([]);
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  expect(await axeFindings(window), 'home').toEqual([]);
  const home = new URL(window.url()).pathname;

  for (const place of ['Pipelines', 'Data', 'Models', 'Monitoring', 'Runs']) {
    await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: place }).click();
    await expect(window.getByRole('heading', { level: 1, name: place })).toBeVisible();
    if (place === 'Runs') await expect(window.getByText('7 match')).toBeVisible();
    expect(await axeFindings(window), place).toEqual([]);
    if (place === 'Data') await lookAtVersions(window, join(host.home, 'sample', 'flight-delays'));
    if (place === 'Monitoring') await lookAtMonitor(window);
  }
  await window.getByLabel('Select Steady steps').check();
  await window.getByLabel('Select Quick steps').check();
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toBeVisible();
  expect(await axeFindings(window), 'curves of selected runs').toEqual([]);
  await window.getByRole('button', { name: 'Columns' }).click();
  await expect(window.getByLabel('Find a column')).toBeVisible();
  expect(await axeFindings(window), 'columns').toEqual([]);
  await window.keyboard.press('Escape');

  await window.getByRole('button', { name: 'Far too large steps', exact: true }).click();
  await expect(window.getByRole('region', { name: 'How it ended' })).toContainText('FloatingPointError');
  expect(await axeFindings(window), 'failed run').toEqual([]);
  const run = new URL(window.url()).pathname;
  expect(run.startsWith(home)).toBe(true);
  const shows = {
    Charts: 'figure',
    Logs: 'log',
    Artifacts: 'main',
    Data: 'main',
    Environment: 'main',
    Reproduce: 'main',
  } as const;
  for (const [tab, role] of Object.entries(shows) as [
    keyof typeof shows,
    (typeof shows)[keyof typeof shows],
  ][]) {
    await window
      .getByRole('navigation', { name: 'Parts of the run' })
      .getByRole('link', { name: tab })
      .click();
    await expect(window.getByRole(role).first()).toBeVisible();
    expect(await axeFindings(window), tab).toEqual([]);
  }
  await window.keyboard.press('Control+k');
  await expect(window.getByRole('textbox', { name: 'Search and commands' })).toBeVisible();
  expect(await axeFindings(window), 'palette').toEqual([]);
  await window.keyboard.press('Escape');
  for (const [keys, name] of [
    ['?', 'Keys'],
    ['Control+o', 'Open a folder'],
    ['r', 'Run a command'],
  ] as const) {
    await expect(window.getByRole('dialog')).toBeHidden();
    await window.keyboard.press(keys);
    await expect(window.getByRole('dialog', { name })).toBeVisible();
    expect(await axeFindings(window), name).toEqual([]);
    await window.keyboard.press('Escape');
  }
});
