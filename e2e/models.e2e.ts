import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './fixtures.ts';
import { freePort } from './free-port.ts';
import { startLossyLine } from './lossy-line.ts';
import { runProgram } from './run-program.ts';
import { startTeamEngine } from './team-engine.ts';

const benchtop = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));

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
  await expect(window.getByRole('complementary')).toHaveCount(0);
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
  await expect(sides.getByRole('row', { name: /^accuracy 0.81 0.87 .*better/ })).toBeVisible();
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
  await window.getByLabel('About').selectOption('Stages');
  await expect(window.getByText('1 entry')).toBeVisible();
  await window.getByLabel('About').selectOption('Everything');
  for (const name of ['Versions', 'Compare', 'Signature', 'Card', 'Lineage', 'History']) {
    await part(name).click();
    await expect(
      window.getByRole('region', {
        name: /^(Versions|Versions side by side|Signatures|Text|Lineage|History)$/,
      }),
    ).toBeVisible();
    expect(await axeFindings(window, 'main'), name).toEqual([]);
  }
  // The version before it is asked for again: looked at beside the champion, its evidence above the buttons.
  await part('Versions').click();
  await versions.getByRole('button', { name: 'version 1', exact: true }).click();
  await window.getByRole('link', { name: 'Judge and decide' }).click();
  await expect(window.getByText('In place of version 2.')).toBeVisible();
  const evidence = window.getByRole('region', { name: 'Evidence' });
  await expect(evidence.getByText('Version 1 was not judged for production yet.')).toBeVisible();
  await evidence.getByLabel('For whoever decides').fill('2 asks for incomes that nobody has');
  await evidence.getByRole('button', { name: 'Ask for production' }).click();
  await expect(evidence.getByText(/^Self-approval/)).toBeVisible();
  await expect(evidence.getByRole('button', { name: 'Approve' })).toBeDisabled();
  await evidence.getByRole('button', { name: 'Judge it' }).click();
  await expect(evidence.getByRole('row', { name: /^environment locked block failed/ })).toBeVisible();
  await expect(evidence.getByText(/^Version 1 is kept from production by/)).toBeVisible();
  const approve = evidence.getByRole('button', { name: 'Approve' });
  expect(await axeFindings(window), 'approval').toEqual([]);
  for (const field of await evidence.getByLabel(/^Set “.*” aside, because$/).all())
    await field.fill('it is a program of one file');
  await evidence.getByLabel('Comment').fill('back until incomes are there');
  const rooms = window.getByRole('navigation', { name: 'Rooms' });
  await expect(rooms.getByRole('link', { name: 'Models 1 waiting for a decision' })).toBeVisible();
  await approve.click();
  await expect(evidence.getByText('It is in production: there is nothing to decide.')).toBeVisible();
  await expect(rooms.getByRole('link', { name: 'Models', exact: true })).toBeVisible();
  await window
    .getByText('Version 1 is in production.')
    .locator('..')
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(window.getByText('In place of version 2.')).toBeVisible();
  await window.getByRole('link', { name: 'all versions' }).click();
  await part('Places').click();
  await expect(window.getByRole('row', { name: /^model the same: / })).toBeVisible();
  expect(await axeFindings(window), 'places').toEqual([]);
  await window.getByRole('link', { name: 'all models' }).click();
  const models = window.getByRole('region', { name: 'Models' });
  await expect(models.getByRole('row', { name: /^churn champion 2 2 version 2/ })).toBeVisible();
  await window.keyboard.press('Enter');
  await expect(window.getByRole('heading', { level: 1, name: 'churn' })).toBeVisible();

  // To the team: it waits while there is no line, and goes over a bad one, which loses three of ten.
  const port = await freePort();
  const cli = (...words: string[]) => spawnSync(process.execPath, [benchtop, ...words, '--home', host.home]);
  cli('target', 'add', 'team', `http://127.0.0.1:${port}`);
  cli('push', 'churn@champion', '--target', 'team');
  await window.getByRole('link', { name: '2 waiting, offline' }).click();
  await expect(window.getByRole('status').filter({ hasText: 'cannot be reached' })).toBeVisible();
  const team = await startTeamEngine(join(host.home, 'team'));
  const line = await startLossyLine({ from: port, to: team.port, loss: 0.3, seed: 22 });
  try {
    await window.getByRole('button', { name: 'Try again now' }).click();
    const outbox = window.getByRole('region', { name: 'Outbox' });
    await expect(outbox.getByRole('row', { name: /^verified / })).toHaveCount(2, { timeout: 60_000 });
    expect(await axeFindings(window, 'main'), 'Outbox').toEqual([]);
    expect(line.counts.lostQuestions).toBeGreaterThan(0);
    const asked = await fetch(
      `http://127.0.0.1:${team.port}/api/2.0/mlflow/registered-models/alias?name=churn&alias=champion`,
    );
    expect(await asked.json()).toMatchObject({ model_version: { version: '1' } });
  } finally {
    await line.close();
    await team.stop();
  }
});
