import { nodeHeightPx, nodeWidthPx, type GraphLayout } from './layered-layout.ts';

/** What of a drawing is seen: its upper left corner in pixels of the drawing, and how large a pixel of it is. */
export interface ViewBox {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const leastZoom = 0.01;
const mostZoom = 2;
/** Below it names cannot be read. */
export const readableZoom = 0.75;
const marginPx = 24;

/** All of it, in the middle, never larger than it was drawn. */
export function fitView({ widthPx, heightPx }: GraphLayout, { width, height }: Size): ViewBox {
  const zoom = clampZoom(
    Math.min(
      1,
      (width - 2 * marginPx) / Math.max(1, widthPx),
      (height - 2 * marginPx) / Math.max(1, heightPx),
    ),
  );
  return { x: widthPx / 2 - width / zoom / 2, y: heightPx / 2 - height / zoom / 2, zoom };
}

/** All of it where names can be read then; else as small as they can be read, with `node` in sight, or the beginning. */
export function firstView(layout: GraphLayout, size: Size, node: number | null): ViewBox {
  const all = fitView(layout, size);
  if (all.zoom >= readableZoom) return all;
  const zoom = 1;
  if (node !== null) return centredOn(layout, size, node, zoom);
  const isHigh = layout.heightPx * zoom > size.height - 2 * marginPx;
  const first = layout.xs.reduce((best, x, at) => (x < (layout.xs[best] ?? 0) ? at : best), 0);
  const centreY = isHigh ? (layout.ys[first] ?? 0) + nodeHeightPx / 2 : layout.heightPx / 2;
  return { x: -marginPx / zoom, y: centreY - size.height / zoom / 2, zoom };
}

/** Larger or smaller, with the point of the screen staying over what it shows. */
export function zoomAt(view: ViewBox, at: Point, factor: number): ViewBox {
  const zoom = clampZoom(view.zoom * factor);
  return {
    x: view.x + at.x / view.zoom - at.x / zoom,
    y: view.y + at.y / view.zoom - at.y / zoom,
    zoom,
  };
}

/** Moved by pixels of the screen. */
export const panBy = (view: ViewBox, dx: number, dy: number): ViewBox => ({
  ...view,
  x: view.x + dx / view.zoom,
  y: view.y + dy / view.zoom,
});

/** The point of the drawing in the middle of the screen. */
export const centredAt = (view: ViewBox, { width, height }: Size, at: Point): ViewBox => ({
  ...view,
  x: at.x - width / view.zoom / 2,
  y: at.y - height / view.zoom / 2,
});

function centredOn(layout: GraphLayout, size: Size, node: number, zoom: number): ViewBox {
  const at = { x: (layout.xs[node] ?? 0) + nodeWidthPx / 2, y: (layout.ys[node] ?? 0) + nodeHeightPx / 2 };
  return centredAt({ x: 0, y: 0, zoom }, size, at);
}

/** Moved as little as needed for a node to be seen whole; the same where it is. */
export function withInView(
  view: ViewBox,
  layout: GraphLayout,
  { width, height }: Size,
  node: number,
): ViewBox {
  const margin = marginPx / view.zoom;
  const move = (from: number, seen: number, at: number, length: number) =>
    at - margin < from
      ? at - margin
      : at + length + margin > from + seen
        ? at + length + margin - seen
        : from;
  const x = move(view.x, width / view.zoom, layout.xs[node] ?? 0, nodeWidthPx);
  const y = move(view.y, height / view.zoom, layout.ys[node] ?? 0, nodeHeightPx);
  return x === view.x && y === view.y ? view : { ...view, x, y };
}

/** The nodes that are seen, at least in part. */
export function nodesInView(view: ViewBox, layout: GraphLayout, { width, height }: Size): number[] {
  const right = view.x + width / view.zoom;
  const bottom = view.y + height / view.zoom;
  const found: number[] = [];
  layout.xs.forEach((x, node) => {
    const y = layout.ys[node] ?? 0;
    if (x < right && x + nodeWidthPx > view.x && y < bottom && y + nodeHeightPx > view.y) found.push(node);
  });
  return found;
}

const clampZoom = (zoom: number) => Math.min(mostZoom, Math.max(leastZoom, zoom));
