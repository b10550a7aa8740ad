import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import { yTransform, type PlotScale } from './plot-scale.ts';

/**
 * Which pixels a line covers, column by column: in column `c` (device pixels from the plot's left edge) it runs from `tops[c]`
 * to `bottoms[c]` (device pixels from the drawing's top, 0-based, real numbers). A column that the line does not touch has
 * `tops[c] > bottoms[c]`. However many points fall into a column, its extremes survive, so no spike is ever lost.
 */
export type ColumnSpans = { tops: Float64Array; bottoms: Float64Array };

/** Walks a line once and notes the extent of its polyline in every pixel column. Values without a pixel make gaps. */
export function columnSpans(
  line: Pick<PlotLine, 'xs'>,
  ys: Float64Array,
  scale: PlotScale,
  ratio: number,
): ColumnSpans {
  const columns = Math.max(1, Math.round(scale.width * ratio));
  const tops = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const bottoms = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY);
  const { factor, offset, isLog } = yTransform(scale);
  const xFactor = columns / (scale.x[1] - scale.x[0]);
  const { xs } = line;
  const from = Math.max(0, indexAtOrAfter(xs, scale.x[0]) - 1);
  const to = Math.min(xs.length - 1, indexAtOrAfter(xs, scale.x[1]));

  let lastX = Number.NaN;
  let lastY = Number.NaN;
  for (let at = from; at <= to; at++) {
    const value = ys[at] ?? Number.NaN;
    const x = ((xs[at] ?? Number.NaN) - scale.x[0]) * xFactor;
    const y = ((isLog ? Math.log(value) : value) * factor + offset) * ratio;
    if (!Number.isFinite(y)) {
      lastY = Number.NaN;
      continue;
    }
    const column = Math.min(columns - 1, Math.floor(x));
    if (x >= 0 && x <= columns) cover(tops, bottoms, column, y);
    if (!Number.isNaN(lastY) && x > lastX) {
      const slope = (y - lastY) / (x - lastX);
      // Where the segment crosses a border between columns, both columns reach up to the crossing.
      const firstBorder = Math.max(0, Math.floor(lastX) + 1);
      const lastBorder = Math.min(columns, Math.floor(x));
      for (let border = firstBorder; border <= lastBorder; border++) {
        const crossing = lastY + (border - lastX) * slope;
        if (border > 0) cover(tops, bottoms, border - 1, crossing);
        if (border < columns) cover(tops, bottoms, border, crossing);
      }
    }
    lastX = x;
    lastY = y;
  }
  return { tops, bottoms };
}

function cover(tops: Float64Array, bottoms: Float64Array, column: number, y: number): void {
  if (y < (tops[column] ?? 0)) tops[column] = y;
  if (y > (bottoms[column] ?? 0)) bottoms[column] = y;
}
