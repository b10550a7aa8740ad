import { assertNever } from '../../../../contract/index.ts';
import type { ThemeColours } from '../../../ui/theme-colours.ts';
import type { StageLook } from '../stage-look.ts';
import type { Size, ViewBox } from './graph-view-box.ts';
import { nodeHeightPx, nodeWidthPx, type GraphLayout } from './layered-layout.ts';
import type { Edge } from './layer-nodes.ts';

/** What a canvas shows of a graph. Arrows always; nodes only where they are too small, or too many, for elements of their own. */
export interface GraphDrawing {
  readonly layout: GraphLayout;
  readonly edges: readonly Edge[];
  readonly looks: readonly StageLook[];
  readonly colours: ThemeColours;
  readonly view: ViewBox;
  readonly size: Size;
  /** The node whose arrows are to be followed. */
  readonly traced: number | null;
  readonly selected: number | null;
  /** What a search found; null while nothing is looked for. */
  readonly matched: ReadonlySet<number> | null;
  /** The nodes to draw. */
  readonly nodes: readonly number[];
}

const arrowPx = 6;

/** Draws one frame. The context is in CSS pixels. */
export function drawGraph(context: CanvasRenderingContext2D, drawing: GraphDrawing): void {
  const { size, colours } = drawing;
  context.clearRect(0, 0, size.width, size.height);
  context.lineWidth = 1;
  const isTraced = ({ from, to }: Edge) => from === drawing.traced || to === drawing.traced;
  const traced: number[] = [];
  context.strokeStyle = colours.edge;
  context.fillStyle = colours.edge;
  context.globalAlpha = drawing.traced === null && drawing.matched === null ? 0.75 : 0.3;
  drawEdges(context, drawing, (at, edge) => {
    if (!isTraced(edge)) return true;
    traced.push(at);
    return false;
  });
  context.globalAlpha = 1;
  if (traced.length > 0) {
    context.strokeStyle = colours.accent;
    context.fillStyle = colours.accent;
    context.lineWidth = 1.5;
    const wanted = new Set(traced);
    drawEdges(context, drawing, (at) => wanted.has(at));
  }
  for (const node of drawing.nodes) drawNode(context, drawing, node);
  context.globalAlpha = 1;
}

function drawEdges(
  context: CanvasRenderingContext2D,
  { layout, edges, view, size }: GraphDrawing,
  isWanted: (at: number, edge: Edge) => boolean,
): void {
  const { x, y, zoom } = view;
  const right = x + size.width / zoom;
  const bottom = y + size.height / zoom;
  const heads: number[] = [];
  context.beginPath();
  edges.forEach((edge, at) => {
    const route = layout.routes[at];
    if (route === undefined || !isWanted(at, edge)) return;
    for (let start = 0; start + 3 < route.length; start += 2) {
      const [x0, y0, x1, y1] = [route[start], route[start + 1], route[start + 2], route[start + 3]] as [
        number,
        number,
        number,
        number,
      ];
      if (Math.max(x0, x1) < x || Math.min(x0, x1) > right) continue;
      if (Math.max(y0, y1) < y || Math.min(y0, y1) > bottom) continue;
      context.moveTo((x0 - x) * zoom, (y0 - y) * zoom);
      // Every other piece runs straight through a column.
      if (start % 4 === 2 || y0 === y1) context.lineTo((x1 - x) * zoom, (y1 - y) * zoom);
      else {
        const middle = ((x0 + x1) / 2 - x) * zoom;
        context.bezierCurveTo(
          middle,
          (y0 - y) * zoom,
          middle,
          (y1 - y) * zoom,
          (x1 - x) * zoom,
          (y1 - y) * zoom,
        );
      }
      if (start + 4 >= route.length) heads.push((x1 - x) * zoom, (y1 - y) * zoom);
    }
  });
  context.stroke();
  if (zoom < 0.3) return;
  context.beginPath();
  for (let at = 0; at + 1 < heads.length; at += 2) {
    const [tipX, tipY] = [heads[at], heads[at + 1]] as [number, number];
    context.moveTo(tipX, tipY);
    context.lineTo(tipX - arrowPx, tipY - arrowPx / 2);
    context.lineTo(tipX - arrowPx, tipY + arrowPx / 2);
  }
  context.fill();
}

function drawNode(
  context: CanvasRenderingContext2D,
  { layout, looks, colours, view, selected, matched }: GraphDrawing,
  node: number,
): void {
  const left = ((layout.xs[node] ?? 0) - view.x) * view.zoom;
  const top = ((layout.ys[node] ?? 0) - view.y) * view.zoom;
  const width = nodeWidthPx * view.zoom;
  const height = nodeHeightPx * view.zoom;
  const look = looks[node] ?? 'unknown';
  const colour = lookColour(look, colours);
  context.globalAlpha = matched === null || matched.has(node) ? 1 : 0.3;
  if (height < 8) {
    context.fillStyle = colour;
    context.fillRect(left, top, Math.max(1, width), Math.max(1, height));
  } else {
    context.fillStyle = selected === node ? colours.selected : colours.surface;
    context.fillRect(left, top, width, height);
    context.strokeStyle = selected === node ? colours.accent : colours.hairline;
    context.lineWidth = 1;
    context.strokeRect(left, top, width, height);
    drawMark(context, look, colour, left + height / 2, top + height / 2, Math.min(7, height / 3));
  }
  if (selected !== node) return;
  context.strokeStyle = colours.accent;
  context.lineWidth = 2;
  context.strokeRect(left - 1.5, top - 1.5, width + 3, height + 3);
}

/** A state's shape, as the mark beside a word has it, simplified for a few pixels. */
function drawMark(
  context: CanvasRenderingContext2D,
  look: StageLook,
  colour: string,
  x: number,
  y: number,
  radius: number,
): void {
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = 1.25;
  context.beginPath();
  switch (look) {
    case 'failed':
      context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      return context.fill();
    case 'killed':
      context.rect(x - radius, y - radius, 2 * radius, 2 * radius);
      return context.stroke();
    case 'stale':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.stroke();
      context.beginPath();
      context.arc(x, y, radius, -Math.PI / 2, Math.PI / 2);
      return context.fill();
    case 'running':
      context.arc(x, y, radius, -Math.PI / 2, Math.PI);
      return context.stroke();
    case 'waiting':
    case 'unknown':
      context.arc(x, y, Math.max(1, radius / 3), 0, 2 * Math.PI);
      return context.fill();
    case 'finished':
    case 'restored':
    case 'restorable':
      context.moveTo(x - radius, y);
      context.lineTo(x - radius / 3, y + radius * 0.7);
      context.lineTo(x + radius, y - radius * 0.7);
      return context.stroke();
    case 'up-to-date':
      context.moveTo(x - radius, y - radius / 3);
      context.lineTo(x + radius, y - radius / 3);
      context.moveTo(x - radius, y + radius / 3);
      context.lineTo(x + radius, y + radius / 3);
      return context.stroke();
    case 'skipped':
      context.moveTo(x - radius, y);
      context.lineTo(x + radius, y);
      return context.stroke();
    case 'frozen':
      for (const angle of [0, Math.PI / 3, (2 * Math.PI) / 3]) {
        context.moveTo(x - radius * Math.cos(angle), y - radius * Math.sin(angle));
        context.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
      }
      return context.stroke();
    default:
      return assertNever(look);
  }
}

/** The colour of a state, as the mark beside a word has it. */
export function lookColour(look: StageLook, colours: ThemeColours): string {
  switch (look) {
    case 'failed':
      return colours.failed;
    case 'killed':
    case 'stale':
      return colours.amber;
    case 'running':
      return colours.accent;
    case 'waiting':
    case 'skipped':
    case 'unknown':
    case 'frozen':
      return colours.edge;
    case 'finished':
    case 'restored':
    case 'restorable':
    case 'up-to-date':
      return colours.muted;
    default:
      return assertNever(look);
  }
}
