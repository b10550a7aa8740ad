export type { ChartAxis, ChartSeries, Range, ValueFormat, YScaleKind } from './chart-series.ts';
export { createCrosshair, type Crosshair } from './crosshair.ts';
export { withTail } from './live-lines.ts';
export { createLivePoints, type LivePoints } from './live-points.ts';
export { SeriesChart } from './series-chart.tsx';
export { Sparkline } from './sparkline.tsx';
