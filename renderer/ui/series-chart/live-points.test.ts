import { describe, expect, it, vi } from 'vitest';
import type { ChartSeries } from './chart-series.ts';
import { withTail } from './live-lines.ts';
import { createLivePoints } from './live-points.ts';

const points = (from: number, to: number, valueAt: (step: number) => number = (step) => step) => {
  const steps = Float64Array.from({ length: to - from }, (_, at) => from + at);
  return { steps, times: steps, values: steps.map(valueAt) };
};

describe('live points', () => {
  it('are told at once, then at most ten times a second, however often they arrive', () => {
    vi.useFakeTimers();
    try {
      const live = createLivePoints();
      const listener = vi.fn<() => void>();
      live.subscribe(listener);
      for (let at = 0; at < 1000; at++) {
        live.append('a', points(at, at + 1));
        vi.advanceTimersByTime(1);
      }
      expect(listener).toHaveBeenCalledTimes(1 + 10);
      vi.advanceTimersByTime(300);
      live.append('a', points(1000, 1001));
      vi.advanceTimersByTime(1);
      expect(listener).toHaveBeenCalledTimes(1 + 10 + 1);
      live.append('a', points(1001, 1002));
      vi.advanceTimersByTime(90);
      expect(listener).toHaveBeenCalledTimes(1 + 10 + 1);
      expect(live.tail('a')?.values).toHaveLength(1002);
    } finally {
      vi.useRealTimers();
    }
  });

  it('keep a spike when a long tail is thinned', () => {
    const live = createLivePoints();
    for (let at = 0; at < 100; at++) {
      live.append(
        'a',
        points(at * 2000, (at + 1) * 2000, (step) => (step === 61_700 ? 99 : Math.sin(step))),
      );
    }
    const tail = live.tail('a');
    expect(tail?.values.length).toBeLessThanOrEqual(65_536);
    expect(tail?.values).toContain(99);
    expect(tail?.steps.every((step, at) => at === 0 || step > (tail.steps[at - 1] ?? 0))).toBe(true);
  });

  it('follow the columns of a live series without a double, and never those of a finished one', () => {
    const series: ChartSeries = { id: 'a', label: 'a', colourIndex: 0, ...points(0, 5), isLive: true };
    expect([...withTail(series, points(3, 8)).steps]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(withTail(series, points(0, 5))).toBe(series);
    const { isLive: _, ...finished } = series;
    expect(withTail(finished, points(3, 8))).toBe(finished);
  });

  it('are forgotten on request', () => {
    const live = createLivePoints();
    live.append('a', points(0, 3));
    live.clear('a');
    expect(live.tail('a')).toBeNull();
  });
});
