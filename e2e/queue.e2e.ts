import { axeFindings } from './axe-findings.ts';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from './fixtures.ts';

const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

test('the queue: who waits can be put first, what runs can stand still, nobody begins while it is held', async ({
  window,
  host,
}) => {
  const project = join(host.home, 'project');
  mkdirSync(project);
  const start = (name: string) =>
    execFileSync(
      process.execPath,
      [
        program,
        'run',
        '--home',
        host.home,
        '--project',
        project,
        '--name',
        name,
        '--queue',
        '--',
        'sleep',
        '300',
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
  await window.goto(host.url('/queue'));
  await expect(window.getByRole('heading', { name: 'Nothing runs and nothing waits' })).toBeVisible();
  const summary = window.getByText(/of \d+ slots in use/);
  const slots = Number(/of (\d+) slots/.exec((await summary.textContent()) ?? '')?.[1]);
  for (let at = 1; at <= slots; at++) start(`running ${at}`);
  for (const name of ['first', 'second', 'third']) start(name);

  const rows = window.getByRole('row');
  const waiting = rows.filter({ hasText: 'queued' });
  const linkOf = async (name: string) =>
    (await window.getByRole('link', { name, exact: true }).getAttribute('href')) ?? '';
  await expect(waiting).toHaveText([/first/, /second/, /third/]);
  await window.getByRole('button', { name: 'Move third up' }).click();
  await expect(waiting).toHaveText([/first/, /third/, /second/]);
  await window.getByRole('row', { name: /first/ }).dragTo(window.getByRole('row', { name: /second/ }));
  await expect(waiting).toHaveText([/third/, /second/, /first/]);

  await window.getByRole('button', { name: 'Hold the queue' }).click();
  await expect(window.getByText('held: nobody new begins')).toBeVisible();
  await window.getByRole('button', { name: 'Cancel running 1' }).click();
  await expect(window.getByRole('row', { name: /running 1/ })).toHaveCount(0);
  await expect(waiting).toHaveCount(3);
  // From the window, with a priority: it stands before those that came earlier.
  await window.goto(host.url(`${/\/projects\/[^/]+/.exec(await linkOf('first'))?.[0] ?? ''}/runs`));
  await expect(window.getByRole('grid', { name: 'Runs' })).toBeVisible();
  await window.keyboard.press('r');
  const dialog = window.getByRole('dialog', { name: 'Run a command' });
  await dialog.getByLabel('Command').fill('sleep 299');
  await dialog.getByRole('group', { name: 'Priority' }).getByRole('button', { name: 'high' }).click();
  await expect(dialog.getByText(/of memory are free/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await window.goto(host.url('/queue'));
  await expect(waiting).toHaveText([/high priority/, /third/, /second/, /first/]);
  await waiting
    .first()
    .getByRole('button', { name: /^Cancel/ })
    .click();
  await expect(waiting).toHaveText([/third/, /second/, /first/]);
  await window.getByRole('button', { name: 'Let the queue go on' }).click();
  await expect(waiting).toHaveText([/second/, /first/]);

  await window.getByRole('button', { name: 'Pause running 2' }).click();
  await expect(window.getByRole('row', { name: /running 2/ })).toContainText('paused');
  expect(await axeFindings(window, 'main')).toEqual([]);
  await window.getByRole('button', { name: 'Let running 2 go on' }).click();
  await expect(window.getByRole('row', { name: /running 2/ })).toContainText('running');
  for (const name of ['first', 'second', 'third'])
    await window.getByRole('button', { name: `Cancel ${name}` }).click();
  for (let at = 2; at <= slots; at++)
    await window.getByRole('button', { name: `Cancel running ${at}` }).click();
  await expect(window.getByRole('heading', { name: 'Nothing runs and nothing waits' })).toBeVisible({
    timeout: 20_000,
  });
});
