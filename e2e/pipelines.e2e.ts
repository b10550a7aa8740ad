import { axeFindings } from './axe-findings.ts';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { runProgram } from './run-program.ts';

const definition = (last: string) => `stages:
  fetch:
    cmd: cp source.csv raw.csv
    deps: [source.csv]
    outs: [raw.csv]
  train:
    foreach: [small, large]
    do:
      cmd: cp raw.csv \${item}.bin; echo rate \${rate}
      deps: [raw.csv]
      params: [rate]
      outs: ["\${item}.bin"]
  choose:
    cmd: ${last}
    deps: [small.bin, large.bin]
    outs: [best.bin]
`;

test('a pipeline: a mistake is told, what has to run and why, a run over time, cancelled and gone on with', async ({
  window,
  host,
}) => {
  test.setTimeout(120_000);
  const project = join(host.home, 'project');
  mkdirSync(project);
  const write = (name: string, text: string) => writeFileSync(join(project, name), text);
  write('source.csv', 'id,x\n1,2\n');
  write('params.yaml', 'rate: 0.1\n');
  write(
    'benchtop.yaml',
    definition('cat *.bin > best.bin').replace('deps: [source.csv]', 'dep: [source.csv]'),
  );
  await expect(window.getByRole('button', { name: 'Open the sample project' })).toBeVisible();
  await window.keyboard.press('Control+o');
  const folder = window.getByRole('dialog', { name: 'Open a folder' });
  await folder.getByRole('textbox').first().fill(project);
  await folder.getByRole('button', { name: /^Open/ }).click();
  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Pipelines' }).click();
  await expect(window.getByText('benchtop.yaml:4:5')).toBeVisible();
  await expect(window.getByRole('button', { name: 'Run pipeline' })).toBeDisabled();

  // Mended: what has no result has to run, and the plan says so before it begins.
  write('benchtop.yaml', definition('cat *.bin > best.bin'));
  await window.reload();
  const stage = (name: RegExp) => window.getByRole('treeitem', { name });
  await expect(stage(/^fetch no result yet, stale/)).toBeVisible();
  await window.getByRole('button', { name: 'Run pipeline' }).click();
  const plan = window.getByRole('dialog', { name: 'Run the pipeline' });
  await expect(plan.getByRole('row')).toHaveCount(5);
  await plan.getByRole('button', { name: 'Run 4 stages' }).click();
  await expect(window.getByRole('heading', { level: 1 })).toHaveText(/^Execution /);
  const bars = window.getByRole('grid', { name: 'Stages over time' });
  await expect(bars.getByRole('row', { name: /^choose, finished, .*on the critical path/ })).toBeVisible({
    timeout: 60_000,
  });
  await bars.getByRole('row', { name: /^train@small, finished/ }).click();
  await expect(window.getByRole('log')).toContainText('rate 0.1');
  expect(await axeFindings(window, 'main'), 'execution').toEqual([]);

  // Nothing to do; then each edit is a reason, and the difference is one click away.
  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Pipelines' }).click();
  await expect(stage(/^choose, up-to-date/)).toBeVisible();
  write('params.yaml', 'rate: 0.2\n');
  write('source.csv', 'id,x\n1,2\n2,5\n');
  await window.reload();
  await stage(/^fetch source.csv changed, stale/).click();
  const told = window.getByRole('complementary', { name: 'Stage fetch' });
  await told.getByRole('button', { name: 'Difference…' }).click();
  const difference = window.getByRole('dialog', { name: 'source.csv, before and now' });
  await expect(difference.getByRole('row', { name: 'added 2 5' })).toBeVisible({ timeout: 20_000 });
  await window.keyboard.press('Escape');
  // Along the arrows by key, and the group folded into one.
  await window.getByRole('application').focus();
  await window.keyboard.press('ArrowRight');
  const train = window.getByRole('complementary', { name: /^Stage train@/ });
  await expect(train.getByText('rate 0.1 → 0.2')).toBeVisible();
  expect(await axeFindings(window, 'main'), 'stage').toEqual([]);
  await window.keyboard.press('g');
  await expect(stage(/^train × 2, stale, 2 stale/)).toBeVisible();
  await expect(window.getByRole('treeitem')).toHaveCount(3);
  await expect(window).toHaveURL(/stage=train/);

  // One stage up to here; cancelled where it is, and gone on with from there.
  write('benchtop.yaml', definition('test -f go || sleep 300; cat *.bin > best.bin'));
  await window.reload();
  await stage(/^choose .*, stale/).click();
  await window
    .getByRole('complementary', { name: 'Stage choose' })
    .getByRole('button', { name: 'Run…' })
    .click();
  await window.getByRole('menuitem', { name: 'Up to here' }).click();
  await window
    .getByRole('dialog', { name: 'Run choose' })
    .getByRole('button', { name: 'Run 4 stages' })
    .click();
  await expect(stage(/^choose .*, running/)).toBeVisible({ timeout: 60_000 });
  await window.getByRole('link', { name: 'Watch it' }).click();
  await window.getByRole('button', { name: 'Cancel' }).click();
  await expect(bars.getByRole('row', { name: /^choose, killed/ })).toBeVisible({ timeout: 20_000 });
  write('go', '');
  await window.getByRole('button', { name: 'Resume' }).click();
  await expect(bars.getByRole('row', { name: /^choose, finished/ })).toBeVisible({ timeout: 30_000 });
  await window.getByRole('link', { name: 'Executions' }).click();
  await expect(window.getByRole('region', { name: 'Executions' }).getByRole('row')).toHaveCount(3);

  // What starts it by itself: the next times are told as the schedule is written, and a start records its cause.
  await window.getByRole('link', { name: 'Triggers' }).click();
  await window.getByRole('button', { name: 'Add a trigger' }).click();
  const form = window.getByRole('dialog', { name: 'Add a trigger' });
  await form.getByLabel('Minute, hour, day, month, weekday').fill('61 3 * * *');
  await expect(form.getByText(/61/).last()).toBeVisible();
  await form.getByLabel('Minute, hour, day, month, weekday').fill('0 3 * * 1-5');
  await expect(form.getByRole('list', { name: 'Next times' }).getByRole('listitem')).toHaveCount(5);
  expect(await axeFindings(window, 'main'), 'trigger').toEqual([]);
  await form.getByRole('button', { name: 'Add', exact: true }).click();
  const triggers = window.getByRole('region', { name: 'Triggers' });
  await triggers.getByRole('button', { name: 'Run now: nightly' }).click();
  const started = triggers.getByRole('row', { name: /nightly started/ });
  await expect(started).toBeVisible({ timeout: 20_000 });
  expect(await axeFindings(window, 'main'), 'triggers').toEqual([]);
  await triggers.getByRole('button', { name: 'Remove nightly' }).click();
  await expect(triggers.getByText('Nothing starts this pipeline by itself')).toBeVisible();
  await window.getByRole('button', { name: 'Undo' }).click();
  await expect(started).toBeVisible();

  // So many stages that they are placed beside the page, by a worker.
  const many = Array.from(
    { length: 1100 },
    (_, at) => `  s${at}:\n    cmd: 'true'\n    deps: [o${at - 1}]\n    outs: [o${at}]`,
  );
  write('benchtop.yaml', `stages:\n${many.join('\n')}\n`.replace('deps: [o-1]', 'deps: [source.csv]'));
  await window.getByRole('link', { name: 'Graph' }).click();
  await window.reload();
  await expect(window.getByRole('application', { name: /^Graph of 1100 stages/ })).toBeVisible({
    timeout: 20_000,
  });

  // Without a definition one is proposed, from what the runs read and wrote.
  rmSync(join(project, 'benchtop.yaml'));
  runProgram(host.home, project, 'split.mjs', `writeFileSync('part.csv', readFileSync('source.csv'));`);
  runProgram(
    host.home,
    project,
    'count.mjs',
    `writeFileSync('count.json', String(readFileSync('part.csv').length));`,
  );
  await window.reload();
  const proposed = window.getByRole('region', { name: 'Proposed pipeline' });
  await expect(proposed.getByRole('heading', { level: 2 })).toContainText('Your runs look like a pipeline');
  expect(await axeFindings(window, 'main'), 'proposal').toEqual([]);
});
