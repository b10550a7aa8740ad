import { axeFindings } from './axe-findings.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { runProgram } from './run-program.ts';

/** A program that writes a model with a signature, as MLflow does, and prints how good it is. */
const training = (accuracy: number, columns: readonly string[]) => `
import { mkdirSync } from 'node:fs';
mkdirSync('model', { recursive: true });
const inputs = JSON.stringify(${JSON.stringify(columns)}.map((name) => ({ type: 'double', name, required: true })));
writeFileSync('model/MLmodel', \`flavors:
  python_function:
    loader_module: mlflow.sklearn
signature:
  inputs: '\${inputs}'
  outputs: '[{"type": "long", "required": true}]'
  params: null
\`);
writeFileSync('model/model.pkl', 'weights ${accuracy}');
console.log('accuracy=${accuracy}');
`;

test('a model: registered from its run in two presses, promoted with a reason, taken back, and its history', async ({
  window,
  host,
}) => {
  test.setTimeout(120_000);
  const project = join(host.home, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'train.csv'), 'x,y\n1,0\n');
  const first = runProgram(host.home, project, 'first.mjs', training(0.81, ['age', 'sex']));
  const second = runProgram(host.home, project, 'second.mjs', training(0.87, ['age', 'sex', 'income']));
  const artifacts = (runId: string) => host.url(`/projects/${first.projectId}/runs/${runId}/artifacts`);
  const register = async (runId: string) => {
    await window.goto(artifacts(runId));
    await window.getByRole('button', { name: 'Register… model', exact: true }).click();
    await window.getByRole('dialog').getByLabel('As').fill('churn');
    await window.getByRole('button', { name: 'Register', exact: true }).click();
    await expect(window.getByRole('heading', { level: 1, name: 'churn' })).toBeVisible();
  };
  await register(first.id);
  const panel = window.getByRole('complementary', { name: 'Version 1' });
  await expect(panel.getByText('Loads as python_function')).toBeVisible();
  await register(second.id);
  const versions = window.getByRole('region', { name: 'Versions' });
  await expect(versions.getByRole('row', { name: /^version 2 .*0.87/ })).toBeVisible();
  await expect(window.getByText('No version is the champion')).toBeVisible();
  await window.getByRole('button', { name: 'Close' }).click();

  const promote = async (version: number, reason: string) => {
    await versions.getByRole('button', { name: `Promote… version ${version}` }).click();
    const dialog = window.getByRole('dialog');
    await dialog.getByLabel('Why').fill(reason);
    await dialog.getByRole('button', { name: 'Make it the champion' }).click();
    await expect(
      versions.getByRole('row', { name: new RegExp(`^version ${version} champion`) }),
    ).toBeVisible();
  };
  await promote(1, 'the first that works');
  await versions.getByRole('button', { name: 'Promote… version 2' }).click();
  await expect(window.getByRole('dialog').getByRole('row', { name: /^accuracy .*better/ })).toBeVisible();
  await expect(window.getByRole('dialog').getByText(/income/)).toBeVisible();
  await window.keyboard.press('Escape');
  await promote(2, 'better on the held-out month');
  // Back at once, and the way back is on screen.
  await window.getByRole('button', { name: 'Roll the champion back' }).click();
  await expect(versions.getByRole('row', { name: /^version 1 champion/ })).toBeVisible();
  await window
    .getByText('Version 1 is the champion again.')
    .locator('..')
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(versions.getByRole('row', { name: /^version 2 champion/ })).toBeVisible();

  const part = (name: string) =>
    window.getByRole('navigation', { name: 'Parts of the model' }).getByRole('link', { name });
  await part('Signature').click();
  await expect(window.getByRole('row', { name: /^income inputs .*breaks/ })).toBeVisible();
  await part('Lineage').click();
  await expect(window.getByRole('row', { name: /run second.mjs/ }).first()).toBeVisible();
  await part('History').click();
  await expect(window.getByText(/^Whole: all \d+ entries/)).toBeVisible();
  await expect(
    window.getByRole('row', { name: /version 2 became champion, before it version 1 .*held-out month/ }),
  ).toBeVisible();
  for (const name of ['Versions', 'Signature', 'Lineage', 'History']) {
    await part(name).click();
    await expect(
      window.getByRole('region', { name: /^(Versions|Signatures|Lineage|History)$/ }),
    ).toBeVisible();
    expect(await axeFindings(window, 'main'), name).toEqual([]);
  }
  await window.getByRole('link', { name: 'all models' }).click();
  const models = window.getByRole('region', { name: 'Models' });
  await expect(models.getByRole('row', { name: /^churn champion 2 2 version 2/ })).toBeVisible();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { level: 1, name: 'churn' })).toBeVisible();
});
