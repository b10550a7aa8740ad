import { MantineProvider } from '@mantine/core';
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ChartAxis, ChartSeries, Range } from './chart-series.ts';
import { SeriesChart, type SeriesChartProps } from './series-chart.tsx';
import { Sparkline } from './sparkline.tsx';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
const undo: (() => void)[] = [];
afterEach(() => {
  for (const each of undo.splice(0)) each();
});

function render(element: React.ReactNode): HTMLElement {
  const container = document.createElement('div');
  document.body.append(container);
  const root = createRoot(container);
  act(() => root.render(<MantineProvider env="test">{element}</MantineProvider>));
  undo.push(() => {
    act(() => root.unmount());
    container.remove();
  });
  return container;
}

function seriesOf(id: string, values: number[]): ChartSeries {
  const steps = Float64Array.from(values, (_, at) => at);
  return { id, label: id, colourIndex: 0, steps, times: steps, values: Float64Array.from(values) };
}

const chart = (props: Partial<SeriesChartProps>) => (
  <SeriesChart title="loss" unit="nats" series={[]} axis="step" height={200} {...props} />
);

describe('the chart as a document', () => {
  it('is a named figure whose picture is described in words', () => {
    const page = render(chart({ series: [seriesOf('sunny', [3, 1, Number.NaN])] }));
    expect(page.querySelector('figure')?.getAttribute('aria-label')).toBe('loss, nats');
    expect(page.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
      'loss in nats by step, 0 to 2, one line. sunny: last NaN, least 1, greatest 3.',
    );
    expect(page.querySelector('li')?.textContent).toBe('1 NaN, 2');
    expect(page.querySelector('button')?.getAttribute('aria-label')).toBe('Chart menu: loss');
  });

  it('says so where there is nothing yet', () => {
    expect(render(chart({})).textContent).toContain('No points yet');
  });
});

describe('a zoom', () => {
  it('ends with its axis: a range of steps means nothing in time', () => {
    const onRange = vi.fn<(range: Range | null) => void>();
    const series = [seriesOf('sunny', [3, 1, 2])];
    const page = document.createElement('div');
    const root = createRoot(page);
    const show = (axis: ChartAxis) =>
      act(() =>
        root.render(
          <MantineProvider env="test">{chart({ series, axis, range: [0, 1], onRange })}</MantineProvider>,
        ),
      );
    show('step');
    expect(page.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('by step, 0 to 1');
    expect(onRange).not.toHaveBeenCalled();
    show('running-time');
    expect(onRange.mock.calls).toEqual([[null]]);
    expect(page.querySelector('[role=img]')?.getAttribute('aria-label')).toContain(
      'by running time, 0 ms to 2 ms',
    );
    act(() => root.unmount());
  });
});

describe('the sparkline', () => {
  it('says what it shows and draws one path', () => {
    const { steps, values } = seriesOf('a', [1, 5, 2]);
    const page = render(<Sparkline label="loss" xs={steps} values={values} />);
    expect(page.querySelector('svg')?.getAttribute('aria-label')).toBe('loss: last 2, least 1, greatest 5');
    expect(page.querySelectorAll('path')).toHaveLength(1);
  });

  it('shows one point as a dot and nothing finite as nothing', () => {
    const one = seriesOf('a', [1]);
    expect(
      render(<Sparkline label="loss" xs={one.steps} values={one.values} />)
        .querySelector('path')
        ?.getAttribute('d'),
    ).toMatch(/^M(\S+ \S+)L\1$/);
    const none = seriesOf('a', [Number.NaN]);
    const page = render(<Sparkline label="loss" xs={none.steps} values={none.values} />);
    expect(page.querySelector('svg')?.getAttribute('aria-label')).toBe('loss: no values');
  });
});
