import { useMemo, useState } from 'react';
import type { Run } from '../../../contract/index.ts';
import {
  SeriesChart,
  type ChartAxis,
  type ChartSeries,
  type Crosshair,
  type Range,
} from '../../ui/series-chart/index.ts';
import { useSeries } from './use-series.ts';

interface MetricChartProps {
  readonly metric: string;
  readonly runs: readonly Run[];
  readonly colours: ReadonlyMap<string, number>;
  readonly axis: ChartAxis;
  readonly height: number;
  readonly cursor: Crosshair;
  readonly smoothing?: number;
}

const points = 1000;

/** One metric of several runs as curves. A zoom asks the engine for the range again, so that detail appears. */
export function MetricChart({
  metric,
  runs,
  colours,
  axis,
  height,
  cursor,
  smoothing = 0,
}: MetricChartProps) {
  const [range, setRange] = useState<Range | null>(null);
  const runIds = useMemo(
    () => runs.filter((run) => run.metrics[metric] !== undefined).map((run) => run.id),
    [runs, metric],
  );
  const keys = useMemo(() => [metric], [metric]);
  const whole = useSeries({ runIds, keys, points });
  // Running time differs from run to run, so a range of it cannot be asked of all runs at once.
  const isZoomed = range !== null && axis !== 'running-time';
  const zoomed = useSeries(
    { runIds, keys, points, axis: axis === 'step' ? 'step' : 'time', from: range?.[0], to: range?.[1] },
    isZoomed,
  );
  const views = isZoomed && zoomed.data !== undefined && !zoomed.isPlaceholderData ? zoomed.data : whole.data;
  const series = useMemo(
    () =>
      (views ?? []).flatMap((view): ChartSeries[] => {
        const run = runs.find((each) => each.id === view.runId);
        if (run === undefined || view.key !== metric) return [];
        return [
          {
            id: run.id,
            label: run.name,
            colourIndex: colours.get(run.id) ?? 0,
            steps: view.steps,
            times: view.times,
            values: view.values,
            isLive: run.status === 'running',
            ...(run.startedAt === null ? {} : { startedAt: run.startedAt }),
          },
        ];
      }),
    [views, runs, colours, metric],
  );
  return (
    <SeriesChart
      title={metric}
      series={series}
      axis={axis}
      height={height}
      range={range}
      onRange={setRange}
      cursor={cursor}
      smoothing={smoothing}
    />
  );
}
