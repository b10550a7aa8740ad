import type { Page } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, type Host } from './fixtures.ts';
import { runProgram } from './run-program.ts';
import { recordTwoRuns } from './two-runs.ts';

const folder = fileURLToPath(new URL('../docs/pictures/', import.meta.url));
const program = fileURLToPath(new URL('../out/app/benchtop.mjs', import.meta.url));
test.setTimeout(240_000);

/** Loads what is asked for on a visit, and lets the last frame be drawn. */
async function settled(window: Page): Promise<void> {
  await expect(window.getByRole('status', { name: /loading/i })).toHaveCount(0);
  await window.waitForTimeout(400);
}

/** Shows the folder of this test, which is gone after it and has another name each time, as a person's own. */
const showHome = (window: Page, home: string) =>
  window.evaluate(
    ([from, to]) => {
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let text = texts.nextNode(); text !== null; text = texts.nextNode())
        if (text.nodeValue?.includes(from) === true) text.nodeValue = text.nodeValue.replaceAll(from, to);
      for (const field of document.querySelectorAll('input')) {
        if (field.value.includes(from)) field.value = field.value.replaceAll(from, to);
        if (field.placeholder.includes(from)) field.placeholder = field.placeholder.replaceAll(from, to);
      }
    },
    [home, '/home/ada'] as const,
  );

const go = (window: Page, room: string) =>
  window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: room }).click();

/** More runs than a laptop has slots. They end with the test's home. */
function startInQueue(home: string): void {
  const project = join(home, 'sweep');
  mkdirSync(project);
  for (let at = 1; at <= 4; at++) {
    const started = ['run', '--home', home, '--project', project, '--name', `nightly sweep ${at}`, '--queue'];
    execFileSync(process.execPath, [program, ...started, '--', 'sleep', '20'], { stdio: 'ignore' });
  }
}

/** Records a run that computes and fills memory in waves for a quarter of a minute. Returns the path of its page. */
function busyRun(home: string): string {
  const project = join(home, 'waves');
  mkdirSync(project);
  const waves = `
    const held = [];
    for (let second = 0; second < 15; second++) {
      const until = performance.now() + 250 + 500 * Math.abs(Math.sin(second / 2));
      while (performance.now() < until) Math.sqrt(until);
      held.push(Buffer.alloc(24e6 * (1 + (second % 3)), 1));
      if (second % 6 === 5) held.length = 1;
      console.log('step=' + second + ' loss=' + 1 / (second + 1));
      await new Promise((resolve) => setTimeout(resolve, 250));
    }`;
  const words = ['run', '--home', home, '--project', project, '--name', 'waves', '--json', '--'];
  const command = ['node', '--input-type=module', '--eval', waves];
  const told = execFileSync(process.execPath, [program, ...words, ...command], { encoding: 'utf8' });
  const { id, projectId } = JSON.parse(told) as { id: string; projectId: string };
  return `/projects/${projectId}/runs/${id}`;
}

/** A pipeline as runs propose it, an execution of it, what starts it by itself, and a model that came out of it. */
async function picturesOfWork(
  window: Page,
  host: Host,
  picture: (name: string) => Promise<void>,
): Promise<void> {
  const project = join(host.home, 'work');
  mkdirSync(project);
  writeFileSync(join(project, 'raw.csv'), 'x,y\n1,0\n');
  // Held open for a while: what a program has open for a blink is not seen, and a proposal lacks it.
  const train = (accuracy: number) =>
    `openSync('clean.csv', 'r');\nawait new Promise((resolve) => setTimeout(resolve, 500));\nwriteFileSync('model.json', '{"accuracy": ${accuracy}}');\nconsole.log('accuracy=${accuracy}');`;
  const { projectId } = runProgram(
    host.home,
    project,
    'clean.mjs',
    `writeFileSync('clean.csv', readFileSync('raw.csv'));`,
  );
  const runs = [0.81, 0.87].map((accuracy) => runProgram(host.home, project, 'train.mjs', train(accuracy)));
  const root = `/projects/${projectId}`;
  await window.goto(host.url(`${root}/pipelines`));
  await picture('pipeline-proposal');
  await window.getByRole('button', { name: /^Save/ }).click();
  await window.getByRole('button', { name: 'Run pipeline' }).click();
  await window
    .getByRole('dialog')
    .getByRole('button', { name: /^Run \d/ })
    .click();
  await expect(window.getByRole('row', { name: /^train, finished/ })).toBeVisible({ timeout: 60_000 });
  await picture('pipeline-execution');
  await window.goto(host.url(`${root}/pipelines/triggers`));
  await window.getByRole('button', { name: 'Add a trigger' }).click();
  await window.getByRole('button', { name: 'Add', exact: true }).click();
  await window.getByRole('button', { name: 'Run now: nightly' }).click();
  await expect(window.getByRole('row', { name: /nightly started/ })).toBeVisible({ timeout: 20_000 });
  await picture('pipeline-triggers');
  for (const { id } of runs) {
    await window.goto(host.url(`${root}/runs/${id}/artifacts`));
    await window
      .getByRole('button', { name: /^Register…/ })
      .first()
      .click();
    await window.getByRole('dialog').getByLabel('As').fill('late flights');
    await window.getByRole('button', { name: 'Register', exact: true }).click();
    await expect(window.getByRole('heading', { level: 1, name: 'late flights' })).toBeVisible();
    await window.getByRole('button', { name: 'Promote… version', exact: false }).first().click();
    await window.getByRole('dialog').getByLabel('Why').fill('better on the month held out');
    await window.getByRole('button', { name: 'Make it the champion' }).click();
    await expect(window.getByRole('dialog')).toBeHidden();
  }
  await picture('model');
  await window.goto(host.url(`${root}/models/late%20flights/approve/1`));
  await window.getByRole('button', { name: 'Judge it', exact: true }).first().click();
  await expect(window.getByRole('region', { name: 'Checks' })).toBeVisible();
  await expect(window.getByRole('button', { name: 'Ask for production' })).toBeVisible();
  await picture('approval');
  await window.goto(host.url(`${root}/models/late%20flights/places`));
  await expect(window.getByRole('row', { name: /^model/ })).toBeVisible();
  await picture('model-places');
  await window
    .getByRole('navigation', { name: 'Parts of the model' })
    .getByRole('link', { name: 'History' })
    .click();
  await expect(window.getByText(/^Whole:/)).toBeVisible();
  await picture('model-history');
}

/** What watches the sample's data, and the columns of one of its tables. */
async function picturesOfData(window: Page, picture: (name: string) => Promise<void>): Promise<void> {
  await window.getByRole('button', { name: 'Watch the sample’s flights and weather' }).click();
  await expect(window.getByText(/^12 of 12 chunks alarm/)).toBeVisible({ timeout: 60_000 });
  await picture('monitor');
  await window.getByRole('button', { name: /^arr_delay in 2013-09: / }).click();
  await expect(window.getByRole('complementary', { name: 'Column arr_delay' })).toBeVisible();
  await picture('monitor-column');
  await window.getByRole('link', { name: 'All monitors' }).click();
  await expect(window.getByRole('row', { name: /Weather by month .*12 of 12/ })).toBeVisible({
    timeout: 60_000,
  });
  await picture('monitoring');
  await go(window, 'Data');
  await window
    .getByRole('row', { name: /flights/ })
    .getByRole('button', { name: 'Record' })
    .click();
  await window.getByRole('link', { name: /flights\.csv/ }).click();
  await expect(window.getByRole('region', { name: 'Columns summed up' })).toBeVisible({ timeout: 60_000 });
  await picture('table');
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every page, ${colorScheme}`, async ({ window, host }) => {
    await window.setViewportSize({ width: 1280, height: 800 });
    await window.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const picture = async (name: string) => {
      await settled(window);
      await showHome(window, host.home);
      await window.screenshot({ path: `${folder}${name}-${colorScheme}.png` });
    };
    await picture('first-run');
    await window.getByRole('button', { name: 'Open the sample project' }).click();
    await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
    await picture('home');
    for (const room of ['Pipelines', 'Data', 'Models']) {
      await go(window, room);
      await expect(window.getByRole('heading', { level: 1, name: room })).toBeVisible();
      if (room === 'Pipelines') await window.getByRole('treeitem', { name: /^train/ }).click();
      await picture(room.toLowerCase());
    }
    await go(window, 'Monitoring');
    await picturesOfData(window, picture);
    await go(window, 'Runs');
    for (const name of ['Steady steps', 'Strong pull to zero', 'Quick steps', 'Small steps, stopped']) {
      await window.getByLabel(`Select ${name}`).check();
    }
    await expect(window.getByRole('figure', { name: 'loss', exact: true })).toBeVisible();
    await window.getByRole('grid', { name: 'Runs' }).focus();
    await picture('runs');
    await window.keyboard.press('c');
    await expect(window.getByRole('heading', { level: 1, name: /compare/i })).toBeVisible();
    await picture('compare');
    await go(window, 'Runs');

    await window.getByRole('button', { name: 'Steady steps', exact: true }).click();
    await picture('run-overview');
    for (const part of ['Charts', 'Logs', 'Artifacts', 'Environment']) {
      await window
        .getByRole('navigation', { name: 'Parts of the run' })
        .getByRole('link', { name: part })
        .click();
      await picture(`run-${part.toLowerCase()}`);
    }
    await go(window, 'Runs');
    await window.getByRole('button', { name: 'Far too large steps', exact: true }).click();
    await expect(window.getByRole('region', { name: 'How it ended' })).toContainText('FloatingPointError');
    await picture('run-failed');
    await window.keyboard.press('Control+k');
    await expect(window.getByRole('textbox', { name: 'Search and commands' })).toBeVisible();
    await picture('palette');
    await window.keyboard.press('Escape');

    await window.goto(host.url('/sql'));
    await window
      .getByRole('textbox', { name: 'Query' })
      .fill('SELECT name, status, duration_s FROM runs ORDER BY started_at DESC');
    await window.getByRole('button', { name: 'Run', exact: true }).click();
    await picture('sql');
    await window.goto(host.url('/bin'));
    await picture('bin');
    await window.goto(host.url('/storage'));
    await expect(window.getByRole('region', { name: 'Unused files' })).toBeVisible();
    await picture('storage');
    await window.goto(host.url(`${busyRun(host.home)}/system`));
    await expect(window.getByRole('figure', { name: /^system.machine_memory/ })).toBeVisible();
    await picture('run-system');
    const { first, second, projectId } = recordTwoRuns(host.home);
    const runs = `/projects/${projectId}/runs`;
    await window.goto(host.url(`${runs}/${second}`));
    await expect(window.getByRole('region', { name: 'What changed' })).toContainText('1 changed');
    await picture('run-what-changed');
    await window.goto(host.url(`${runs}/${second}/code`));
    await expect(window.getByRole('navigation', { name: 'Files' })).toBeVisible();
    await picture('run-code');
    await window.goto(host.url(`${runs}/${second}/data`));
    await expect(window.getByRole('link', { name: 'data', exact: true }).first()).toBeVisible();
    await picture('run-data');
    await window.goto(host.url(`${runs}/${first}/reproduce`));
    await window.getByRole('button', { name: 'Reproduce' }).click();
    await expect(window.getByRole('article')).toContainText('identical', { timeout: 60_000 });
    await picture('run-reproduce');
    await picturesOfWork(window, host, picture);
    await window.goto(host.url('/outbox/targets'));
    await window
      .getByRole('button', { name: /target/ })
      .first()
      .click();
    await picture('outbox-target');
    startInQueue(host.home);
    await window.goto(host.url('/queue'));
    await expect(window.getByRole('row', { name: /nightly sweep 4/ })).toBeVisible();
    await picture('queue');
  });
}
