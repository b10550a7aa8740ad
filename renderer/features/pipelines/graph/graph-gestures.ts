import { useEffect, useRef, type PointerEvent, type RefObject } from 'react';
import { panBy, zoomAt, type Point, type ViewBox } from './graph-view-box.ts';

/** A press that moves less far is a click. */
const clickPx = 4;
const wheelFactor = 1.0016;

type ChangeView = (change: (view: ViewBox) => ViewBox) => void;

/** Drag pans, a wheel zooms at the pointer, Shift with it or a sideways one pans, a pinch zooms. A press that stays is `onClick`. */
export function useGraphGestures(
  frame: RefObject<HTMLElement | null>,
  change: ChangeView,
  on: { click: (at: Point) => void; point: (at: Point | null) => void },
) {
  const drag = useRef<{ at: Point; isMoving: boolean } | null>(null);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    // React listens to the wheel passively and could not keep the page from scrolling.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const box = element.getBoundingClientRect();
      const at = { x: event.clientX - box.left, y: event.clientY - box.top };
      const isPinch = event.ctrlKey || event.metaKey;
      const isSideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
      if (!isPinch && event.shiftKey && event.deltaX === 0)
        change((view) => panBy(view, event.deltaY * unit, 0));
      else if (!isPinch && isSideways)
        change((view) => panBy(view, event.deltaX * unit, event.deltaY * unit));
      else change((view) => zoomAt(view, at, (isPinch ? 1.01 : wheelFactor) ** (-event.deltaY * unit)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [frame, change]);
  const placeOf = (event: PointerEvent<HTMLElement>): Point => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  return {
    onPointerDown(event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { at: placeOf(event), isMoving: false };
    },
    onPointerMove(event: PointerEvent<HTMLElement>) {
      const at = placeOf(event);
      const from = drag.current;
      if (from === null) return on.point(at);
      const [dx, dy] = [from.at.x - at.x, from.at.y - at.y];
      if (!from.isMoving && Math.hypot(dx, dy) < clickPx) return;
      drag.current = { at, isMoving: true };
      change((view) => panBy(view, dx, dy));
    },
    onPointerUp(event: PointerEvent<HTMLElement>) {
      const from = drag.current;
      drag.current = null;
      if (from !== null && !from.isMoving) on.click(placeOf(event));
    },
    onPointerCancel() {
      drag.current = null;
    },
    onPointerLeave() {
      on.point(null);
    },
  };
}
