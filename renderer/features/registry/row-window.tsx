import { useVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type RefObject } from 'react';
import { usePageActions } from '../../app/use-page-actions.ts';
import styles from './models.module.css';

const rowPx = 28;
/** So many rows before the last one that was read, more are asked for. */
const readAhead = 40;

/** The rows of a long table that are in view, and the one that keys act on. */
export interface RowWindow {
  /** Goes to the region that scrolls. */
  readonly scroll: RefObject<HTMLDivElement | null>;
  readonly rows: readonly VirtualItem[];
  /** The room of the rows that are not drawn. */
  readonly abovePx: number;
  readonly belowPx: number;
  /** The index of the row that keys act on. */
  readonly pointed: number;
  point(index: number): void;
}

/**
 * @param count of the rows that were read
 * @param readMore asked for more when the last of them come near; null when there are none
 * @param onOpen the key that opens a row
 */
export function useRowWindow(
  count: number,
  readMore: (() => void) | null,
  onOpen: (index: number) => void,
): RowWindow {
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- used where it is made, never handed on
  const lines = useVirtualizer({
    count,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: 12,
    initialRect: { width: 1200, height: 600 },
  });
  const rows = lines.getVirtualItems();
  const isNearEnd = (rows.at(-1)?.index ?? 0) >= count - readAhead;
  useEffect(() => {
    if (isNearEnd) readMore?.();
  }, [isNearEnd, readMore]);
  const [chosen, point] = useState(0);
  const pointed = Math.min(chosen, count - 1);
  const pointAt = (next: number) => {
    const to = Math.max(0, Math.min(count - 1, next));
    point(to);
    lines.scrollToIndex(to, { align: 'auto' });
  };
  usePageActions({
    'runs.next': () => pointAt(pointed + 1),
    'runs.previous': () => pointAt(pointed - 1),
    'runs.first': () => pointAt(0),
    'runs.last': () => pointAt(count - 1),
    'runs.open': () => onOpen(pointed),
  });
  return {
    scroll,
    rows,
    abovePx: rows[0]?.start ?? 0,
    belowPx: lines.getTotalSize() - (rows.at(-1)?.end ?? 0),
    pointed,
    point,
  };
}

/** The room of rows that are not drawn. */
export function RowSpace({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden className={styles.space} style={{ height: heightPx }}>
      <td aria-label="Rows that are out of view" />
    </tr>
  );
}
