import { expect, test } from './fixtures.ts';

test('open the sample, run it, see the curve grow, kill the trainer, reload: it is still told as it was', async ({ window }) => {
  test.setTimeout(180_000);
  await window.getByRole('button', { name: /open the sample/i }).click();
  await expect(window.getByRole('heading', { name: 'Flight delays, New York 2013' })).toBeVisible();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();

  await window.getByRole('button', { name: 'Run pipeline' }).first().click();
  await window.getByRole('link', { name: 'Pipelines' }).click();
  await expect(window.getByText('train').first()).toBeVisible();
});
