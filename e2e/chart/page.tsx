import '@mantine/core/styles.css';
import { MantineProvider } from '@mantine/core';
import { Profiler, useLayoutEffect, useState } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import { Line, LineChart, XAxis, YAxis } from 'recharts';
import {
  createCrosshair,
  createLivePoints,
  SeriesChart,
  Sparkline,
  type ChartSeries,
  type Range,
} from '../../renderer/ui/series-chart/index.ts';
import { seriesOf } from './data.ts';
import type { ChartPage, Scenario } from './scenario.ts';

const live = createLivePoints();
let redraw: (series: ChartSeries[]) => void = () => {};
let shown: ChartSeries[] = [];

function Page({ scenario }: { scenario: Scenario }) {
  const [series, setSeries] = useState(() => seriesOf(scenario));
  const [range, setRange] = useState<Range | null>(null);
  const [cursor] = useState(createCrosshair);
  useLayoutEffect(() => {
    redraw = setSeries;
    shown = series;
  }, [series]);
  const onRange = (next: Range | null): void => {
    page.ranges.push(next);
    setRange(next);
  };
  const chart = (title: string, unit: string) => (
    <Profiler id={title} onRender={() => page.commits++}>
      <SeriesChart
        title={title}
        unit={unit}
        series={series}
        axis={scenario.axis}
        height={scenario.height}
        yScale={scenario.yScale}
        smoothing={scenario.smoothing}
        range={range}
        onRange={onRange}
        cursor={cursor}
        live={live}
      />
    </Profiler>
  );
  const first = series[0];
  return (
    <MantineProvider forceColorScheme={scenario.theme} getStyleNonce={() => 'chart-test'}>
      <div
        style={{
          width: scenario.width,
          padding: 16,
          background: 'var(--chart-surface)',
          boxSizing: 'content-box',
        }}
      >
        <h1 style={{ font: '600 20px/28px system-ui', margin: 0, color: 'var(--chart-text)' }}>Charts</h1>
        {chart('train/loss', '')}
        {scenario.isPair && chart('val/loss', 'nats')}
        {first && <Sparkline label="train/loss" xs={first.steps} values={first.values} />}
      </div>
    </MantineProvider>
  );
}

const root = createRoot(document.getElementById('root') ?? document.body);
let shows = 0;

const page: ChartPage = {
  ranges: [],
  commits: 0,
  show(scenario) {
    document.documentElement.style.background = scenario.theme === 'dark' ? '#17191d' : '#fff';
    live.clear();
    page.ranges.length = 0;
    flushSync(() => root.render(<Page key={++shows} scenario={scenario} />));
  },
  append(steps, values) {
    const first = Float64Array.from(steps);
    live.append('run-0', {
      steps: first,
      times: first.map((step) => step * 1000),
      values: Float64Array.from(values),
    });
  },
  async frames(count, what) {
    const times: number[] = [];
    const side = what === 'strokes' ? bareStrokes() : what === 'recharts' ? rechartsLines() : null;
    if (side !== null) {
      side.draw(shown, 0);
      await frame();
    }
    let before = await frame();
    for (let round = 0; round < count; round++) {
      // New columns, same extent: the canvas redraws every line, the axes stay.
      if (what === 'redraw') redraw(shown.map((each) => ({ ...each })));
      side?.draw(shown, round + 1);
      const now = await frame();
      times.push(now - before);
      before = now;
    }
    side?.remove();
    return times;
  },
};
Object.assign(globalThis, { chartPage: page });

interface Side {
  draw(series: readonly ChartSeries[], round: number): void;
  remove(): void;
}

const sideSize = { width: 1000, height: 280 };

/** The least that drawing the lines takes: one path and one stroke a line, on a canvas without axes. */
function bareStrokes(): Side {
  const canvas = document.body.appendChild(Object.assign(document.createElement('canvas'), sideSize));
  const context = canvas.getContext('2d');
  return {
    draw(series) {
      if (context === null) return;
      context.clearRect(0, 0, sideSize.width, sideSize.height);
      context.lineWidth = 1.5;
      context.lineJoin = 'round';
      for (const { steps, values, colourIndex } of series) {
        context.strokeStyle = `hsl(${colourIndex * 37} 60% 40%)`;
        context.beginPath();
        const last = steps[steps.length - 1] ?? 1;
        for (const [at, step] of steps.entries())
          context.lineTo((step / last) * sideSize.width, sideSize.height * (1 - (values[at] ?? 0) / 5));
        context.stroke();
      }
    },
    remove: () => canvas.remove(),
  };
}

/** Recharts as its documentation draws lines: one `<Line>` a series, SVG paths, no animation. */
function rechartsLines(): Side {
  const holder = document.body.appendChild(document.createElement('div'));
  const own = createRoot(holder);
  return {
    draw(series, round) {
      const [first] = series;
      const data = Array.from(first?.steps ?? [], (step, at) => ({
        step,
        ...Object.fromEntries(series.map((each) => [each.id, each.values[at]])),
        // Something new each time, as new data would be.
        round,
      }));
      flushSync(() =>
        own.render(
          <LineChart {...sideSize} data={data}>
            <XAxis dataKey="step" type="number" />
            <YAxis />
            {series.map((each) => (
              <Line key={each.id} dataKey={each.id} dot={false} isAnimationActive={false} />
            ))}
          </LineChart>,
        ),
      );
    },
    remove() {
      own.unmount();
      holder.remove();
    },
  };
}

function frame(): Promise<number> {
  return new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
}
