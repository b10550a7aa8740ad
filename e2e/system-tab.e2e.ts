import { expect, test } from './fixtures.ts';

test.setTimeout(120_000);

test('what a run uses grows in a tab of its own and stands nowhere else', async ({ window, host }) => {
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('button', { name: 'Run pipeline' })).toBeVisible();
  const projectPath = /\/projects\/[^/]+/.exec(window.url())?.[0] ?? '';
  await window.getByRole('button', { name: 'Run pipeline' }).click();
  await window.getByRole('link', { name: 'Pipelines' }).click();
  const stage = window.getByRole('article', { name: 'Stage train' });
  await stage.getByRole('link', { name: 'train' }).click({ timeout: 60_000 });
  const part = (name: string) =>
    window.getByRole('navigation', { name: 'Parts of the run' }).getByRole('link', { name });
  await part('System').click();
  for (const name of ['system/cpu_cores', 'system/memory_bytes', 'system/machine_cpu_cores']) {
    await expect(window.getByRole('figure', { name, exact: true })).toBeVisible({ timeout: 30_000 });
  }
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toHaveCount(0);
  await part('Charts').click();
  await expect(window.getByRole('figure', { name: 'loss', exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(window.getByRole('figure', { name: /^system/ })).toHaveCount(0);
  await part('Overview').click();
  await expect(window.getByRole('row', { name: /^loss/ })).toBeVisible();
  await expect(window.getByRole('row', { name: /^system/ })).toHaveCount(0);
  await window.goto(host.url(`${projectPath}/runs`));
  await expect(window.getByRole('columnheader', { name: 'loss' }).first()).toBeVisible();
  await expect(window.getByRole('columnheader', { name: /system/ })).toHaveCount(0);
});
