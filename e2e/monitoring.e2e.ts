import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { axeFindings } from './axe-findings.ts';
import { expect, test } from './fixtures.ts';

test.setTimeout(120_000);

/** Answers of a model of three classes: which class a row is of goes by its probabilities, or, where they are worth nothing, by its number. */
function answers(rows: number, { worth, withLabels }: { worth: boolean; withLabels: boolean }) {
  const classes = ['bus', 'car', 'walk'];
  const made = Array.from({ length: rows }, (_, row) => {
    const sure = 0.4 + ((row * 37) % 59) / 100;
    const told = row % 3;
    const isRight = ((row * 61) % 97) / 97 < sure;
    const label = worth ? (isRight ? told : (told + 1 + (row % 2)) % 3) : (row * 7 + (row >> 3)) % 3;
    const shares = classes.map((_name, at) => (at === told ? sure : (1 - sure) / 2).toFixed(4));
    return { id: `n${row}`, line: [(row * 17) % 101, ...shares].join(','), label: classes[label] ?? '' };
  });
  const head = `id,distance,p_bus,p_car,p_walk${withLabels ? ',way' : ''}`;
  return {
    table: `${[head, ...made.map(({ id, line, label }) => `${id},${line}${withLabels ? `,${label}` : ''}`)].join('\n')}\n`,
    labels: `${['id,way', ...made.map(({ id, label }) => `${id},${label}`)].join('\n')}\n`,
  };
}

test('a model of several classes is watched from the window: its labels come later, and then it is told to suffer', async ({
  window,
  host,
  context,
}) => {
  await context.grantPermissions(['notifications']);
  // What the system would show, and a window that nobody looks at.
  await window.addInitScript(() => {
    const told: string[] = [];
    class Told extends EventTarget {
      static readonly permission = 'granted';
      static readonly requestPermission = () => Promise.resolve('granted');
      constructor(title: string, { body }: { body: string }) {
        super();
        told.push(`${title} | ${body}`);
      }
    }
    Object.assign(globalThis, { Notification: Told, told });
    document.hasFocus = () => false;
  });
  await window.goto('about:blank');
  await window.goto(host.url());
  await window.getByRole('button', { name: 'Open the sample project' }).click();
  await expect(window.getByRole('link', { name: 'Steady steps' })).toBeVisible();
  const project = realpathSync(join(host.home, 'sample', 'flight-delays'));
  mkdirSync(join(project, 'scored'));
  const live = answers(900, { worth: false, withLabels: false });
  writeFileSync(join(project, 'known.csv'), answers(3000, { worth: true, withLabels: true }).table);
  writeFileSync(join(project, 'scored', 'january.csv'), live.table);

  await window.getByRole('button', { name: 'Notifications' }).click();
  const incidents = window.getByRole('menuitemcheckbox', { name: 'An incident that opens' });
  await expect(incidents).toHaveAttribute('aria-checked', 'false');
  await incidents.click();

  await window.getByRole('navigation', { name: 'Rooms' }).getByRole('link', { name: 'Monitoring' }).click();
  await window
    .getByRole('button', { name: /^Add a monitor/ })
    .first()
    .click();
  const dialog = window.getByRole('dialog', { name: 'Add a monitor' });
  for (const [label, value] of [
    ['Name', 'ways'],
    ['What is watched', 'scored'],
    ['Reference', 'known.csv'],
    ['Column of probabilities', 'bus=p_bus, car=p_car, walk=p_walk'],
    ['Column of labels', 'way'],
    ['Labels that come later', 'ways.csv'],
    ['Column of ids', 'id'],
  ] as const)
    await dialog.getByLabel(label, { exact: true }).fill(value);
  expect(await axeFindings(window), 'the dialog').toEqual([]);
  await dialog.getByRole('button', { name: 'Add and run' }).click();
  await expect(window.getByText(/^None of 1 chunk alarms/)).toBeVisible({ timeout: 30_000 });
  const chunk = window.getByRole('row', { name: /^january quiet 900/ });
  await expect(chunk.getByRole('cell', { name: '0 %, not yet due' })).toBeVisible();
  await expect(window.getByText(/no label says yet how it is now/)).toBeVisible();

  writeFileSync(join(project, 'ways.csv'), live.labels);
  await window.getByRole('button', { name: 'Run now' }).click();
  await expect(window.getByText(/The model suffers in january\./)).toBeVisible({ timeout: 30_000 });
  await expect(window.getByRole('row', { name: /^january alarm 900/ }).getByText('100 %')).toBeVisible();
  await expect(window.getByRole('img', { name: /^Probability that was told/ })).toBeVisible();
  await expect(window.getByText(/now, by 900 labels/)).toBeVisible();
  await expect
    .poll(() => window.evaluate(() => (globalThis as { told?: string[] }).told))
    .toEqual([
      expect.stringMatching(/^ways: the model suffers \| january: no input moved; the model suffers/),
    ]);
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme });
    await window.screenshot({ path: `/tmp/drift/shot-${colorScheme}.png`, fullPage: true });
    expect(await axeFindings(window), `the model, ${colorScheme}`).toEqual([]);
  }
});
