import { expect, test } from 'vitest';
import { fixtureMetric, fixtureRun } from '../../contract/fixture-run.ts';
import { comparableRuns } from './comparable-runs.ts';

test('the run before, and the best by a measure of held-out data', () => {
  const metrics = (train: number, val: number) => ({
    train_loss: fixtureMetric(train),
    val_loss: fixtureMetric(val),
  });
  const run = fixtureRun({ id: 'r', createdAt: 5, metrics: metrics(0.1, 0.5) });
  const others = [
    fixtureRun({ id: 'later', createdAt: 6, metrics: metrics(0.3, 0.45) }),
    fixtureRun({ id: 'before', name: 'before', createdAt: 4, metrics: metrics(0.05, 0.9) }),
    fixtureRun({ id: 'best', name: 'best', createdAt: 3, metrics: metrics(0.4, 0.3) }),
    fixtureRun({ id: 'broken', createdAt: 2, status: 'failed', metrics: metrics(0, 0) }),
  ];
  expect(comparableRuns(run, others)).toEqual({
    previous: { runId: 'before', name: 'before' },
    best: { runId: 'best', name: 'best', metric: 'val_loss', value: 0.3 },
  });
  expect(comparableRuns(run, [])).toEqual({ previous: null, best: null });
});
