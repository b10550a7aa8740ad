import { axeFindings } from './axe-findings.ts';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

test.setTimeout(180_000);

test('a question in SQL: rows, time, where it is wrong, and that it only reads', async ({ window }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  await window.keyboard.press('Control+k');
  await window.getByRole('textbox', { name: 'Search and commands' }).fill('SQL');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { level: 1, name: 'SQL' })).toBeVisible();
  const editor = window.getByRole('textbox', { name: 'Query' });
  await editor.fill("SELECT name, status FROM runs WHERE name LIKE 'Steady%'");
  await editor.press('Control+Enter');
  await expect(window.getByRole('cell', { name: 'Steady steps' })).toBeVisible();
  await expect(window.getByText(/^1 row · \d+ ms$/)).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);

  const download = window.waitForEvent('download');
  await window.getByRole('button', { name: 'Download CSV' }).click();
  expect((await download).suggestedFilename()).toBe('benchtop-query.csv');

  await editor.fill('SELECT nam FROM runs');
  await editor.press('Control+Enter');
  await expect(window.getByRole('alert')).toContainText('no such column: nam');
  const selected = () =>
    editor.evaluate((node) => {
      const { selectionStart, selectionEnd, value } = node as HTMLTextAreaElement;
      return value.slice(selectionStart, selectionEnd);
    });
  expect(await selected()).toBe('nam');
  await editor.fill('DELETE FROM run');
  await window.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(window.getByRole('alert')).toContainText('Only SELECT');
});

test('the bin: a deleted run comes back, or goes for good once its bytes were shown; the outbox beside it', async ({
  window,
  host,
}) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Runs' }).click();
  const runs = window.url();
  await window.getByLabel('Select Steady steps').check();
  await window.getByLabel('Select Quick steps').check();
  await window.getByRole('button', { name: 'Put 2 into the bin' }).click();
  await expect(window.getByLabel('Select Steady steps')).toHaveCount(0);

  await window.getByRole('link', { name: 'Bin' }).click();
  await expect(window.getByText('2 runs', { exact: true })).toBeVisible();
  await window.getByLabel('Select Steady steps').check();
  expect(await axeFindings(window)).toEqual([]);
  await window.getByRole('button', { name: 'Restore' }).click();
  await expect(window.getByLabel('Select Steady steps')).toHaveCount(0);
  await window.getByLabel('Select all').check();
  await window.getByRole('button', { name: 'Delete for good …' }).click();
  const dialog = window.getByRole('dialog', { name: 'Delete one run for good?' });
  await expect(dialog.getByRole('row', { name: /Metric points, about \d/ })).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);
  await dialog.getByRole('button', { name: /^Delete [\d.]+ .?B for good$/ }).click();
  await expect(window.getByRole('heading', { name: 'The bin is empty' })).toBeVisible();

  await window.getByRole('contentinfo').getByRole('link', { name: /free$/ }).click();
  const soundness = window.getByRole('region', { name: 'Soundness' });
  await window.getByRole('button', { name: 'Check all now' }).click();
  await expect(soundness.getByText(/every stored file is sound\.$/)).toBeVisible();
  await expect(soundness.getByText(/^All of it was last read and found sound/)).toBeVisible();
  await expect(window.getByRole('row', { name: /^Artifacts of runs and models \d+ files? / })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Bring back' })).toBeDisabled();
  expect(await axeFindings(window)).toEqual([]);
  await window.goto(runs + new URL(host.url()).hash);
  await expect(window.getByLabel('Select Steady steps')).toBeVisible();
  await expect(window.getByLabel('Select Quick steps')).toHaveCount(0);

  // What remains may leave the machine.
  await window.keyboard.press('Control+k');
  await window.getByRole('textbox', { name: 'Search and commands' }).fill('Outbox');
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { name: 'Nothing leaves this machine' })).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);

  // Port 9 is nobody's: what is pushed there waits.
  const benchtop = (...args: string[]) =>
    execFileSync(process.execPath, [program, ...args, '--home', host.home], { encoding: 'utf8' });
  benchtop('target', 'add', 'team', 'http://127.0.0.1:9');
  benchtop('push', 'Steady steps', '--target', 'team', '--no-wait');
  await expect(window.getByRole('contentinfo').getByRole('link', { name: '1 waiting, offline' })).toBeVisible(
    {
      timeout: 20_000,
    },
  );
  await expect(
    window.getByRole('row', { name: /^(waiting|sending) Steady steps team 0 of \d+ / }),
  ).toBeVisible();
  await expect(window.getByText(/^team: http:\/\/127\.0\.0\.1:9 cannot be reached\./)).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);
  await window.getByRole('button', { name: 'Cancel' }).click();
  await expect(window.getByRole('row', { name: /^cancelled Steady steps team / })).toBeVisible();
  await expect(window.getByRole('contentinfo').getByRole('link', { name: /waiting/ })).toHaveCount(0);
});
