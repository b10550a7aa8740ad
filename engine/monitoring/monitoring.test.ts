import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Monitor, MonitorEvent, MonitorSettings } from '../../contract/index.ts';
import { openEngine, type OpenEngine } from '../fixture-engine.ts';
import { seededRandom } from '../statistics/index.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-monitoring-')));
const project = join(folder, 'project');
let open: OpenEngine;
let projectId = '';
beforeAll(async () => {
  mkdirSync(join(project, 'in'), { recursive: true });
  open = await openEngine(join(folder, 'home'));
  projectId = (await open.api.projects.open({ path: project })).id;
  writeFileSync(join(project, 'train.csv'), batch(7, {}));
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});

/** Rows with a fare, a class and what a model said of them. */
function batch(seed: number, { fare = 0, class: share = 0.3, said = 0 }: Record<string, number>): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: 500 }, () =>
    [
      (random.share() * 100 + fare).toFixed(3),
      random.share() < share ? 'first' : 'second',
      (random.share() + said).toFixed(4),
    ].join(','),
  );
  return `fare,class,p\n${lines.join('\n')}\n`;
}

const put = (name: string, text: string) => writeFileSync(join(project, 'in', name), text);

type Asked = Partial<MonitorSettings> & Pick<MonitorSettings, 'name'>;
const add = (asked: Asked): Promise<Monitor> =>
  open.api.monitoring.add({
    projectId,
    reference: { kind: 'file', path: 'train.csv' },
    source: { path: 'in', chunks: { by: 'file' } },
    prediction: 'p',
    ...asked,
  });

async function run(monitorId: string): Promise<Extract<MonitorEvent, { kind: 'done' }>> {
  for await (const event of open.api.monitoring.run({ monitorId })) if (event.kind === 'done') return event;
  throw new Error('The run told no outcome.');
}

test('batches are judged once, an incident is opened once, and each panel tells what is its own', async () => {
  const { api } = open;
  put('01.csv', batch(11, {}));
  put('02.csv', batch(12, { fare: 40 }));
  const { id: monitorId } = await add({ name: 'batches' });
  expect(await run(monitorId)).toMatchObject({
    judgedCount: 2,
    knownCount: 0,
    opened: [{ firstChunk: '02' }],
  });
  expect(await run(monitorId)).toMatchObject({ judgedCount: 0, knownCount: 2, opened: [] });

  put('03.csv', batch(13, { fare: 45, said: 0.5 }));
  put('04.csv', '"broken');
  put('05.csv', batch(15, {}).replace('fare,class,p', 'price,class,p'));
  expect(await run(monitorId)).toMatchObject({ judgedCount: 3, knownCount: 2, opened: [] });
  const { chunks, columns, about } = await api.monitoring.results({ monitorId });
  expect(chunks.map(({ label, verdict }) => [label, verdict])).toEqual([
    ['01', 'quiet'],
    ['02', 'alarm'],
    ['03', 'alarm'],
    ['04', 'failed'],
    ['05', 'alarm'],
  ]);
  const panels = (label: string) =>
    new Set(chunks.find((each) => each.label === label)?.alarms.map(({ panel }) => panel));
  expect(panels('02')).toEqual(new Set(['input']));
  expect(panels('03')).toEqual(new Set(['input', 'output']));
  expect(panels('04')).toEqual(new Set(['software']));
  expect(panels('05')).toEqual(new Set(['software']));
  expect(chunks.find(({ label }) => label === '05')).toMatchObject({ removed: ['fare'], added: ['price'] });
  expect(about).toMatch(/^4 of 5 chunks alarm, most of all /);
  expect(columns[0]).toMatchObject({ name: 'fare', panel: 'input', alarmCount: 2 });
  expect(columns.find(({ name }) => name === 'class')).toMatchObject({ alarmCount: 0 });
  const cell = await api.monitoring.column({ chunkId: chunks[1]!.id, name: 'fare' });
  expect(cell).toMatchObject({ verdict: 'drift', effect: { size: 'large' } });

  const [incident, ...more] = await api.monitoring.incidents({ monitorId });
  expect(more).toEqual([]);
  expect(incident).toMatchObject({ firstChunk: '02', lastChunk: '05', alarmedCount: 4, severity: 'broken' });
  put('06.csv', batch(16, {}));
  put('07.csv', batch(17, {}));
  await run(monitorId);
  expect((await api.monitoring.incidents({ monitorId }))[0]).toMatchObject({
    closedBy: 'quiet',
    quietCount: 2,
  });
});

test('other rules judge anew; what was said before opens nothing again', async () => {
  const { id: monitorId } = await add({ name: 'rules', ignored: ['fare'] });
  await run(monitorId);
  const before = await open.api.monitoring.incidents({ monitorId });
  await open.api.monitoring.change({ monitorId, change: { ignored: ['fare', 'p'] } });
  const again = await run(monitorId);
  expect(again.judgedCount).toBe(7);
  const { columns } = await open.api.monitoring.results({ monitorId });
  expect(columns.map(({ name }) => name)).not.toContain('fare');
  expect(await open.api.monitoring.incidents({ monitorId })).toHaveLength(before.length);
});

test('a note, a snooze and a close stay with the incident', async () => {
  const { api } = open;
  const { id: monitorId } = await add({ name: 'noted', quietChunks: 100 });
  await run(monitorId);
  const [{ id: incidentId } = { id: 0 }] = await api.monitoring.incidents({ monitorId, isOpen: true });
  await api.monitoring.changeIncident({ incidentId, note: 'holidays', snoozedUntil: 5e12 });
  const closed = await api.monitoring.changeIncident({ incidentId, isClosed: true });
  expect(closed).toMatchObject({ note: 'holidays', snoozedUntil: 5e12, closedBy: 'person' });
  await run(monitorId);
  expect(await api.monitoring.incidents({ monitorId, isOpen: true })).toEqual([]);
});

test('a source that cannot be read is told at the monitor, and a wrong name at once', async () => {
  const { id: monitorId } = await add({
    name: 'nowhere',
    source: { path: 'missing', chunks: { by: 'file' } },
  });
  await expect(run(monitorId)).rejects.toMatchObject({ code: 'not-found' });
  const [shown] = (await open.api.monitoring.monitors({ projectId })).filter(({ id }) => id === monitorId);
  expect(shown?.lastRun?.problem).toContain('missing');
  await expect(add({ name: 'nowhere' })).rejects.toMatchObject({ code: 'already-exists' });
  await expect(add({ name: 'wrong', schedule: { kind: 'time', cron: 'every day' } })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('a removed monitor comes back with what it found', async () => {
  const { api } = open;
  const { id: monitorId } = await add({ name: 'gone' });
  await run(monitorId);
  await api.monitoring.remove({ monitorId });
  await expect(api.monitoring.results({ monitorId })).rejects.toMatchObject({ code: 'not-found' });
  expect((await api.monitoring.incidents({})).some((each) => each.monitorId === monitorId)).toBe(false);
  await api.monitoring.restore({ monitorId });
  expect((await api.monitoring.results({ monitorId })).chunks).toHaveLength(7);
});

test('the report is one page with nothing from elsewhere, and names are text in it', async () => {
  const { id: monitorId } = await add({ name: '<b>odd</b>' });
  await run(monitorId);
  const { html } = await open.api.monitoring.report({ monitorId });
  expect(html).toContain('<h1>&lt;b&gt;odd&lt;/b&gt;</h1>');
  expect(html).not.toMatch(/<script|https?:|src=|@import/);
  expect(html).toMatch(/<h3>fare <small>0[23]<\/small><\/h3>/);
});

test('new files in its folder start it, and its incident starts a pipeline, once', async () => {
  const { api } = open;
  mkdirSync(join(project, 'watched'));
  writeFileSync(
    join(project, 'benchtop.yaml'),
    'stages:\n  retrain:\n    cmd: "true"\n    always_changed: true\n',
  );
  const { id: monitorId } = await add({
    name: 'watched',
    source: { path: 'watched', chunks: { by: 'file' } },
    schedule: { kind: 'files', path: 'watched', quietMs: 1000 },
  });
  await api.pipelines.addTrigger({
    projectId,
    name: 'retrain',
    condition: { kind: 'monitor', monitorId },
    timeZone: 'UTC',
  });
  await expect(
    api.pipelines.addTrigger({
      projectId,
      name: 'none',
      condition: { kind: 'monitor', monitorId: 'no such' },
      timeZone: 'UTC',
    }),
  ).rejects.toMatchObject({ code: 'not-found' });
  writeFileSync(join(project, 'watched/1.csv'), batch(31, { fare: 50 }));
  writeFileSync(join(project, 'watched/2.csv'), batch(32, { fare: 50 }));
  const started = () =>
    api.pipelines
      .triggerEvents({ projectId })
      .then((events) => events.filter(({ outcome }) => outcome === 'started'));
  await expect.poll(async () => (await started()).length, { timeout: 40_000, interval: 500 }).toBe(1);
  expect((await started())[0]?.cause).toMatch(/^retrain: Incident \d+: fare in [12]: /);
}, 60_000);
