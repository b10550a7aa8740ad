import { useEffect, useMemo, useReducer } from 'react';
import type { ChartAxis, ChartSeries } from './chart-series.ts';
import type { LivePoints, LiveTail } from './live-points.ts';
import { plotLine, type PlotLine } from './plot-line.ts';
import type { SceneStore } from './scene.ts';
import { extentOfX, extentOfY } from './view-range.ts';

/**
 * The lines of a chart, with live points behind their columns. New points reach the scene (and so the canvas) directly; the
 * component renders again only where they leave the axes that are drawn.
 */
export function useLines(
  scene: SceneStore,
  series: readonly ChartSeries[],
  axis: ChartAxis,
  smoothing: number,
  live: LivePoints | undefined,
): readonly PlotLine[] {
  const [growth, outgrow] = useReducer((count: number) => count + 1, 0);
  const lines = useMemo(() => {
    const tailOf = (id: string): LiveTail | null => live?.tail(id) ?? null;
    return series.map((each) => plotLine(withTail(each, tailOf(each.id)), axis, smoothing));
    // `growth` stands for the tails, which change without a new object.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [series, axis, smoothing, live, growth]);

  useEffect(() => {
    if (!live) return undefined;
    return live.subscribe(() => {
      const isGrowing = series.some((each) => each.isLive);
      if (!isGrowing) return;
      const grown = series.map((each) => plotLine(withTail(each, live.tail(each.id)), axis, smoothing));
      const { scale } = scene.getState();
      if (!scale || leaves(grown, scene)) outgrow();
      else scene.setState({ lines: grown });
    });
  }, [live, series, axis, smoothing, scene]);
  return lines;
}

/** A series followed by those live points that its columns do not hold yet. */
export function withTail(series: ChartSeries, tail: LiveTail | null): ChartSeries {
  if (!series.isLive || !tail) return series;
  const lastStep = series.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
  const lastTime = series.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  const isHeld = (at: number): boolean => {
    const step = tail.steps[at] ?? 0;
    return step < lastStep || (step === lastStep && (tail.times[at] ?? 0) <= lastTime);
  };
  let from = 0;
  while (from < tail.steps.length && isHeld(from)) from++;
  if (from === tail.steps.length) return series;
  return {
    ...series,
    steps: joined(series.steps, tail.steps.subarray(from)),
    times: joined(series.times, tail.times.subarray(from)),
    values: joined(series.values, tail.values.subarray(from)),
  };
}

function joined(head: Float64Array, tail: Float64Array): Float64Array {
  const column = new Float64Array(head.length + tail.length);
  column.set(head);
  column.set(tail, head.length);
  return column;
}

function leaves(lines: readonly PlotLine[], scene: SceneStore): boolean {
  const { scale, lines: known } = scene.getState();
  if (!scale) return true;
  const before = extentOfX(known);
  const x = extentOfX(lines);
  const y = extentOfY(lines, scale.x, scale.yKind);
  const isNew = before === null;
  // A zoomed chart ends before its data does; only an end that was in view can be outgrown.
  const leavesX = x !== null && x[1] > scale.x[1] && before !== null && before[1] <= scale.x[1];
  const leavesY = y !== null && (y[0] < scale.y[0] || y[1] > scale.y[1]);
  return isNew || leavesX || leavesY;
}
