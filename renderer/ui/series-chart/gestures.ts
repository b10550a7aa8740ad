import { useEffect, useRef, type KeyboardEvent, type PointerEvent, type RefObject } from 'react';
import type { Range } from './chart-series.ts';
import { valueOfPixel, xOfPixel, type PlotScale } from './plot-scale.ts';
import type { SceneStore, Selection } from './scene.ts';
import { panBy, within, zoomAround, type View } from './view-range.ts';
import type { Zoom } from './zoom.ts';

/** A press that travels less is a click. */
const dragThresholdPixels = 4;

type Drag = { kind: 'range' | 'box' | 'pan'; startX: number; startY: number; scale: PlotScale };

/**
 * Pointer and wheel on the plot: drag zooms x, shift-drag a box, ctrl-drag pans, alt+wheel zooms, double-click goes one step
 * back. While a drag lasts only canvases change; the axes follow once, at its end.
 */
export function useGestures(options: {
  plot: RefObject<HTMLElement | null>;
  scene: SceneStore;
  zoom: Zoom;
  /** All of x that there is to see. */
  bounds: Range;
  point: (x: number, y: number) => void;
  leave: () => void;
  /** The axis' labels must follow a pan by so many pixels. */
  shiftAxis: (pixels: number) => void;
}) {
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const drag = useRef<Drag | null>(null);
  const { plot } = options;

  const finish = (): Drag | null => {
    const finished = drag.current;
    drag.current = null;
    latest.current.scene.setState({ selection: null });
    latest.current.shiftAxis(0);
    return finished;
  };

  const cancel = (): boolean => {
    const cancelled = finish();
    if (cancelled?.kind === 'pan') latest.current.scene.setState({ scale: cancelled.scale });
    return cancelled !== null;
  };

  useEffect(() => {
    const target = plot.current;
    if (!target) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (!event.altKey) return;
      const { scene, zoom, bounds } = latest.current;
      const { scale } = scene.getState();
      if (!scale) return;
      event.preventDefault();
      const [x] = placeIn(target, event);
      const factor = Math.exp(Math.max(-120, Math.min(120, event.deltaY || event.deltaX)) * 0.003);
      const next = within(zoomAround(scale.x, xOfPixel(scale, x), factor), bounds);
      zoom.show({ x: next, y: zoom.view.y }, { isContinuing: true });
    };
    // React's own wheel listener is passive and could not keep the page from scrolling.
    target.addEventListener('wheel', onWheel, { passive: false });
    return () => target.removeEventListener('wheel', onWheel);
  }, [plot]);

  return {
    cancel,
    handlers: {
      onPointerDown(event: PointerEvent<HTMLElement>) {
        const { scale } = options.scene.getState();
        if (!scale || event.button !== 0) return;
        const [x, y] = placeIn(event.currentTarget, event);
        const kind = event.ctrlKey || event.metaKey ? 'pan' : event.shiftKey ? 'box' : 'range';
        drag.current = { kind, startX: x, startY: y, scale };
        event.currentTarget.setPointerCapture(event.pointerId);
      },
      onPointerMove(event: PointerEvent<HTMLElement>) {
        const { scene, point, shiftAxis, bounds } = options;
        const [x, y] = placeIn(event.currentTarget, event);
        const dragged = drag.current;
        if (!dragged) {
          point(x, y);
        } else if (dragged.kind === 'pan') {
          const range = pannedRange(dragged, x, bounds);
          scene.setState({ scale: { ...dragged.scale, x: range }, hit: null, crosshairX: null });
          shiftAxis(((dragged.scale.x[0] - range[0]) / (range[1] - range[0])) * dragged.scale.width);
        } else {
          scene.setState({ selection: selectionOf(dragged, x, y), hit: null, crosshairX: null });
        }
      },
      onPointerUp(event: PointerEvent<HTMLElement>) {
        const [x, y] = placeIn(event.currentTarget, event);
        const finished = finish();
        if (!finished) return;
        const view = viewAfter(finished, x, y, options.bounds, options.zoom.view);
        if (view) options.zoom.show(view);
        else options.scene.setState({ scale: finished.scale });
      },
      onPointerCancel() {
        cancel();
      },
      onPointerLeave() {
        if (!drag.current) options.leave();
      },
      onDoubleClick() {
        options.zoom.back();
      },
    },
  };
}

/** What the keyboard does with a chart in focus. Returns true where the key was used. */
export function zoomByKey(
  event: KeyboardEvent,
  zoom: Zoom,
  scale: PlotScale,
  bounds: Range,
  centre: number,
): boolean {
  const change = (range: Range): boolean => {
    zoom.show({ x: within(range, bounds), y: zoom.view.y }, { isContinuing: true });
    return true;
  };
  const width = scale.x[1] - scale.x[0];
  switch (event.key) {
    case '+':
    case '=':
      return change(zoomAround(scale.x, centre, 0.5));
    case '-':
    case '_':
      return change(zoomAround(scale.x, centre, 2));
    case 'ArrowLeft':
      return change(panBy(scale.x, -width * 0.2));
    case 'ArrowRight':
      return change(panBy(scale.x, width * 0.2));
    case 'Backspace':
      return zoom.back();
    case 'Escape':
    case '0':
      return zoom.reset();
    default:
      return false;
  }
}

function pannedRange(drag: Drag, x: number, bounds: Range): Range {
  const { scale } = drag;
  const distance = ((drag.startX - x) / scale.width) * (scale.x[1] - scale.x[0]);
  return within(panBy(scale.x, distance), bounds) ?? scale.x;
}

function selectionOf({ kind, startX, startY, scale }: Drag, x: number, y: number): Selection {
  const inX = (pixel: number): number => Math.min(Math.max(pixel, scale.left), scale.left + scale.width);
  const inY = (pixel: number): number => Math.min(Math.max(pixel, scale.top), scale.top + scale.height);
  const isBox = kind === 'box';
  return {
    left: inX(Math.min(startX, x)),
    right: inX(Math.max(startX, x)),
    top: isBox ? inY(Math.min(startY, y)) : scale.top,
    bottom: isBox ? inY(Math.max(startY, y)) : scale.top + scale.height,
  };
}

/** The view that a finished drag asks for; null where it was too short to mean anything. */
export function viewAfter(drag: Drag, x: number, y: number, bounds: Range, view: View): View | null {
  const { kind, scale } = drag;
  if (kind === 'pan') {
    const range = pannedRange(drag, x, bounds);
    return range[0] === scale.x[0] ? null : { x: range, y: view.y };
  }
  const box = selectionOf(drag, x, y);
  if (box.right - box.left < dragThresholdPixels) return null;
  const xRange: Range = [xOfPixel(scale, box.left), xOfPixel(scale, box.right)];
  if (kind === 'range') return { x: xRange, y: null };
  if (box.bottom - box.top < dragThresholdPixels) return null;
  return { x: xRange, y: [valueOfPixel(scale, box.bottom), valueOfPixel(scale, box.top)] };
}

function placeIn(element: Element, event: { clientX: number; clientY: number }): [number, number] {
  const box = element.getBoundingClientRect();
  return [event.clientX - box.left, event.clientY - box.top];
}
