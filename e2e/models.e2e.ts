import type { Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { axeFindings } from './axe-findings.ts';
import { expect, test, type Host } from './fixtures.ts';
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

const outboxPart = (window: Page, name: string) =>
  window
    .getByRole('navigation', { name: 'Parts of the outbox' })
    .getByRole('link', { name: new RegExp(`^${name}`) });

/** Tries a target, adds another with the form, allows a rule after its dry run and withdraws it, and removes and restores one. */
async function lookAtTargets(window: Page, share: string): Promise<void> {
  await window.getByRole('button', { name: 'Receipt of churn/2' }).click();
  const panel = window.getByRole('complementary', { name: 'Delivery churn/2' });
  await expect(panel.getByRole('region', { name: 'Receipt' })).toContainText('@champion');
  expect(await axeFindings(window, 'main'), 'receipt').toEqual([]);
  await window.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await outboxPart(window, 'Targets').click();
  const targets = window.getByRole('region', { name: 'Targets' });
  await targets.getByRole('button', { name: 'Test team' }).click();
  await expect(targets.getByText(/^MLflow .* answered in \d+ ms/)).toBeVisible();

  await window.getByRole('button', { name: 'Add a target…' }).click();
  const form = window.getByRole('dialog', { name: 'Add a target' });
  await form.getByLabel('Kind').selectOption('folder');
  await form.getByLabel('Path').fill(share);
  await form.getByLabel('Name').fill('share');
  await form.getByRole('button', { name: 'Test' }).click();
  await expect(form.getByRole('status')).toContainText('will be made');
  expect(await axeFindings(window), 'target form').toEqual([]);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(form).toHaveCount(0);

  await targets.getByRole('button', { name: 'Add a rule for share' }).click();
  const rule = window.getByRole('dialog', { name: 'What goes to share by itself' });
  await expect(rule.getByText('It would send nothing now.')).toBeVisible();
  await rule.getByLabel('Send').selectOption('champion');
  await expect(rule.getByRole('region', { name: 'What would be sent' })).toContainText('version churn/2');
  await rule.getByRole('button', { name: /^Allow it, and send 1 now/ }).click();
  const rules = targets.getByRole('list', { name: 'What goes to share by itself' });
  await expect(rules).toContainText('By itself: the champion of each model');
  await expect(targets.getByRole('region', { name: 'share' })).toContainText('1 verified');
  expect(await axeFindings(window, 'main'), 'targets').toEqual([]);
  await rules.getByRole('button', { name: 'Withdraw: the champion of each model' }).click();
  await expect(rules).toContainText('Nothing goes there by itself.');
  await targets.getByRole('button', { name: 'Remove share' }).click();
  await expect(targets.getByRole('region', { name: 'share' })).toHaveCount(0);
  await window
    .getByText(/^share was forgotten/)
    .locator('..')
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(targets.getByRole('region', { name: 'share' })).toContainText('1 verified');
}

/** What the team's server answers to anybody. */
async function ask<Answer>(team: string, path: string, body?: object): Promise<Answer> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const answer = await fetch(`${team}/api/2.0/mlflow/${path}`, body === undefined ? {} : init);
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as Answer;
}

/** The team moves its champion meanwhile: the push stops with both values, and goes on as somebody decides. */
async function settleConflict(window: Page, team: string): Promise<void> {
  const { model_version: ours } = await ask<{ model_version: { source: string; run_id: string } }>(
    team,
    'model-versions/get?name=churn&version=1',
  );
  await ask(team, 'model-versions/create', { name: 'churn', source: ours.source, run_id: ours.run_id });
  await ask(team, 'registered-models/alias', { name: 'churn', alias: 'champion', version: '2' });
  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Models' }).click();
  await window
    .getByRole('region', { name: 'Models', exact: true })
    .getByRole('link', { name: 'churn' })
    .click();
  await window.getByRole('button', { name: 'version 2', exact: true }).click();
  await window
    .getByRole('complementary', { name: 'Version 2' })
    .getByRole('button', { name: 'Push…' })
    .click();
  const push = window.getByRole('dialog', { name: 'Push churn/2' });
  await push.getByLabel('To').selectOption('team');
  await expect(push.getByRole('region', { name: 'What would be sent' })).toContainText(
    'churn/2 came from it',
  );
  expect(await axeFindings(window), 'push').toEqual([]);
  await push.getByRole('button', { name: /^Send 2, .* to team$/ }).click();
  await window
    .getByRole('contentinfo')
    .getByRole('link', { name: /1 to look at/ })
    .click();
  await outboxPart(window, 'Conflicts').click();
  const conflict = window.getByRole('region', { name: 'Conflict of churn/2' });
  await expect(conflict.getByRole('row', { name: 'champion 1 2' })).toBeVisible();
  expect(await axeFindings(window, 'main'), 'conflicts').toEqual([]);
  await conflict.getByRole('button', { name: 'Keep theirs' }).click();
  await expect(window.getByRole('heading', { name: 'No conflicts' })).toBeVisible();
}

/** The team's models stand below the own ones, as of when they were read; one is fetched, and becomes a version here. */
async function pullFromTeam(window: Page): Promise<void> {
  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Models' }).click();
  const team = window.getByRole('region', { name: 'Models of the team' });
  await team.getByRole('button', { name: 'Read the models of team' }).click();
  await expect(team).toContainText('team as of just now');
  const row = team.getByRole('row', { name: /^of the team churn team champion 2 2 version 2/ });
  await row.getByRole('button', { name: 'Pull churn from team' }).click();
  const pull = window.getByRole('dialog', { name: 'Pull churn from team' });
  await pull.getByLabel('Which').selectOption('/1');
  await pull.getByLabel('Becomes a version here of').fill('theirs');
  await pull.getByRole('button', { name: 'Pull', exact: true }).click();
  await expect(row).toContainText('version 1 as theirs/1');
  expect(await axeFindings(window, 'main'), 'models of the team').toEqual([]);
  await row.getByRole('link', { name: 'theirs/1' }).click();
  await expect(window.getByRole('heading', { level: 1, name: 'theirs' })).toBeVisible();
}

/** A run goes without its files, chosen by the keyboard: what it records arrives, and nothing of its artifacts. */
async function pushWithoutFiles(window: Page, host: Host, project: string, team: string): Promise<void> {
  const body = "writeFileSync('rows.txt', 'some rows'); console.log('accuracy=0.9');";
  const { id, projectId } = runProgram(host.home, project, 'third.mjs', body);
  await window.goto(host.url(`/projects/${projectId}/runs/${id}`));
  await expect(window.getByRole('heading', { level: 1, name: 'third.mjs' })).toBeVisible();
  await window.getByRole('button', { name: 'Push…' }).click();
  const push = window.getByRole('dialog', { name: 'Push third.mjs' });
  const row = push
    .getByRole('region', { name: 'What would be sent' })
    .getByRole('row', { name: /^third.mjs/ });
  await expect(push.getByLabel('To')).toBeFocused();
  await push.getByLabel('To').selectOption('team');
  await expect(row).toHaveAccessibleName(/^third.mjs 1 /);
  await window.keyboard.press('Tab');
  await expect(push.getByRole('checkbox', { name: 'With artifacts and logged models' })).toBeFocused();
  await window.keyboard.press('Space');
  await expect(row).toHaveAccessibleName(/^third.mjs 0 /);
  expect(await axeFindings(window), 'push without files').toEqual([]);
  await window.keyboard.press('Enter');
  await expect(push).toHaveCount(0);
  interface Found {
    runs?: { info: { run_id: string }; data: { metrics?: { value: number }[] } }[];
  }
  const find = async () => {
    const filter = "run_name = 'third.mjs'";
    const { runs } = await ask<Found>(team, 'runs/search', { experiment_ids: ['0', '1', '2'], filter });
    return runs?.[0];
  };
  await expect.poll(async () => (await find())?.data.metrics?.[0]?.value).toBe(0.9);
  const run = await find();
  await window.goto(host.url('/outbox'));
  await expect(window.getByRole('row', { name: /^verified .*third.mjs/ })).toBeVisible();
  const { files = [] } = await ask<{ files?: object[] }>(team, `artifacts/list?run_id=${run?.info.run_id}`);
  expect(files).toEqual([]);
}

test('a model: registered from its run in two presses, promoted with a reason, taken back, and its history', async ({
  window,
  host,
}) => {
  test.setTimeout(180_000);
  window.setDefaultTimeout(20_000);
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
  for (const name of ['Versions', 'Compare', 'Places', 'Signature', 'Card', 'Lineage', 'History']) {
    await part(name).click();
    await expect(
      window.getByRole('region', {
        name: /^(Versions|Versions side by side|Places|Signatures|Text|Lineage|History)$/,
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
  expect(await axeFindings(window, 'main'), 'approval').toEqual([]);
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
  expect(await axeFindings(window, 'main'), 'places').toEqual([]);
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
  let line = await startLossyLine({ from: port, to: team.port, loss: 0.3, seed: 22 });
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
    await line.close();
    line = await startLossyLine({ from: port, to: team.port, loss: 0, seed: 1 });
    await lookAtTargets(window, join(host.home, 'share'));
    await settleConflict(window, `http://127.0.0.1:${team.port}`);
    await pullFromTeam(window);
    await pushWithoutFiles(window, host, project, `http://127.0.0.1:${team.port}`);
  } finally {
    await line.close();
    await team.stop();
  }
});
