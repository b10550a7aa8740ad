import { axeFindings } from './axe-findings.ts';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';

test('the environment of a run: interpreter, packages that can be found and copied, git, laptop; and its code', async ({
  window,
  host,
}) => {
  test.setTimeout(120_000);
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  const venv = join(host.home, 'sample', 'flight-delays', '.venv');
  execFileSync('python3', ['-m', 'venv', '--without-pip', venv]);
  const [release = ''] = readdirSync(join(venv, 'lib'));
  for (const name of ['numpy-2.1.0.dist-info', 'scikit_learn-1.5.0.dist-info', 'scipy-1.14.0.dist-info'])
    mkdirSync(join(venv, 'lib', release, 'site-packages', name));

  await window.keyboard.press('r');
  await window.getByRole('textbox', { name: 'Command' }).fill('.venv/bin/python -c "print(1)"');
  await window.getByRole('dialog').getByRole('button', { name: 'Run', exact: true }).click();
  await window
    .getByRole('navigation', { name: 'Parts of the run' })
    .getByRole('link', { name: 'Environment' })
    .click();
  const interpreter = window.getByRole('region', { name: 'Interpreter' });
  await expect(interpreter).toContainText(join(venv, 'bin', 'python'));
  await expect(interpreter).toContainText(/Python 3\.\d+\.\d+/);
  await expect(window.getByRole('region', { name: 'Laptop' })).toContainText('GPU');
  expect(await axeFindings(window)).toEqual([]);

  const packages = window.getByRole('region', { name: 'Packages' });
  await expect(packages.getByRole('row')).toHaveCount(3);
  await window.getByLabel('Find a package').fill('scikit_l');
  await expect(packages.getByRole('row')).toHaveText(['scikit-learn1.5.0']);
  await expect(packages).toContainText('1 of 3');
  await window.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await packages.getByRole('button', { name: 'Copy the packages as requirements' }).click();
  await expect
    .poll(() => window.evaluate(() => navigator.clipboard.readText()))
    .toBe('scikit-learn==1.5.0\n');
  await window.screenshot({ path: join(test.info().outputDir, 'environment.png') });

  const sample = join(host.home, 'sample', 'flight-delays');
  const code = () =>
    window.getByRole('navigation', { name: 'Parts of the run' }).getByRole('link', { name: 'Code' }).click();
  await code();
  const files = window.getByRole('navigation', { name: 'Files' });
  await files.getByRole('button', { name: 'params.yaml' }).click();
  const before = readFileSync(join(sample, 'params.yaml'), 'utf8');
  await expect(window.getByLabel('params.yaml', { exact: true })).toContainText(before.split('\n')[0] ?? '');
  await window.getByRole('button', { name: /^Not in it/ }).click();
  await expect(window.getByRole('region', { name: 'Not in the snapshot' })).toContainText(
    '.venvMachine-made',
  );

  writeFileSync(join(sample, 'params.yaml'), `${before}added: in the second run\n`);
  const firstRun = new URL(window.url()).pathname;
  await window.getByRole('button', { name: 'Run again' }).click();
  await expect(window).not.toHaveURL((url) => url.pathname === firstRun);
  await code();
  await window.getByRole('button', { name: /^Since / }).click();
  await expect(window.getByRole('navigation', { name: 'Changed files' }).getByRole('button')).toHaveText(
    'params.yaml+1 −0',
  );
  await expect(window.getByLabel('params.yaml, after')).toContainText('added: in the second run');
  await expect(window.getByLabel('params.yaml, before')).not.toContainText('added');
  expect(await axeFindings(window)).toEqual([]);
  await window.screenshot({ path: join(test.info().outputDir, 'code.png') });
  await window.getByRole('button', { name: 'Restore…' }).click();
  const dialog = window.getByRole('dialog');
  await dialog.getByLabel('New folder').fill(join(host.home, 'restored'));
  await dialog.getByRole('button', { name: 'Write the files' }).click();
  await expect(dialog.getByRole('status')).toContainText(/files are in/);
  expect(readFileSync(join(host.home, 'restored', 'params.yaml'), 'utf8')).toContain('in the second run');
  expect(existsSync(join(host.home, 'restored', '.venv'))).toBe(false);
});
