import { expect, test } from './fixtures.ts';

test('what a run uses grows in a tab of its own and stands nowhere else', async ({ window, host }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('button', { name: 'Run pipeline' })).toBeVisible();
  const projectPath = /\/projects\/[^/]+/.exec(window.url())?.[0] ?? '';
  await window.keyboard.press('r');
  const dialog = window.getByRole('dialog', { name: 'Run a command' });
  await dialog
    .getByLabel('Command')
    .fill("sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo loss=0.$i; sleep 1; done'");
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  const part = (name: string) =>
    window.getByRole('navigation', { name: 'Parts of the run' }).getByRole('link', { name });
  await part('System').click();
  for (const name of ['system/cpu_cores, cores', 'system/memory_bytes', 'system/machine_cpu_cores, cores']) {
    await expect(window.getByRole('figure', { name, exact: true })).toBeVisible({ timeout: 30_000 });
  }
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toHaveCount(0);
  await part('Charts').click();
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toBeVisible();
  await expect(window.getByRole('figure', { name: /^system/ })).toHaveCount(0);
  await part('Overview').click();
  await expect(window.getByRole('row', { name: /^loss/ })).toBeVisible();
  await expect(window.getByRole('row', { name: /^system/ })).toHaveCount(0);
  await window.goto(host.url(`${projectPath}/runs`));
  await expect(window.getByRole('columnheader', { name: 'loss' }).first()).toBeVisible();
  await expect(window.getByRole('columnheader', { name: /system/ })).toHaveCount(0);
});
