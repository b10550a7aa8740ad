import { describe, expect, it } from 'vitest';
import { chartCsv } from './chart-csv.ts';
import { chartSvg, pathData } from './chart-svg.ts';
import { tableRows } from './chart-table.tsx';
import { plotLayout } from './plot-layout.ts';
import { plotLine } from './plot-line.ts';
import type { PlotScale } from './plot-scale.ts';
import { chartNeutrals, runColours } from './run-colours.ts';

const scale: PlotScale = { left: 0, top: 14, width: 100, height: 50, x: [0, 2], y: [0, 5], yKind: 'linear' };
const line = plotLine(
  {
    id: 'a',
    label: 'lr=0.1, "wide" <b>',
    colourIndex: 0,
    steps: Float64Array.of(0, 1, 2),
    times: Float64Array.of(0, 1000, Number.NaN),
    values: Float64Array.of(1, Number.NaN, 0.1 + 0.2),
  },
  'step',
  0,
);

describe('what leaves the chart', () => {
  it('CSV holds every point exactly, quoted by RFC 4180', () => {
    expect(chartCsv([line])).toBe(
      'line,step,time,value\r\n' +
        '"lr=0.1, ""wide"" <b>",0,1970-01-01T00:00:00.000Z,1\r\n' +
        '"lr=0.1, ""wide"" <b>",1,1970-01-01T00:00:01.000Z,NaN\r\n' +
        '"lr=0.1, ""wide"" <b>",2,,0.30000000000000004\r\n',
    );
  });

  it('SVG is well formed, escapes names, and carries title and notes', () => {
    const layout = plotLayout({
      width: 160,
      height: 90,
      gutter: 56,
      x: [0, 2],
      y: [0, 5],
      yKind: 'linear',
      axis: 'step',
      hasNonFinite: false,
    });
    const neutrals = Object.fromEntries(
      Object.entries(chartNeutrals).map(([name, pair]) => [name, pair[0]]),
    ) as never;
    const colours = { lines: runColours.map((pair) => pair[0]), neutrals };
    const svg = chartSvg({
      title: 'a < b',
      unit: undefined,
      lines: [line, { ...line, id: 'b' }],
      layout,
      scale,
      colours,
      notes: ['1 NaN, 1'],
    });
    const parsed = new DOMParser().parseFromString(svg, 'image/svg+xml');
    expect(parsed.querySelector('parsererror')).toBeNull();
    expect([...parsed.querySelectorAll('text')].map((text) => text.textContent)).toEqual(
      expect.arrayContaining(['a < b', '1 NaN, 1', '— lr=0.1, "wide" <b>']),
    );
    expect(svg).toContain(runColours[0][0]);
  });

  it('a path breaks at what is not finite and keeps a spike among many points', () => {
    expect(pathData(line, line.ys, scale)).toBe('M0 54M100 61');
    const xs = Float64Array.from({ length: 100_000 }, (_, at) => at / 50_000);
    const spiked = xs.map((_, at) => (at === 61_700 ? 5 : 1));
    const path = pathData({ ...line, xs }, spiked, scale);
    expect(path.length).toBeLessThan(4000);
    expect(path).toContain(' 14');
  });

  it('the table counts all points and holds the first of them', () => {
    expect(tableRows([line, line], [0, 1], 3)).toMatchObject({
      total: 4,
      rows: [{ at: 0 }, { at: 1 }, { at: 0 }],
    });
  });
});
