import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MonitorSettings, WatchedPerformance } from '../../contract/index.ts';
import { openEngine, type OpenEngine } from '../fixture-engine.ts';
import { seededRandom } from '../statistics/index.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'benchtop-monitored-model-')));
const project = join(folder, 'project');
let open: OpenEngine;
let projectId = '';
beforeAll(async () => {
  mkdirSync(join(project, 'in'), { recursive: true });
  open = await openEngine(join(folder, 'home'));
  projectId = (await open.api.projects.open({ path: project })).id;
  writeFileSync(join(project, 'known.csv'), answers(7, { rows: 4000 }));
});
afterAll(async () => {
  await open.close();
  rmSync(folder, { recursive: true });
});

/**
 * Answers of a model whose probabilities are right.
 * @param odd is added to a column that the model does not use
 * @param honest the share of rows whose outcome goes by the probability; the others are left to chance
 * @param labelled the share of rows whose outcome is known
 * @param unsure pulls every probability to a half, so that there is less to tell apart
 */
function answers(seed: number, { rows = 500, odd = 0, honest = 1, labelled = 1, unsure = 0 }): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: rows }, () => {
    const p = 0.5 + (random.share() - 0.5) * (1 - unsure);
    const late = random.share() < (random.share() < honest ? p : 0.5);
    return [
      (random.share() + odd).toFixed(4),
      p.toFixed(4),
      random.share() < labelled ? String(Number(late)) : '',
    ].join();
  });
  return `odd,p,late\n${lines.join('\n')}\n`;
}

const watched = (more: Partial<WatchedPerformance>): WatchedPerformance => ({
  probabilities: 'p',
  label: 'late',
  positive: null,
  predictedAt: null,
  labels: null,
  ...more,
});

async function judged(batches: Record<string, string>, asked: Partial<MonitorSettings> = {}) {
  const path = `in/${Object.keys(batches).join('')}`;
  mkdirSync(join(project, path));
  for (const [name, text] of Object.entries(batches)) writeFileSync(join(project, path, name), text);
  const { id: monitorId } = await open.api.monitoring.add({
    projectId,
    name: path,
    reference: { kind: 'file', path: 'known.csv' },
    source: { path, chunks: { by: 'file' } },
    performance: watched({}),
    ...asked,
  });
  for await (const _ of open.api.monitoring.run({ monitorId }));
  return { ...(await open.api.monitoring.results({ monitorId })), monitorId };
}

test('each chunk says whether the model suffers, and by what: its inputs, or what follows from them', async () => {
  const { chunks, about, monitorId } = await judged({
    'a-same.csv': answers(11, {}),
    'b-moved.csv': answers(12, { odd: 0.5 }),
    'c-concept.csv': answers(13, { honest: 0 }),
    'd-both.csv': answers(14, { odd: 0.5, honest: 0 }),
    'e-unsure.csv': answers(15, { unsure: 0.8 }),
  });
  const told = chunks.map(({ label, performance }) => [label, performance?.verdict, performance?.cause]);
  expect(told).toEqual([
    ['a-same', 'as-before', 'none'],
    ['b-moved', 'as-before', 'data-drift'],
    ['c-concept', 'worse', 'concept-drift'],
    ['d-both', 'worse', 'both'],
    ['e-unsure', 'worse', 'data-drift'],
  ]);
  const words = chunks.map(({ performance }) => performance?.about ?? '');
  expect(words[0]).toMatch(
    /^no input moved; the model does not suffer: ROC-AUC 0\.8\d+ within 0\.\d+–0\.\d+$/,
  );
  expect(words[1]).toMatch(/^5\d % of odd moved; the model does not suffer: .* \(data drift without harm\)$/);
  expect(words[2]).toMatch(
    /^no input moved; the model suffers: .* 0\.[45]\d+, below 0\.\d+ \(concept drift: /,
  );
  expect(about).toContain('The model suffers in c-concept, d-both, e-unsure.');
  // The output moved in the last one; nothing else did.
  expect(chunks[4]?.alarms.map(({ panel }) => panel)).toEqual(['performance', 'output']);

  const [incident, ...more] = await open.api.monitoring.incidents({ monitorId });
  expect(more).toEqual([]);
  expect(incident).toMatchObject({ firstChunk: 'b-moved', lastChunk: 'e-unsure', severity: 'harm' });
  expect(incident?.evidence.filter(({ panel }) => panel === 'performance')).toHaveLength(1);
  expect(incident?.about).toMatch(/: (no input|5\d % of odd) moved; the model suffers/);
}, 60_000);

test('without labels the probabilities tell, and labels that come decide once they are all in', async () => {
  const late = answers(21, { honest: 0, labelled: 0.4 });
  const noColumn = late.replaceAll(/,[01]?$/gm, '').replace(',late', '');
  const { chunks } = await judged({ '1.csv': noColumn, '2.csv': late, '3.csv': answers(21, { honest: 0 }) });
  const shown = chunks.map(({ performance, removed, alarms }) => ({ performance, removed, alarms }));
  for (const { performance, removed, alarms } of shown.slice(0, 2)) {
    expect(removed).toEqual([]);
    expect(alarms).toEqual([]);
    expect(performance).toMatchObject({ verdict: 'as-before', labels: { isMature: false } });
    expect(performance?.about).toContain('does not suffer by its probabilities: ROC-AUC 0.8');
  }
  expect(shown[0]?.performance?.values[0]).toMatchObject({ metric: 'auc', realised: null });
  expect(shown[1]?.performance?.labels.coverage).toBeCloseTo(0.4, 1);
  expect(shown[2]?.performance).toMatchObject({ verdict: 'worse', cause: 'concept-drift' });
});

test('a chunk whose probabilities are none is broken, and the page of the report tells of the model', async () => {
  const { chunks, monitorId } = await judged({
    'bad.csv': answers(31, {}).replace(/\n[^,]+,[^,]+,/, '\n0.5,1.7,'),
    'gone.csv': answers(32, {}).replace('odd,p,', 'odd,q,'),
    'good.csv': answers(33, {}),
  });
  expect(chunks[0]).toMatchObject({ performance: null, alarms: [{ panel: 'software', column: null }] });
  expect(chunks[0]?.alarms[0]?.about).toContain('holds 1.7 in row 1, which is no probability');
  expect(chunks[1]).toMatchObject({ performance: null, removed: ['p'] });
  expect(chunks[2]).toMatchObject({ verdict: 'quiet', performance: { verdict: 'as-before' } });
  expect((await open.api.monitoring.report({ monitorId })).html).toContain('<td>as before</td>');
});

test('a reference without labels is named', async () => {
  await expect(
    judged({ 'x.csv': answers(41, {}) }, { performance: watched({ label: 'odds' }) }),
  ).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('known.csv') });
});

test('a model that cannot be asked is named, and the columns are ranked without it', async () => {
  const { monitorId, columns, importance } = await judged({ 'y.csv': answers(51, {}) }, { model: 'nobody' });
  expect(importance).toBeNull();
  expect(columns.map((column) => column.importance)).toEqual(columns.map(() => null));
  const shown = (await open.api.monitoring.monitors({ projectId })).find(({ id }) => id === monitorId);
  expect(shown?.lastRun).toMatchObject({
    problem: null,
    importanceProblem: expect.stringContaining('nobody'),
  });
});

test('labels that come later are joined by id: coverage first, then the verdict, then figures restated', async () => {
  // Answers of the first of the month, each with an id; the labels come in tables of their own.
  const rows = answers(61, { honest: 0 }).trimEnd().split('\n').slice(1);
  const told = rows.map((row, at) => `n${at},2024-01-01,${row.slice(0, row.lastIndexOf(','))}`);
  mkdirSync(join(project, 'labels'));
  const labels = (name: string, from: number, to: number, day: string, flip = false) =>
    writeFileSync(
      join(project, 'labels', name),
      `id,late,known_on\n${rows
        .slice(from, to)
        .map((row, at) => `n${from + at},${flip ? 1 - Number(row.at(-1)) : row.at(-1)},${day}`)
        .join('\n')}\n`,
    );
  const late = { path: 'labels', id: 'id', labelledAt: 'known_on', maturityMs: 30 * 86_400_000 };
  const { monitorId, chunks } = await judged(
    { 'jan.csv': `id,day,odd,p\n${told.join('\n')}\n` },
    { performance: watched({ predictedAt: 'day', labels: late }) },
  );
  expect(chunks[0]).toMatchObject({ alarms: [], performance: { labels: { coverage: 0, isMature: false } } });
  const again = async () => {
    for await (const _ of open.api.monitoring.run({ monitorId }));
    const [chunk] = (await open.api.monitoring.results({ monitorId })).chunks;
    return { chunk, incidents: await open.api.monitoring.incidents({ monitorId }) };
  };
  labels('1.csv', 0, 200, '2024-01-20');
  const early = await again();
  expect(early.incidents).toEqual([]);
  expect(early.chunk?.performance).toMatchObject({
    verdict: 'as-before',
    labels: { labelledCount: 200, coverage: 0.4, isMature: false, restatedCount: 0 },
  });
  expect(early.chunk?.performance?.values[0]?.realised).toBeLessThan(0.7);

  // Some never come: what is there when they fell due decides.
  labels('2.csv', 200, 450, '2024-01-31');
  const due = await again();
  expect(due.chunk?.performance).toMatchObject({
    verdict: 'worse',
    cause: 'concept-drift',
    labels: { coverage: 0.9, isMature: true },
  });
  expect(due.incidents).toMatchObject([{ severity: 'harm', firstChunk: 'jan', alarmedCount: 1 }]);
  const before = due.chunk?.performance?.values[1]?.realised;

  labels('3.csv', 0, 20, '2024-03-01', true);
  const restated = await again();
  expect(restated.chunk?.performance?.labels.restatedCount).toBe(20);
  expect(restated.chunk?.performance?.values[1]).toMatchObject({ metric: 'accuracy', before });
  expect(restated.chunk?.performance?.values[1]?.realised).not.toBe(before);
  expect(restated.incidents).toHaveLength(1);
  const { html } = await open.api.monitoring.report({ monitorId });
  expect(html).toContain('<td>90 %, 20 restated</td>');
  // The reference is honest; what the chunk's labels say has nothing to do with its probabilities.
  const { reference, current } = restated.chunk!.performance!.calibration;
  expect(reference.expectedError).toBeLessThan(0.05);
  expect(current).toMatchObject({ rowCount: 450 });
  expect(current.expectedError).toBeGreaterThan(0.15);
  expect(html).toContain('<h2>Calibration <small>jan</small></h2>');
  expect(html.match(/<circle class="now"/g)).toHaveLength(current.bins.length);
}, 60_000);
