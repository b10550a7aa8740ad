import { useCallback, type PointerEvent } from 'react';
import { useThemeColours } from '../../../ui/theme-colours.ts';
import type { StageLook } from '../stage-look.ts';
import { lookColour } from './draw-graph.ts';
import styles from './graph-view.module.css';
import type { Point, Size, ViewBox } from './graph-view-box.ts';
import { nodeHeightPx, nodeWidthPx, type GraphLayout } from './layered-layout.ts';
import { useCanvas } from './use-canvas.ts';

const mostWidthPx = 180;
const mostHeightPx = 110;
const leastSidePx = 16;

/** All of a drawing in small, with what is seen of it framed; a click or drag goes there. For the pointer only: keys have the list. */
export function Minimap({
  layout,
  looks,
  view,
  size,
  onGo,
}: {
  layout: GraphLayout;
  looks: readonly StageLook[];
  view: ViewBox;
  size: Size;
  /** The point of the drawing to have in the middle. */
  onGo: (at: Point) => void;
}) {
  const colours = useThemeColours();
  const scale = Math.min(mostWidthPx / layout.widthPx, mostHeightPx / layout.heightPx);
  const width = Math.max(leastSidePx, Math.round(layout.widthPx * scale));
  const height = Math.max(leastSidePx, Math.round(layout.heightPx * scale));
  const draw = useCallback(
    (context: CanvasRenderingContext2D) => {
      context.clearRect(0, 0, width, height);
      const nodeWidth = Math.max(1.5, nodeWidthPx * scale);
      const nodeHeight = Math.max(1, nodeHeightPx * scale);
      layout.xs.forEach((x, node) => {
        context.fillStyle = lookColour(looks[node] ?? 'unknown', colours);
        context.fillRect(x * scale, (layout.ys[node] ?? 0) * scale, nodeWidth, nodeHeight);
      });
    },
    [layout, looks, colours, scale, width, height],
  );
  const canvas = useCanvas({ width, height }, draw);
  const go = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    onGo({ x: (event.clientX - box.left) / scale, y: (event.clientY - box.top) / scale });
  };
  const left = Math.max(0, view.x * scale);
  const top = Math.max(0, view.y * scale);
  return (
    <div
      className={styles.minimap}
      style={{ width, height }}
      aria-hidden
      onPointerDown={(event) => {
        event.stopPropagation();
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) go(event);
      }}
    >
      <canvas ref={canvas} style={{ width, height }} />
      <span
        className={styles.seen}
        style={{
          left,
          top,
          width: Math.max(3, Math.min(width, (view.x + size.width / view.zoom) * scale) - left),
          height: Math.max(3, Math.min(height, (view.y + size.height / view.zoom) * scale) - top),
        }}
      />
    </div>
  );
}
