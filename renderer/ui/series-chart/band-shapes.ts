import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import { pixelOfX, pixelOfY, type PlotScale } from './plot-scale.ts';

export const bandOpacity = 0.15;

type Corner = readonly [x: number, y: number];

/**
 * The areas of a line's band in view, in CSS pixels: along the upper edge and back along the lower one. A new area begins where an
 * edge has no place. On a log axis a lower edge at or below nought reaches to the bottom of the plot.
 */
export function bandShapes(line: PlotLine, scale: PlotScale): Corner[][] {
  if (line.band === null) return [];
  const { low, high } = line.band;
  const from = Math.max(0, indexAtOrAfter(line.xs, scale.x[0]) - 1);
  const to = Math.min(line.xs.length - 1, indexAtOrAfter(line.xs, scale.x[1]));
  const bottom = scale.top + scale.height;
  const shapes: Corner[][] = [];
  let upper: Corner[] = [];
  let lower: Corner[] = [];
  const close = (): void => {
    if (upper.length > 1) shapes.push([...upper, ...lower.toReversed()]);
    upper = [];
    lower = [];
  };
  for (let at = from; at <= to; at++) {
    const lowest = low[at] ?? Number.NaN;
    const above = pixelOfY(scale, high[at] ?? Number.NaN);
    const below = scale.yKind === 'log' && lowest <= 0 ? bottom : pixelOfY(scale, lowest);
    if (!Number.isFinite(above) || !Number.isFinite(below)) {
      close();
      continue;
    }
    const x = pixelOfX(scale, line.xs[at] ?? Number.NaN);
    upper.push([x, above]);
    lower.push([x, below]);
  }
  close();
  return shapes;
}
