import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import { pixelOfX, pixelOfY, xOfPixel, type PlotScale } from './plot-scale.ts';

/** A point of a line under or near the pointer: place in `lines`, index of the sample, its pixel. */
export type Hit = { line: number; at: number; x: number; y: number };

/**
 * The line nearest to a pixel, at any number of lines, and the sample of it to name. Distance is measured to the drawn
 * polyline, so a steep flank counts between its samples too; the sample is the nearest one on the screen, so that pointing at
 * the tip of a one-step spike names the spike. Null where no line has a point in view.
 */
export function nearestLine(lines: readonly PlotLine[], scale: PlotScale, x: number, y: number): Hit | null {
  let best: Hit | null = null;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let line = 0; line < lines.length; line++) {
    const candidate = lines[line];
    if (!candidate) continue;
    const distance = distanceToLine(candidate, scale, x, y);
    if (distance < bestDistance) {
      const at = nearestSample(candidate, scale, x, y);
      if (at === null) continue;
      bestDistance = distance;
      best = hitOf(candidate, line, at, scale);
    }
  }
  return best;
}

/** The sample of one line at or next to an x, with its pixel; null where the line has no visible sample. */
export function sampleAt(lines: readonly PlotLine[], line: number, scale: PlotScale, x: number): Hit | null {
  const found = lines[line];
  if (!found) return null;
  const after = indexAtOrAfter(found.xs, x);
  const before = nextVisible(found, scale, after - 1, -1);
  const behind = nextVisible(found, scale, after, 1);
  const at = closerOf(found, before, behind, x);
  return at === null ? null : hitOf(found, line, at, scale);
}

/** The nearest drawable sample from an index on, walking in one direction and staying inside the view. */
export function nextVisible(
  line: PlotLine,
  scale: PlotScale,
  from: number,
  direction: 1 | -1,
): number | null {
  for (let at = from; at >= 0 && at < line.xs.length; at += direction) {
    const x = line.xs[at] ?? Number.NaN;
    if (direction === 1 ? x > scale.x[1] : x < scale.x[0]) return null;
    if (x >= scale.x[0] && x <= scale.x[1] && Number.isFinite(pixelOfY(scale, line.ys[at] ?? Number.NaN)))
      return at;
  }
  return null;
}

const reachPixels = 12;

function distanceToLine(line: PlotLine, scale: PlotScale, x: number, y: number): number {
  const { xs, ys } = line;
  const from = Math.max(0, indexAtOrAfter(xs, xOfPixel(scale, x - reachPixels)) - 1);
  const to = Math.min(xs.length - 1, indexAtOrAfter(xs, xOfPixel(scale, x + reachPixels)));
  let least = Number.POSITIVE_INFINITY;
  let lastX = Number.NaN;
  let lastY = Number.NaN;
  for (let at = from; at <= to; at++) {
    const pointX = pixelOfX(scale, xs[at] ?? Number.NaN);
    const pointY = pixelOfY(scale, ys[at] ?? Number.NaN);
    const distance = Number.isNaN(lastY)
      ? Math.hypot(pointX - x, pointY - y)
      : distanceToSegment(x, y, lastX, lastY, pointX, pointY);
    if (distance < least) least = distance;
    lastX = pointX;
    lastY = Number.isFinite(pointY) ? pointY : Number.NaN;
  }
  return least;
}

function distanceToSegment(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length));
  return Math.hypot(x0 + along * dx - x, y0 + along * dy - y);
}

function nearestSample(line: PlotLine, scale: PlotScale, x: number, y: number): number | null {
  const from = indexAtOrAfter(line.xs, xOfPixel(scale, x - reachPixels));
  const to = indexAtOrAfter(line.xs, xOfPixel(scale, x + reachPixels));
  let nearest: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at++) {
    const pixelX = pixelOfX(scale, line.xs[at] ?? Number.NaN);
    if (pixelX < scale.left - 0.5 || pixelX > scale.left + scale.width + 0.5) continue;
    const distance = Math.hypot(pixelX - x, pixelOfY(scale, line.ys[at] ?? Number.NaN) - y);
    if (distance < least) {
      least = distance;
      nearest = at;
    }
  }
  if (nearest !== null) return nearest;
  const after = indexAtOrAfter(line.xs, xOfPixel(scale, x));
  return closerOf(
    line,
    nextVisible(line, scale, after - 1, -1),
    nextVisible(line, scale, after, 1),
    xOfPixel(scale, x),
  );
}

function closerOf(line: PlotLine, before: number | null, after: number | null, x: number): number | null {
  if (before === null || after === null) return before ?? after;
  return x - (line.xs[before] ?? 0) <= (line.xs[after] ?? 0) - x ? before : after;
}

function hitOf(line: PlotLine, index: number, at: number, scale: PlotScale): Hit {
  return {
    line: index,
    at,
    x: pixelOfX(scale, line.xs[at] ?? Number.NaN),
    y: pixelOfY(scale, line.ys[at] ?? Number.NaN),
  };
}
