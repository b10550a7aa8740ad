import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test('a run’s command is changed by the options that its script declares, and run', async ({ window }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await window.getByRole('link', { name: 'Prepare', exact: true }).first().click();
  await window.getByRole('button', { name: 'Change and run' }).click();
  const dialog = window.getByRole('dialog', { name: 'Run Prepare with changes' });
  await dialog.getByLabel('--hours-ahead').fill('3');
  await expect(dialog.getByLabel('Command')).toHaveValue('python3 prepare.py --hours-ahead 3');
  await dialog.getByLabel('Command').fill('python3 prepare.py --hours-ahead 4');
  await expect(dialog.getByLabel('--hours-ahead')).toHaveValue('4');
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(window.getByText('finished').first()).toBeVisible({ timeout: 60_000 });
  await expect(window.getByRole('row', { name: 'hours_ahead 4' })).toBeVisible();

  // What was read from its output can have another name, in all runs of the project, or none at all.
  const metrics = window.getByRole('region', { name: 'Metrics' });
  await metrics.getByRole('button', { name: 'Menu of train_rows' }).click();
  await window.getByRole('menuitem', { name: 'Rename in this project…' }).click();
  const renaming = window.getByRole('dialog', { name: 'Rename train_rows' });
  await renaming.getByLabel('Name of the metric').fill('flights');
  await renaming.getByRole('button', { name: 'Rename' }).click();
  await expect(metrics.getByRole('rowheader', { name: 'flights' })).toBeVisible();
  await metrics.getByRole('button', { name: 'Menu of test_rows' }).click();
  await window.getByRole('menuitem', { name: 'Ignore in this project' }).click();
  await expect(metrics.getByRole('rowheader', { name: 'test_rows' })).toBeHidden();
  await window.getByRole('link', { name: 'Home', exact: true }).click();
  await window.getByRole('button', { name: 'Remove the rule for test_rows' }).click();
  await expect(window.getByRole('button', { name: 'Remove the rule for test_rows' })).toBeHidden();
  await expect(window.getByRole('button', { name: 'Remove the rule for train_rows' })).toBeVisible();
  await window.screenshot({ path: join(test.info().outputDir, 'rules.png') });
});
