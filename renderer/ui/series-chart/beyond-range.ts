import type { ChartAxis, ValueFormat } from './chart-series.ts';
import { formatValueAs, formatX } from './format-value.ts';
import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import { pixelOfX, type PlotScale } from './plot-scale.ts';

/** Points past the top or bottom edge of what is drawn, a cluster of neighbours: where its caret goes and its extreme. */
export type BeyondCluster = {
  edge: 'above' | 'below';
  /** CSS pixel of the extreme. */
  x: number;
  count: number;
  value: number;
  xValue: number;
  colourIndex: number;
};

/**
 * Recorded points that lie in the x range but outside the y range, gathered into carets at least `apartPixels` from each
 * other, so that nothing is ever cut in silence.
 */
export function beyondRange(
  lines: readonly PlotLine[],
  scale: PlotScale,
  apartPixels: number,
): BeyondCluster[] {
  const clusters = new Map<string, BeyondCluster>();
  const [low, high] = scale.y;
  for (const line of lines) {
    const { xs, raw } = line;
    const end = indexAtOrAfter(xs, scale.x[1]);
    for (let at = indexAtOrAfter(xs, scale.x[0]); at < raw.length; at++) {
      const value = raw[at] ?? Number.NaN;
      // Most points by far leave here; the loop runs over every point of every drawing.
      if (value >= low && value <= high) continue;
      if (at > end || (xs[at] ?? 0) > scale.x[1]) break;
      if (!Number.isFinite(value)) continue;
      if (scale.yKind === 'log' && value <= 0) continue;
      const edge = value > high ? 'above' : 'below';
      const xValue = xs[at] ?? Number.NaN;
      const x = pixelOfX(scale, xValue);
      const key = `${edge} ${Math.floor(x / apartPixels)}`;
      const cluster = clusters.get(key);
      if (!cluster) {
        clusters.set(key, { edge, x, count: 1, value, xValue, colourIndex: line.colourIndex });
        continue;
      }
      cluster.count++;
      if (edge === 'above' ? value > cluster.value : value < cluster.value) {
        Object.assign(cluster, { x, value, xValue, colourIndex: line.colourIndex });
      }
    }
  }
  return [...clusters.values()];
}

/** The points past one edge, summed up. */
export type Beyond = { worst: BeyondCluster; count: number };

/** The most extreme cluster of an edge and the number of points past that edge; null where there is none. */
export function worstBeyond(clusters: readonly BeyondCluster[], edge: BeyondCluster['edge']): Beyond | null {
  const own = clusters.filter((cluster) => cluster.edge === edge);
  const [first, ...rest] = own;
  if (!first) return null;
  const worst = rest.reduce(
    (most, each) => ((edge === 'above' ? each.value > most.value : each.value < most.value) ? each : most),
    first,
  );
  return { worst, count: own.reduce((sum, each) => sum + each.count, 0) };
}

/** "1 point above, max 14.5 at step 617". */
export function describeBeyond(
  { worst, count }: Beyond,
  axis: ChartAxis,
  spanMs: number,
  format: ValueFormat = 'number',
): string {
  const extreme = worst.edge === 'above' ? 'max' : 'min';
  const points = `${count} ${count === 1 ? 'point' : 'points'}`;
  return `${points} ${worst.edge}, ${extreme} ${formatValueAs(worst.value, format)} at ${formatX(worst.xValue, axis, spanMs)}`;
}
