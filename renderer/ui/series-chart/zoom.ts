import { useCallback, useEffect, useRef, useState } from 'react';
import type { ChartAxis, Range } from './chart-series.ts';
import { isSameRange, wholeView, type View } from './view-range.ts';

/** What is shown and the way back. */
export type Zoom = {
  view: View;
  /** Shows a view; a continuing gesture (wheel, held key) replaces its own last step in the history. */
  show(view: View, options?: { isContinuing?: boolean }): void;
  /** One step back; false where there is none. */
  back(): boolean;
  /** All of the data; false where all is shown already. */
  reset(): boolean;
};

const settleMs = 160;
const historyLimit = 50;

/**
 * Zoom with a history. `range` set from outside (another chart zoomed) becomes a step of the history, or a step back where it
 * is the one before; another axis begins anew. Continuing gestures report their x range once they come to rest, so that detail is queried once.
 */
export function useZoom(
  axis: ChartAxis,
  range: Range | null | undefined,
  onRange: ((range: Range | null) => void) | undefined,
): Zoom {
  const [history, setHistory] = useState<readonly View[]>(() => withRange([wholeView], range ?? null));
  const [seen, setSeen] = useState(range);
  const [seenAxis, setSeenAxis] = useState(axis);
  if (axis !== seenAxis) {
    // Steps and milliseconds have nothing in common: another axis begins with all of it.
    setSeenAxis(axis);
    setHistory([wholeView]);
  }
  const view = history.at(-1) ?? wholeView;
  if (range !== undefined && !isSameRange(range, seen ?? null)) {
    setSeen(range);
    if (!isSameRange(range, view.x)) setHistory(withRange(history, range));
  }

  const latest = useRef({ history, onRange, range });
  const settling = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    latest.current = { history, onRange, range };
  });
  useEffect(() => () => clearTimeout(settling.current ?? undefined), []);
  const reportedAxis = useRef(axis);
  useEffect(() => {
    if (reportedAxis.current === axis) return;
    reportedAxis.current = axis;
    if (latest.current.range) latest.current.onRange?.(null);
  }, [axis]);

  const go = useCallback((next: readonly View[], delayMs: number) => {
    const before = latest.current.history.at(-1) ?? wholeView;
    const x = (next.at(-1) ?? wholeView).x;
    latest.current.history = next;
    setHistory(next);
    const wasSettling = settling.current !== null;
    clearTimeout(settling.current ?? undefined);
    settling.current = null;
    if (isSameRange(before.x, x) && !wasSettling) return;
    const report = (): void => {
      settling.current = null;
      latest.current.onRange?.(x);
    };
    if (delayMs > 0) settling.current = setTimeout(report, delayMs);
    else report();
  }, []);

  const show = useCallback(
    (next: View, options: { isContinuing?: boolean } = {}) => {
      const known = latest.current.history;
      const isContinuing = options.isContinuing === true;
      const kept = isContinuing && settling.current !== null && known.length > 1 ? known.slice(0, -1) : known;
      go([...kept, next].slice(-historyLimit), isContinuing ? settleMs : 0);
    },
    [go],
  );
  const back = useCallback(() => {
    const known = latest.current.history;
    if (known.length > 1) go(known.slice(0, -1), 0);
    return known.length > 1;
  }, [go]);
  const reset = useCallback(() => {
    const known = latest.current.history.at(-1) ?? wholeView;
    const isZoomed = known.x !== null || known.y !== null;
    if (isZoomed) go([wholeView], 0);
    return isZoomed;
  }, [go]);

  return { view, show, back, reset };
}

function withRange(history: readonly View[], range: Range | null): readonly View[] {
  const before = history.at(-2);
  if (before && isSameRange(before.x, range)) return history.slice(0, -1);
  return range === null ? [wholeView] : [...history, { x: range, y: null }].slice(-historyLimit);
}
