import { expect, test } from 'vitest';
import type { Job, Run } from '../../contract/index.ts';
import { fixtureMetric, fixtureRun } from '../../contract/fixture-run.ts';
import { endedRuns, runNotice } from './run-notice.ts';
import { windowTitle } from './window-title.ts';

const metric = (last: number, count: number) => fixtureMetric(last, { count, isGuessed: true });
const run = (more: Partial<Run>): Run =>
  fixtureRun({
    name: 'train',
    endedAt: 180_000,
    gaps: [{ from: 10_000, to: 70_000, why: 'asleep' }],
    metrics: { 'system/cpu_cores': metric(1, 99), loss: metric(0.1234567, 20), final: metric(1, 1) },
    ...more,
  });

test('the end of a run is told with its outcome, its duration and what it measured', () => {
  expect(runNotice(run({}), 'all')).toEqual({
    title: 'train finished after 2 m 00 s',
    body: 'loss 0.1235 · final 1',
  });
  const failed = run({ status: 'failed', ending: 'exit code 3', metrics: {} });
  expect(runNotice(failed, 'failed')).toEqual({ title: 'train failed after 2 m 00 s', body: 'exit code 3' });
});

test('nobody is told what they do not want to hear', () => {
  expect(runNotice(run({}), 'failed')).toBeNull();
  expect(runNotice(run({ status: 'failed' }), 'none')).toBeNull();
  expect(runNotice(run({ status: 'killed' }), 'failed')).not.toBeNull();
});

const job = (runId: string, status: Job['status'], progress: number | null): Job => ({
  runId,
  status,
  progress,
  name: runId,
  projectId: null,
  startedAt: 0,
  gaps: [],
  etaAt: null,
  isEtaLearnt: false,
  isPaused: false,
  gpus: [],
  priority: 'normal',
  needs: { program: '', runCount: 0, memoryBytes: null, durationMs: null, outOfMemoryCount: 0 },
  waitsFor: null,
});

test('only what ran before and is gone has ended', () => {
  const before = [job('a', 'running', null), job('b', 'running', null), job('c', 'queued', null)];
  expect(endedRuns(before, [job('b', 'running', null)])).toEqual(['a']);
});

test('the title says how far it is', () => {
  expect(windowTitle('Runs', [], null)).toBe('Runs – Benchtop');
  expect(windowTitle('Runs', [job('a', 'running', 0.456)], null)).toBe('46 % · Runs – Benchtop');
  const two = [job('a', 'running', 0.1), job('b', 'running', 0.2), job('c', 'queued', null)];
  expect(windowTitle('Runs', two, null)).toBe('2 running · Runs – Benchtop');
  expect(windowTitle('b', two, 'b')).toBe('20 % · b – Benchtop');
});
