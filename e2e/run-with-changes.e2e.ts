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
});
