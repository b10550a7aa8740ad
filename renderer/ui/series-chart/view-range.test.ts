import { describe, expect, it } from 'vitest';
import { beyondRange, worstBeyond } from './beyond-range.ts';
import { plotLine } from './plot-line.ts';
import type { PlotScale } from './plot-scale.ts';
import { extentOfX, extentOfY, within, yDomain, zoomAround } from './view-range.ts';
import { wholeX } from './whole-x.ts';

const line = (values: number[], smoothing = 0) => {
  const steps = Float64Array.from(values, (_, at) => at);
  return plotLine(
    { id: 'a', label: 'a', colourIndex: 2, steps, times: steps, values: Float64Array.from(values) },
    'step',
    smoothing,
  );
};

describe('ranges', () => {
  it('hold every finite value, raw ones too where the line is smoothed', () => {
    expect(extentOfY([line([1, 9, Number.NaN, Number.POSITIVE_INFINITY, 2])], [0, 4], 'linear')).toEqual([
      1, 9,
    ]);
    expect(extentOfY([line([1, 1, 100, 1, 1], 0.9)], [0, 4], 'linear')).toEqual([1, 100]);
  });

  it('count the line where it leaves the view between two points', () => {
    expect(extentOfY([line([0, 10])], [0.25, 0.75], 'linear')).toEqual([2.5, 7.5]);
  });

  it('leave out of a log axis what it cannot show', () => {
    expect(extentOfY([line([-5, 0, 0.1, 10])], [0, 3], 'log')).toEqual([0.1, 10]);
    const [low, high] = yDomain([0.1, 10], 'log');
    expect(low).toBeGreaterThan(0);
    expect(high).toBeGreaterThan(10);
  });

  it('give a constant room and never drop below nought for values that do not', () => {
    expect(yDomain([5, 5], 'linear')).toEqual([4.5, 5.5]);
    expect(yDomain([0, 0], 'linear')).toEqual([-1, 1]);
    expect(yDomain([0.01, 10], 'linear')[0]).toBe(0);
    expect(extentOfX([line([])])).toBeNull();
  });

  it('zoom around a point that keeps its place and stop at the bounds', () => {
    expect(zoomAround([0, 100], 25, 0.5)).toEqual([12.5, 62.5]);
    expect(within([-10, 40], [0, 100])).toEqual([0, 50]);
    expect(within([60, 110], [0, 100])).toEqual([50, 100]);
    expect(within([-50, 150], [0, 100])).toBeNull();
  });

  it('keep room ahead of a growing line until it is used up', () => {
    const first = wholeX(null, [0, 100], true, false);
    expect(first).toEqual([0, 108]);
    expect(wholeX(first, [0, 105], true, false)).toBe(first);
    expect(wholeX(first, [0, 109], true, false)[1]).toBeGreaterThan(109);
  });

  it('do not shrink to the columns of a zoomed view', () => {
    expect(wholeX([0, 1000], [400, 500], false, true)).toEqual([0, 1000]);
    expect(wholeX([0, 1000], [0, 500], false, false)).toEqual([0, 500]);
  });
});

describe('points beyond the drawn range', () => {
  const scale: PlotScale = { left: 0, top: 0, width: 100, height: 50, x: [0, 9], y: [0, 5], yKind: 'linear' };

  it('are gathered into carets that name the extreme', () => {
    const clusters = beyondRange([line([1, 1, 9, 14.5, 9, 1, 1, 1, -2, 1])], scale, 40);
    expect(worstBeyond(clusters, 'above')).toMatchObject({
      count: 3,
      worst: { value: 14.5, xValue: 3, colourIndex: 2 },
    });
    expect(worstBeyond(clusters, 'below')).toMatchObject({ count: 1, worst: { value: -2, xValue: 8 } });
  });

  it('are none where everything is drawn', () => {
    const clusters = beyondRange([line([1, 2, 3])], scale, 40);
    expect(clusters).toEqual([]);
    expect(worstBeyond(clusters, 'above')).toBeNull();
  });
});
