import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChartAxis } from './chart-series.ts';

/** Where the reader points: an x on an axis, and the line nearest to the pointer. */
export type CrosshairPlace = {
  axis: ChartAxis;
  x: number;
  seriesId: string | null;
  /** The chart that the pointer is in. */
  source: string;
};

/** Shared by every chart that should show the same moment; charts on another axis ignore it. */
export type Crosshair = StoreApi<{ place: CrosshairPlace | null }>;

/** One for a page: hand it to all of its charts as `cursor`. */
export function createCrosshair(): Crosshair {
  return createStore(() => ({ place: null }));
}
