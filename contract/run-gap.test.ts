import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runningMs, stillMs, type RunGap } from './run-gap.ts';

const gap = (from: number, to: number | null, why: RunGap['why'] = 'paused'): RunGap => ({ from, to, why });

test('a run has lasted as long as it was at work', () => {
  const gaps = [gap(20, 30), gap(50, 80, 'asleep')];
  expect(runningMs({ startedAt: 0, endedAt: 100, gaps }, 999)).toBe(60);
  expect(runningMs({ startedAt: 0, endedAt: null, gaps }, 90)).toBe(50);
  expect(runningMs({ startedAt: null, endedAt: null, gaps: [] }, 90)).toBeNull();
});

test('while a run is paused its duration stands still', () => {
  const run = { startedAt: 0, endedAt: null, gaps: [gap(40, null)] };
  expect([runningMs(run, 50), runningMs(run, 5000)]).toEqual([40, 40]);
});

test('a sleep within a pause counts once, and what lies outside does not count', () => {
  expect(stillMs([gap(10, 60), gap(20, 30, 'asleep')], 0, 100)).toBe(50);
  expect(stillMs([gap(20, 70, 'asleep'), gap(10, 60)], 0, 100)).toBe(60);
  expect(stillMs([gap(-10, 5), gap(90, null)], 0, 100)).toBe(15);
});

test('whatever the gaps, as many milliseconds stand still as lie in any of them', () => {
  const moment = fc.integer({ min: -20, max: 120 });
  const gaps = fc.array(
    fc.tuple(moment, fc.option(moment)).map(([one, other]) => {
      return other === null ? gap(one, null) : gap(Math.min(one, other), Math.max(one, other));
    }),
  );
  fc.assert(
    fc.property(gaps, (each) => {
      let expected = 0;
      for (let at = 0; at < 100; at++)
        if (each.some(({ from, to }) => from <= at && at < (to ?? 100))) expected++;
      expect(stillMs(each, 0, 100)).toBe(expected);
    }),
  );
});
