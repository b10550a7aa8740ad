import { describe, expect, it } from 'vitest';
import { nearestLine, sampleAt } from './nearest-line.ts';
import { plotLine } from './plot-line.ts';
import type { PlotScale } from './plot-scale.ts';

const scale: PlotScale = {
  left: 0,
  top: 0,
  width: 1000,
  height: 100,
  x: [0, 1000],
  y: [0, 100],
  yKind: 'linear',
};
const line = (id: string, valueAt: (step: number) => number, count = 1001) => {
  const steps = Float64Array.from({ length: count }, (_, at) => at);
  return plotLine(
    { id, label: id, colourIndex: 0, steps, times: steps, values: steps.map(valueAt) },
    'step',
    0,
  );
};

describe('the nearest line', () => {
  it('is the one drawn nearest to the pointer among a hundred', () => {
    const lines = Array.from({ length: 100 }, (_, at) => line(`run-${at}`, () => at));
    expect(nearestLine(lines, scale, 500, 100 - 41.2)).toMatchObject({ line: 41, at: 500 });
  });

  it('names the tip of a one-step spike', () => {
    const lines = [line('flat', () => 50), line('spiked', (step) => (step === 617 ? 95 : 10))];
    expect(nearestLine(lines, scale, 619, 8)).toMatchObject({ line: 1, at: 617 });
  });

  it('counts a steep flank between two samples', () => {
    const sparse = plotLine(
      {
        id: 'a',
        label: 'a',
        colourIndex: 0,
        steps: Float64Array.of(0, 1000),
        times: new Float64Array(2),
        values: Float64Array.of(0, 100),
      },
      'step',
      0,
    );
    expect(nearestLine([line('low', () => 10), sparse], scale, 400, 62)).toMatchObject({ line: 1, at: 0 });
  });

  it('never names a sample without a place', () => {
    const broken = line('a', (step) => (step % 2 === 0 ? Number.NaN : 50));
    expect(nearestLine([broken], scale, 500, 50)?.at).toSatisfy((at: number) => at % 2 === 1);
    expect(nearestLine([line('b', () => Number.NaN)], scale, 500, 50)).toBeNull();
    expect(sampleAt([broken], 0, scale, 500)?.at).toSatisfy((at: number) => at % 2 === 1);
  });
});
