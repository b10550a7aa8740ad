import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Hit } from './nearest-line.ts';
import type { PlotLine } from './plot-line.ts';
import type { PlotScale } from './plot-scale.ts';

/** A rectangle being dragged, in CSS pixels of the plot. */
export type Selection = { left: number; top: number; right: number; bottom: number };

/** What the canvases of one chart draw. Changes here redraw canvases and small labels, never the chart's React tree. */
export type Scene = {
  lines: readonly PlotLine[];
  /** Null until the axes have been laid out. */
  scale: PlotScale | null;
  /** The sample that is named in the header. */
  hit: Hit | null;
  /** Where the vertical hair stands, in x units. */
  crosshairX: number | null;
  selection: Selection | null;
};

export type SceneStore = StoreApi<Scene>;

export function createScene(): SceneStore {
  return createStore<Scene>(() => ({ lines: [], scale: null, hit: null, crosshairX: null, selection: null }));
}
