export type { ChartAxis, ChartSeries, Range, YScaleKind } from './chart-series.ts';
export { createCrosshair, type Crosshair, type CrosshairPlace } from './crosshair.ts';
export { createLivePoints, type LivePoints, type LiveTail } from './live-points.ts';
export { runColour, runDash, runTextColour } from './run-colours.ts';
export { SeriesChart, type SeriesChartProps } from './series-chart.tsx';
export { Sparkline } from './sparkline.tsx';
