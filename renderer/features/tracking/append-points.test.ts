import { expect, test } from 'vitest';
import { appendPoints } from './append-points.ts';

const points = (steps: number[]) => ({
  runId: 'r',
  key: 'loss',
  steps: Float64Array.from(steps),
  times: Float64Array.from(steps, (step) => step * 1000),
  values: Float64Array.from(steps, (step) => 1 / (step + 1)),
});

test('new points stand behind the old ones, those that were read meanwhile are taken once', () => {
  const held = [{ ...points([0, 1, 2]), pointCount: 3 }];
  const [next] = appendPoints(held, [points([1, 2, 3, 4])]);
  expect([...(next?.steps ?? [])]).toEqual([0, 1, 2, 3, 4]);
  expect(next?.pointCount).toBe(5);
  expect(held[0]?.steps.length).toBe(3);
});

test('nothing new leaves the very same object, a new metric begins a series', () => {
  const held = [{ ...points([0, 1]), pointCount: 2 }];
  expect(appendPoints(held, [points([0, 1])])[0]).toBe(held[0]);
  expect(appendPoints(held, [{ ...points([0]), key: 'auc' }]).map((view) => view.key)).toEqual([
    'loss',
    'auc',
  ]);
});
