import { memo, useEffect, useMemo, useReducer, useState } from 'react';
import type { Run, SeriesView } from '../../../contract/index.ts';
import {
  SeriesChart,
  withTail,
  type ChartAxis,
  type ChartSeries,
  type Crosshair,
  type LivePoints,
  type Range,
  type YScaleKind,
} from '../../ui/series-chart/index.ts';
import { groupSeries, type DrawnRun, type Grouping } from './chart-groups.ts';
import { liveSeries } from './live-series.ts';
import { MeasureItems, RenameMeasureDialog } from './measure-menu.tsx';
import { ruledMeasure } from './ruled-measure.ts';
import { seriesFormat } from './series-format.ts';
import { useSeries } from './use-series.ts';

interface MetricChartProps {
  readonly metric: string;
  readonly runs: readonly Run[];
  readonly colours: ReadonlyMap<string, number>;
  readonly axis: ChartAxis;
  readonly height: number;
  readonly cursor: Crosshair;
  readonly smoothing?: number;
  readonly yScale?: YScaleKind;
  /** One line for each value of a param instead of one for each run. */
  readonly grouping?: Grouping | null;
}

const points = 1000;
/** Means of runs that go on are computed anew this often at most. */
const regroupMs = 500;

/**
 * One metric of several runs as curves. A zoom asks the engine for the range again, so that detail appears; points of runs that go
 * on come from `liveSeries` and are drawn without asking.
 */
export const MetricChart = memo(function MetricChart(props: MetricChartProps) {
  const { metric, colours, axis, height, cursor, smoothing = 0, yScale = 'linear', grouping = null } = props;
  const [range, setRange] = useState<Range | null>(null);
  const [isRenaming, setRenaming] = useState(false);
  const measure = useStable(ruledMeasure(props.runs, metric));
  const menuItems = useMemo(
    () =>
      measure === null ? undefined : <MeasureItems measure={measure} onRename={() => setRenaming(true)} />,
    [measure],
  );
  const runs = useDrawnRuns(props.runs, metric, grouping?.param);
  const runIds = useMemo(() => runs.map((run) => run.id), [runs]);
  const keys = useMemo(() => [metric], [metric]);
  const live = liveSeries(metric);
  const whole = useSeries({ runIds, keys, points });
  // Running time differs from run to run, so a range of it cannot be asked of all runs at once.
  const isZoomed = range !== null && axis !== 'running-time';
  const zoomed = useSeries(
    { runIds, keys, points, axis: axis === 'step' ? 'step' : 'time', from: range?.[0], to: range?.[1] },
    isZoomed,
  );
  const isFiner = isZoomed && zoomed.data !== undefined && !zoomed.isPlaceholderData;
  const views = isFiner ? zoomed.data : whole.data;
  const isGrowing = grouping !== null && !isFiner && runs.some((run) => run.isGoingOn);
  const growth = useGrowth(live, isGrowing);
  const { format, unit } = seriesFormat(metric);
  const series = useMemo(() => {
    const own = (views ?? none).filter((view) => view.key === metric);
    if (grouping !== null) {
      const grown = isGrowing
        ? own.map((view) => ({ ...view, ...withTail({ ...bare, ...view }, live.tail(view.runId)) }))
        : own;
      return groupSeries(grown, runs, grouping.band, axis).map((each) => ({ ...each, format }));
    }
    return own.flatMap((view): ChartSeries[] => {
      const run = runs.find((each) => each.id === view.runId);
      if (run === undefined) return [];
      return [
        {
          id: run.id,
          label: run.name,
          colourIndex: colours.get(run.id) ?? 0,
          steps: view.steps,
          times: view.times,
          values: view.values,
          format,
          // A zoomed chart's columns end before what comes next.
          isLive: run.isGoingOn && !isFiner,
          gaps: run.gaps,
          ...(run.startedAt === null ? {} : { startedAt: run.startedAt }),
        },
      ];
    });
    // `growth` stands for the live points, which change without a new object.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [views, runs, colours, metric, axis, grouping, isFiner, isGrowing, growth, live, format]);
  return (
    <>
      <SeriesChart
        title={metric}
        {...(unit === undefined ? {} : { unit })}
        series={series}
        // Groups count time from each run's start: a clock would tear them apart.
        axis={grouping !== null && axis === 'time' ? 'running-time' : axis}
        height={height}
        yScale={yScale}
        range={range}
        onRange={setRange}
        cursor={cursor}
        smoothing={smoothing}
        live={live}
        menuItems={menuItems}
      />
      {isRenaming && measure !== null ? (
        <RenameMeasureDialog measure={measure} onClose={() => setRenaming(false)} />
      ) : null}
    </>
  );
});

const none: readonly SeriesView[] = [];
const bare = { id: '', label: '', colourIndex: 0, isLive: true } as const;

/** What is drawn of the runs that have the metric: the same object until something of it changes. */
function useDrawnRuns(runs: readonly Run[], metric: string, param: string | undefined): readonly DrawnRun[] {
  const now = runs
    .filter((run) => run.metrics[metric] !== undefined)
    .map((run): DrawnRun => ({
      id: run.id,
      name: run.name,
      startedAt: run.startedAt,
      gaps: run.gaps,
      isGoingOn: run.status === 'running',
      group: param === undefined ? undefined : run.params[param],
    }));
  return useStable(now);
}

/** The same object until something of it changes. */
function useStable<T>(now: T): T {
  const told = JSON.stringify(now);
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  return useMemo(() => now, [told]);
}

/** A number that changes when points arrived, at most every half second; still while nobody needs it. */
function useGrowth(live: LivePoints, isWanted: boolean): number {
  const [growth, grow] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    if (!isWanted) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const leave = live.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        grow();
      }, regroupMs);
    });
    return () => {
      leave();
      clearTimeout(timer);
    };
  }, [live, isWanted]);
  return growth;
}
