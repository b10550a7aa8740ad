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
  // Whoever registered looks at the version: keys go there, and Escape closes it and stays.
  await expect(window.getByRole('region', { name: 'About 2' })).toBeFocused();
  await window.keyboard.press('Escape');
  await expect(window.getByRole('complementary', { name: 'Version 2' })).toHaveCount(0);
  await expect(versions.getByRole('button', { name: 'version 2', exact: true })).toBeFocused();

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

  const undo = (told: string | RegExp) =>
    window.getByText(told).locator('..').getByRole('button', { name: 'Undo' }).click();
  await versions.getByRole('button', { name: 'version 1', exact: true }).click();
  await panel.getByLabel('Tags').fill('leaks, owner=ada');
  await panel.getByLabel('Description').click();
  await expect(window.getByText('Version 1 was tagged.')).toBeVisible();
  await panel.getByLabel('Stage').selectOption('Archived');
  await expect(versions.getByRole('row', { name: /^version 1 Archived/ })).toBeVisible();
  await panel.getByRole('button', { name: 'Delete' }).click();
  await expect(versions.getByRole('row', { name: /^version 1/ })).toHaveCount(0);
  await undo('Version 1 was deleted.');
  await expect(versions.getByRole('row', { name: /^version 1 Archived/ })).toBeVisible();

  const more = async (item: string) => {
    await window.getByRole('button', { name: 'More about the model' }).click();
    await window.getByRole('menuitem', { name: item }).click();
  };
  await more('Edit name');
  await window.getByRole('dialog').getByLabel('Name').fill('leaving');
  await window.getByRole('dialog').getByLabel('Tags').fill('team=vision');
  await window.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'leaving' })).toBeVisible();
  await expect(window.getByText('team vision')).toBeVisible();
  await undo('churn is called leaving now.');
  await expect(window.getByRole('heading', { level: 1, name: 'churn' })).toBeVisible();
  await more('Delete the model');
  await expect(window.getByRole('heading', { level: 1, name: 'Models' })).toBeVisible();
  await window.goBack();
  await expect(window.getByRole('heading', { level: 2, name: 'churn was deleted' })).toBeVisible();
  await window.getByRole('button', { name: 'Bring it back' }).click();
  await expect(versions.getByRole('row', { name: /^version 2 champion/ })).toBeVisible();

  const part = (name: string) =>
    window.getByRole('navigation', { name: 'Parts of the model' }).getByRole('link', { name });
  await part('Signature').click();
  await expect(window.getByRole('row', { name: /^income inputs .*breaks/ })).toBeVisible();
  await part('Compare').click();
  const sides = window.getByRole('region', { name: 'Versions side by side' });
  await expect(sides.getByRole('row', { name: /^accuracy 0.8100 0.8700 .*better/ })).toBeVisible();
  await expect(sides.getByRole('row', { name: /^Run first.mjs second.mjs/ })).toBeVisible();
  await part('Card').click();
  await window.getByRole('button', { name: /^Answer the 3/ }).click();
  const answers = window.getByRole('dialog');
  await answers.getByLabel('What is it for').fill('Calls to those who may leave');
  await answers.getByLabel('What must it not').fill('Prices');
  await answers.getByLabel('Licence', { exact: true }).fill('mit');
  await answers.getByLabel('Contact').fill('ada');
  await answers.getByRole('button', { name: 'Save' }).click();
  await expect(window.getByText('Calls to those who may leave')).toBeVisible();
  await window.getByRole('button', { name: 'Save in the project' }).click();
  await expect(window.getByText(/Saved as .*model-cards\/churn.md/)).toBeVisible();
  writeFileSync(join(project, 'model-cards', 'churn.md'), 'my own words');
  await window.getByRole('button', { name: 'Save in the project' }).click();
  await expect(window.getByRole('alert').getByText(/was changed since it was written/)).toBeVisible();
  await window.getByRole('button', { name: 'Leave it' }).click();
  await window.getByRole('button', { name: 'Difference' }).click();
  await expect(window.getByText('Nobody has said yet').first()).toBeVisible();
  await part('Lineage').click();
  await expect(window.getByRole('row', { name: /run second.mjs/ }).first()).toBeVisible();
  await part('History').click();
  await expect(window.getByText(/^Whole: all \d+ entries/)).toBeVisible();
  await expect(
    window.getByRole('row', { name: /version 2 became champion, before it version 1 .*held-out month/ }),
  ).toBeVisible();
  await window.getByLabel('About', { exact: true }).selectOption('Stages');
  await expect(window.getByText('1 entry')).toBeVisible();
  await window.getByLabel('About', { exact: true }).selectOption('Everything');
  for (const name of ['Versions', 'Compare', 'Signature', 'Card', 'Lineage', 'History']) {
    await part(name).click();
    await expect(
      window.getByRole('region', {
        name: /^(Versions|Versions side by side|Signatures|Text|Lineage|History)$/,
      }),
    ).toBeVisible();
    expect(await axeFindings(window, 'main'), name).toEqual([]);
  }
  await window.getByRole('link', { name: 'all models' }).click();
  const models = window.getByRole('region', { name: 'Models' });
  await expect(models.getByRole('row', { name: /^churn champion 2 2 version 2/ })).toBeVisible();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { level: 1, name: 'churn' })).toBeVisible();
});
