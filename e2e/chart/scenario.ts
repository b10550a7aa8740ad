/** What the test page shows; made in the test, drawn in the browser. */
export type Scenario = {
  data: 'curves' | 'spike' | 'not-finite' | 'powers' | 'one-point' | 'empty';
  lines: number;
  points: number;
  width: number;
  height: number;
  theme: 'light' | 'dark';
  axis: 'step' | 'time' | 'running-time';
  yScale: 'linear' | 'log';
  smoothing: number;
  /** Two charts under each other that share a crosshair. */
  isPair: boolean;
  isLive: boolean;
};

export const plainScenario: Scenario = {
  data: 'curves',
  lines: 1,
  points: 1000,
  width: 900,
  height: 240,
  theme: 'light',
  axis: 'step',
  yScale: 'linear',
  smoothing: 0,
  isPair: false,
  isLive: false,
};

/** What the page offers to the test. */
export type ChartPage = {
  show(scenario: Scenario): void;
  /** Adds points behind the first line. */
  append(steps: number[], values: number[]): void;
  /** Every x range that the chart reported. */
  ranges: (readonly [number, number] | null)[];
  /**
   * Times in ms from frame to frame while every frame redraws all lines: in the chart (`redraw`), as bare strokes on a canvas
   * beside it (`strokes`), as recharts' own lines (`recharts`); or while nothing happens.
   */
  frames(count: number, what: 'redraw' | 'strokes' | 'recharts' | 'nothing'): Promise<number[]>;
  /** React commits of the charts so far. */
  commits: number;
};
