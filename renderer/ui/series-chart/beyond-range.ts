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
export function beyondRange(lines: readonly PlotLine[], scale: PlotScale, apartPixels: number): BeyondCluster[] {
  const clusters = new Map<string, BeyondCluster>();
  for (const line of lines) {
    const from = indexAtOrAfter(line.xs, scale.x[0]);
    for (let at = from; at < line.xs.length && (line.xs[at] ?? 0) <= scale.x[1]; at++) {
      const value = line.raw[at] ?? Number.NaN;
      if (!Number.isFinite(value) || (value >= scale.y[0] && value <= scale.y[1])) continue;
      if (scale.yKind === 'log' && value <= 0) continue;
      const edge = value > scale.y[1] ? 'above' : 'below';
      const xValue = line.xs[at] ?? Number.NaN;
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

/** The most extreme cluster of an edge and the number of points past that edge; null where there is none. */
export function worstBeyond(clusters: readonly BeyondCluster[], edge: BeyondCluster['edge']): { worst: BeyondCluster; count: number } | null {
  const own = clusters.filter((cluster) => cluster.edge === edge);
  const [first, ...rest] = own;
  if (!first) return null;
  const worst = rest.reduce((most, each) => ((edge === 'above' ? each.value > most.value : each.value < most.value) ? each : most), first);
  return { worst, count: own.reduce((sum, each) => sum + each.count, 0) };
}
