import { bandOpacity, bandShapes } from './band-shapes.ts';
import { beyondRange } from './beyond-range.ts';
import type { ChartColours } from './chart-colours.ts';
import { columnSpans } from './column-spans.ts';
import { gapOpacity, gapSpans } from './gap-spans.ts';
import { nonFinitePoints } from './non-finite.ts';
import { indexAtOrAfter, type PlotLine } from './plot-line.ts';
import { pixelOfX, pixelOfY, type PlotScale } from './plot-scale.ts';
import { parseColour, rasterLine, rasterOf } from './raster-lines.ts';
import { runDash, runEndMarker } from './run-colours.ts';
import { drawMarker, lastVisible, lonelySamples, traceLine } from './stroke-lines.ts';

/** Past this many points the canvas' own stroke takes longer than a frame without a GPU, so pixels are painted directly. */
const strokeLimit = 2500;
const ghostOpacity = 0.25;
/** More end markers than these would hide what they mark. */
const markedLines = 20;
export const caretGapPixels = 14;

/** Draws all lines with their markers, carets and ticks of what is not finite. Sizes in CSS pixels; `ratio` is the screen's. */
export function drawLines(
  canvas: HTMLCanvasElement,
  lines: readonly PlotLine[],
  scale: PlotScale,
  colours: ChartColours,
  ratio: number,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  const isDense = lines.reduce((sum, line) => sum + pointsInView(line, scale), 0) > strokeLimit;
  if (isDense) paintDense(context, canvas, lines, scale, colours, ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.save();
  context.beginPath();
  context.rect(scale.left, scale.top - 2, scale.width + 2, scale.height + 4);
  context.clip();
  if (!isDense) strokeAll(context, lines, scale, colours);
  fillBands(context, lines, scale, colours);
  fillGaps(context, lines, scale, colours);
  for (const line of lines) drawLonely(context, line, scale, colourOf(line, colours));
  context.restore();
  if (lines.length <= markedLines)
    for (const line of lines) drawEnd(context, line, scale, colourOf(line, colours));
  drawCarets(context, lines, scale, colours);
  for (const line of lines) drawNonFiniteTicks(context, line, scale, colourOf(line, colours));
}

/** The line's own colour in the current theme. */
export function colourOf(line: Pick<PlotLine, 'colourIndex'>, colours: ChartColours): string {
  return colours.lines[line.colourIndex % colours.lines.length] ?? colours.neutrals.text;
}

export function dashOf(line: Pick<PlotLine, 'dash' | 'colourIndex'>): readonly number[] {
  return line.dash ?? runDash(line.colourIndex);
}

function pointsInView(line: PlotLine, scale: PlotScale): number {
  const count = indexAtOrAfter(line.xs, scale.x[1]) - indexAtOrAfter(line.xs, scale.x[0]);
  return line.raw === line.ys ? count : 2 * count;
}

/** The same pixels are reused for every drawing of a canvas: half a megabyte a frame would keep the collector busy. */
const pixelsOf = new WeakMap<HTMLCanvasElement, ImageData>();

function paintDense(
  context: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  lines: readonly PlotLine[],
  scale: PlotScale,
  colours: ChartColours,
  ratio: number,
): void {
  let image = pixelsOf.get(canvas);
  if (image && image.width === canvas.width && image.height === canvas.height) {
    image.data.fill(0);
  } else {
    image = context.createImageData(canvas.width, canvas.height);
    pixelsOf.set(canvas, image);
  }
  const raster = rasterOf(image);
  const left = Math.round(scale.left * ratio);
  const clip = [(scale.top - 1) * ratio, (scale.top + scale.height + 1) * ratio] as const;
  // A noisy line is a band already: the more of them, the thinner.
  const lineWidth = (lines.length <= 3 ? 1.5 : lines.length <= 20 ? 1.2 : 1) * ratio;
  for (const isGhost of [true, false]) {
    for (const line of lines) {
      if (isGhost && line.raw === line.ys) continue;
      const spans = columnSpans(line, isGhost ? line.raw : line.ys, scale, ratio);
      const dash = dashOf(line).map((length) => length * ratio);
      const colour = parseColour(colourOf(line, colours));
      rasterLine(raster, spans, left, clip, { colour, opacity: isGhost ? ghostOpacity : 1, lineWidth, dash });
    }
  }
  context.putImageData(image, 0, 0);
}

function strokeAll(
  context: CanvasRenderingContext2D,
  lines: readonly PlotLine[],
  scale: PlotScale,
  colours: ChartColours,
): void {
  context.lineJoin = 'round';
  context.lineCap = 'butt';
  context.lineWidth = 1.5;
  for (const isGhost of [true, false]) {
    context.globalAlpha = isGhost ? ghostOpacity : 1;
    for (const line of lines) {
      if (isGhost && line.raw === line.ys) continue;
      context.strokeStyle = colourOf(line, colours);
      context.setLineDash([...dashOf(line)]);
      context.beginPath();
      traceLine(context, line, isGhost ? line.raw : line.ys, scale);
      context.stroke();
    }
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** Bands lie under every line, whichever way the lines were drawn. */
function fillBands(
  context: CanvasRenderingContext2D,
  lines: readonly PlotLine[],
  scale: PlotScale,
  colours: ChartColours,
): void {
  context.globalCompositeOperation = 'destination-over';
  context.globalAlpha = bandOpacity;
  for (const line of lines) {
    context.fillStyle = colourOf(line, colours);
    for (const corners of bandShapes(line, scale)) {
      context.beginPath();
      for (const [x, y] of corners) context.lineTo(x, y);
      context.closePath();
      context.fill();
    }
  }
  context.globalCompositeOperation = 'source-over';
  context.globalAlpha = 1;
}

/** A time in which a run stood still, behind everything else. */
function fillGaps(
  context: CanvasRenderingContext2D,
  lines: readonly PlotLine[],
  scale: PlotScale,
  colours: ChartColours,
): void {
  context.globalCompositeOperation = 'destination-over';
  context.globalAlpha = gapOpacity;
  context.fillStyle = colours.neutrals.hairline;
  for (const { left, width } of gapSpans(lines, scale))
    context.fillRect(left, scale.top, width, scale.height);
  context.globalCompositeOperation = 'source-over';
  context.globalAlpha = 1;
}

function drawLonely(
  context: CanvasRenderingContext2D,
  line: PlotLine,
  scale: PlotScale,
  colour: string,
): void {
  context.fillStyle = colour;
  for (const at of lonelySamples(line, scale, 1000)) {
    context.beginPath();
    context.arc(pixelOfX(scale, line.xs[at] ?? 0), pixelOfY(scale, line.ys[at] ?? 0), 2.5, 0, 2 * Math.PI);
    context.fill();
  }
}

function drawEnd(context: CanvasRenderingContext2D, line: PlotLine, scale: PlotScale, colour: string): void {
  const marker = runEndMarker(line.colourIndex);
  const at = marker ? lastVisible(line, scale) : null;
  if (!marker || at === null) return;
  const y = pixelOfY(scale, line.ys[at] ?? 0);
  if (y < scale.top - 1 || y > scale.top + scale.height + 1) return;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  drawMarker(context, marker, pixelOfX(scale, line.xs[at] ?? 0), y, 3.2);
}

function drawCarets(
  context: CanvasRenderingContext2D,
  lines: readonly PlotLine[],
  scale: PlotScale,
  colours: ChartColours,
): void {
  for (const cluster of beyondRange(lines, scale, caretGapPixels)) {
    const tip = cluster.edge === 'above' ? scale.top - 6 : scale.top + scale.height - 1;
    const base = cluster.edge === 'above' ? scale.top : scale.top + scale.height - 7;
    context.fillStyle = colourOf(cluster, colours);
    context.beginPath();
    context.moveTo(cluster.x - 4, base);
    context.lineTo(cluster.x + 4, base);
    context.lineTo(cluster.x, tip);
    context.closePath();
    context.fill();
  }
}

/** Short strokes under the baseline where a point is NaN or infinite. */
function drawNonFiniteTicks(
  context: CanvasRenderingContext2D,
  line: PlotLine,
  scale: PlotScale,
  colour: string,
): void {
  context.fillStyle = colour;
  let lastPixel = Number.NEGATIVE_INFINITY;
  for (const { at } of nonFinitePoints(line)) {
    const x = line.xs[at] ?? Number.NaN;
    if (x < scale.x[0] || x > scale.x[1]) continue;
    const pixel = Math.round(pixelOfX(scale, x));
    if (pixel === lastPixel) continue;
    lastPixel = pixel;
    context.fillRect(pixel - 0.5, scale.top + scale.height + 2, 1.25, 4);
  }
}
