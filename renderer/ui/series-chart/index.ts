export type { ChartAxis, ChartSeries, Range } from './chart-series.ts';
export { createCrosshair, type Crosshair } from './crosshair.ts';
export { createLivePoints } from './live-points.ts';
export { SeriesChart } from './series-chart.tsx';
export { Sparkline } from './sparkline.tsx';
