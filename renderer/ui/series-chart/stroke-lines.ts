import { columnSpans } from './column-spans.ts';
import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import { pixelOfX, pixelOfY, type PlotScale } from './plot-scale.ts';
import type { EndMarker } from './run-colours.ts';

/** Traces a line into the canvas' current path, in CSS pixels; gaps where values have no place. */
export function traceLine(
  context: CanvasRenderingContext2D,
  line: PlotLine,
  ys: Float64Array,
  scale: PlotScale,
): void {
  const from = Math.max(0, indexAtOrAfter(line.xs, scale.x[0]) - 1);
  const to = Math.min(line.xs.length - 1, indexAtOrAfter(line.xs, scale.x[1]));
  if (to - from > scale.width * 4) {
    traceSpans(context, line, ys, scale);
    return;
  }
  let isDown = false;
  for (let at = from; at <= to; at++) {
    const y = pixelOfY(scale, ys[at] ?? Number.NaN);
    if (!Number.isFinite(y)) {
      isDown = false;
      continue;
    }
    const x = pixelOfX(scale, line.xs[at] ?? Number.NaN);
    if (isDown) context.lineTo(x, y);
    else context.moveTo(x, y);
    isDown = true;
  }
}

/** More points than pixels: one upright stroke a column says the same. */
function traceSpans(
  context: CanvasRenderingContext2D,
  line: PlotLine,
  ys: Float64Array,
  scale: PlotScale,
): void {
  const { tops, bottoms } = columnSpans(line, ys, scale, 1);
  let isDown = false;
  for (let column = 0; column < tops.length; column++) {
    const top = tops[column] ?? 0;
    const bottom = bottoms[column] ?? 0;
    if (top > bottom) {
      isDown = false;
      continue;
    }
    const x = scale.left + column + 0.5;
    const [first, second] = column % 2 === 0 ? [top, bottom] : [bottom, top];
    if (isDown) context.lineTo(x, first);
    else context.moveTo(x, first);
    context.lineTo(x, second);
    isDown = true;
  }
}

/** Samples in view with no neighbour to draw a line to: they are drawn as dots. At most `limit`. */
export function lonelySamples(line: PlotLine, scale: PlotScale, limit: number): number[] {
  const lonely: number[] = [];
  const { xs, ys } = line;
  const isLog = scale.yKind === 'log';
  const hasPlace = (at: number): boolean => {
    const value = ys[at] ?? Number.NaN;
    return Number.isFinite(value) && (!isLog || value > 0);
  };
  let isBefore = false;
  for (
    let at = Math.max(0, indexAtOrAfter(xs, scale.x[0]) - 1);
    at < xs.length && lonely.length < limit;
    at++
  ) {
    const x = xs[at] ?? Number.NaN;
    if (x > scale.x[1]) break;
    const isHere = hasPlace(at);
    if (isHere && !isBefore && x >= scale.x[0] && !hasPlace(at - 1) && !hasPlace(at + 1)) lonely.push(at);
    isBefore = isHere;
  }
  return lonely;
}

/** The last sample in view that the axis has a place for; null where there is none. */
export function lastVisible(line: PlotLine, scale: PlotScale): number | null {
  let at = indexAtOrAfter(line.xs, scale.x[1]);
  if ((line.xs[at] ?? Number.POSITIVE_INFINITY) > scale.x[1]) at--;
  for (; at >= 0 && (line.xs[at] ?? 0) >= scale.x[0]; at--) {
    if (Number.isFinite(pixelOfY(scale, line.ys[at] ?? Number.NaN))) return at;
  }
  return null;
}

/** Draws an end marker centred on a pixel, filled with the current fill style (a cross is stroked). */
export function drawMarker(
  context: CanvasRenderingContext2D,
  marker: EndMarker,
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  switch (marker) {
    case 'circle':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      break;
    case 'square':
      context.rect(x - radius * 0.9, y - radius * 0.9, radius * 1.8, radius * 1.8);
      break;
    case 'triangle':
      polygon(context, [
        x,
        y - radius * 1.15,
        x + radius * 1.1,
        y + radius * 0.8,
        x - radius * 1.1,
        y + radius * 0.8,
      ]);
      break;
    case 'diamond':
      polygon(context, [
        x,
        y - radius * 1.25,
        x + radius * 1.25,
        y,
        x,
        y + radius * 1.25,
        x - radius * 1.25,
        y,
      ]);
      break;
    case 'cross':
      context.moveTo(x - radius, y - radius);
      context.lineTo(x + radius, y + radius);
      context.moveTo(x + radius, y - radius);
      context.lineTo(x - radius, y + radius);
      context.setLineDash([]);
      context.lineWidth = 1.75;
      context.stroke();
      return;
  }
  context.fill();
}

function polygon(context: CanvasRenderingContext2D, corners: readonly number[]): void {
  for (let at = 0; at < corners.length; at += 2) context.lineTo(corners[at] ?? 0, corners[at + 1] ?? 0);
  context.closePath();
}
