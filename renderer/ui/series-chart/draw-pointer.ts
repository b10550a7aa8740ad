import type { ChartColours } from './chart-colours.ts';
import { colourOf, dashOf } from './draw-lines.ts';
import { pixelOfX } from './plot-scale.ts';
import type { Scene } from './scene.ts';
import { traceLine } from './stroke-lines.ts';

/** Draws the line that is pointed at, alone and heavier, to lie over the dimmed others. */
export function drawEmphasis(
  canvas: HTMLCanvasElement,
  scene: Scene,
  colours: ChartColours,
  ratio: number,
): void {
  const context = cleared(canvas, ratio);
  const { scale, hit, lines } = scene;
  const line = hit && lines.length > 1 ? lines[hit.line] : undefined;
  if (!context || !scale || !line) return;
  context.beginPath();
  context.rect(scale.left, scale.top - 2, scale.width + 2, scale.height + 4);
  context.clip();
  context.lineWidth = 2.25;
  context.lineJoin = 'round';
  context.strokeStyle = colourOf(line, colours);
  context.setLineDash([...dashOf(line)]);
  context.beginPath();
  traceLine(context, line, line.ys, scale);
  context.stroke();
}

/** Draws the crosshair, the sample it names and the rectangle being dragged. */
export function drawPointer(
  canvas: HTMLCanvasElement,
  scene: Scene,
  colours: ChartColours,
  ratio: number,
): void {
  const context = cleared(canvas, ratio);
  const { scale, hit, lines, crosshairX, selection } = scene;
  if (!context || !scale) return;
  const right = scale.left + scale.width;
  if (selection) {
    context.fillStyle = colours.neutrals.accent;
    context.globalAlpha = 0.12;
    context.fillRect(
      selection.left,
      selection.top,
      selection.right - selection.left,
      selection.bottom - selection.top,
    );
    context.globalAlpha = 1;
    context.fillRect(selection.left, selection.top, 1, selection.bottom - selection.top);
    context.fillRect(selection.right - 1, selection.top, 1, selection.bottom - selection.top);
    return;
  }
  const hairX = crosshairX === null ? Number.NaN : pixelOfX(scale, crosshairX);
  if (hairX >= scale.left - 0.5 && hairX <= right + 0.5) {
    context.fillStyle = colours.neutrals.muted;
    context.globalAlpha = 0.6;
    context.fillRect(Math.round(hairX * ratio) / ratio, scale.top, 1 / ratio, scale.height);
    context.globalAlpha = 1;
  }
  const line = hit ? lines[hit.line] : undefined;
  if (!hit || !line || hit.y < scale.top - 1 || hit.y > scale.top + scale.height + 1) return;
  context.beginPath();
  context.arc(hit.x, hit.y, 4, 0, 2 * Math.PI);
  context.fillStyle = colourOf(line, colours);
  context.strokeStyle = colours.neutrals.surface;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}

function cleared(canvas: HTMLCanvasElement, ratio: number): CanvasRenderingContext2D | null {
  const context = canvas.getContext('2d');
  if (!context) return null;
  // Resetting forgets clip, dash and transform of the drawing before.
  context.reset();
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
