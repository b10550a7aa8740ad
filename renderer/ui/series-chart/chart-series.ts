import type { RunGap } from '../../../contract/index.ts';

/** What a chart's x runs over: the logged step, the clock, or the time since the run began. */
export type ChartAxis = 'step' | 'time' | 'running-time';

export type YScaleKind = 'linear' | 'log';

/** `bytes` is written with its unit (1.5 MB), `percent` takes 0–100. */
export type ValueFormat = 'number' | 'bytes' | 'percent';

/** Closed interval, first ≤ second. Steps, or milliseconds for both kinds of time. */
export type Range = readonly [number, number];

/**
 * One line of a chart. The three columns have equal length and are ordered along the axis; the engine's `tracking.series`
 * answers fit as they are. Values may be NaN or infinite. Never mutate a column after handing it over: give a new object.
 */
export type ChartSeries = {
  /** Run id where the line is a run: charts that share a crosshair point at the line of the same id. */
  id: string;
  label: string;
  /** 0-based place in the order of run colours, kept per run; past nine the colours repeat with dashes. */
  colourIndex: number;
  steps: Float64Array;
  /** Milliseconds UTC. */
  times: Float64Array;
  values: Float64Array;
  /** Milliseconds UTC; where running time is counted from. The first point's time when left out. */
  startedAt?: number;
  /** When the run stood still, milliseconds UTC, in order: no part of its running time, and shaded over the clock. */
  gaps?: readonly RunGap[];
  /** The run goes on and the columns reach its newest point, so points of the chart's `live` store may follow them. */
  isLive?: boolean;
  /** Of a line that stands for several: how far they reach around it, drawn as a band. As long as the columns. */
  band?: { low: Float64Array; high: Float64Array };
  /** How values are written; `number` when left out. */
  format?: ValueFormat;
  /** Overrides the dash that `colourIndex` gives, in CSS pixels on and off; an empty list is a solid line. */
  dash?: readonly number[];
};
