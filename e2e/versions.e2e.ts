import { axeFindings } from './axe-findings.ts';
import { expect, test } from './fixtures.ts';
import { recordTwoRuns, treeHash } from './two-runs.ts';

test('two runs of the sample are compared down to the rows; the first is brought back, identical, and the tree is untouched', async ({
  window,
  host,
}) => {
  test.setTimeout(120_000);
  const { first, second, project } = recordTwoRuns(host.home);
  await window.goto(host.url(`/runs/${second}`));
  const changed = window.getByRole('region', { name: 'What changed' });
  await expect(changed.getByRole('row', { name: /prepare\.py/ })).toContainText('+1 −1 lines');
  await expect(changed.getByRole('row', { name: /^data/ })).toContainText('files: 1 changed');
  await changed.getByRole('link', { name: 'Compare' }).click();
  const causes = window.getByRole('region', { name: 'Likely causes' });
  await expect(causes.getByRole('row', { name: /^data/ })).toContainText(
    /flights\.csv\.gz: rows: 0 added, \d,?\d+ removed/,
    { timeout: 30_000 },
  );
  await expect(causes).toContainText('The same in both: command, params, packages');

  await window.goto(host.url(`/runs/${first}/reproduce`));
  const part = window.getByRole('region', { name: 'Reproduce' });
  await expect(part.getByRole('row', { name: /^code/ })).toContainText('ready');
  await expect(part.getByRole('row', { name: /^data/ })).toContainText(/data \([0-9a-f]{10}\)/);
  const before = treeHash(project);
  await part.getByRole('button', { name: 'Reproduce' }).click();
  await expect(part.getByRole('article')).toContainText('identical', { timeout: 60_000 });
  await expect(part.getByRole('article')).toContainText(/\d metrics and \d+ files are the same\./);
  expect(treeHash(project)).toBe(before);
  await expect(window.getByRole('link', { name: /identical/ })).toBeVisible();
  expect(await axeFindings(window)).toEqual([]);
});
