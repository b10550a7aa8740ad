import AxeBuilder from '@axe-core/playwright';
import { expect, test } from './fixtures.ts';
import { recordTwoRuns } from './two-runs.ts';

test('two runs are compared down to the rows; the first is brought back, identical', async ({
  window,
  host,
}) => {
  test.setTimeout(120_000);
  const { first, second } = recordTwoRuns(host.home);
  await window.goto(host.url(`/runs/${second}`));
  const changed = window.getByRole('region', { name: 'What changed' });
  await expect(changed.getByRole('row', { name: /train\.py/ })).toContainText('+1 −1 lines');
  await expect(changed.getByRole('row', { name: /months\.csv/ })).toContainText('0 added, 2 removed', {
    timeout: 30_000,
  });
  await changed.getByRole('link', { name: 'Compare' }).click();
  const causes = window.getByRole('region', { name: 'Likely causes' });
  await expect(causes.getByRole('row', { name: /months\.csv/ })).toBeVisible({ timeout: 30_000 });
  await expect(causes).toContainText('The same in both: command, params, packages');

  await window.goto(host.url(`/runs/${first}/reproduce`));
  const part = window.getByRole('region', { name: 'Reproduce' });
  await expect(part.getByRole('row', { name: /^code/ })).toContainText('ready');
  await expect(part.getByRole('row', { name: /^data/ })).toContainText('months.csv');
  await part.getByRole('button', { name: 'Reproduce' }).click();
  await expect(part.getByRole('article')).toContainText('identical', { timeout: 60_000 });
  await expect(part.getByRole('article')).toContainText('1 metric and 0 files are the same.');
  await expect(window.getByRole('link', { name: /identical/ })).toBeVisible();
  const { violations } = await new AxeBuilder({ page: window }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
});
