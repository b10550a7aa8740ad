import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, type RefObject } from 'react';
import type { RunColumn } from './run-columns.ts';

export const narrowestPx = 48;
const widestPx = 800;

export interface ShownColumn {
  readonly column: RunColumn;
  /** Its place among all columns, the pinned one being 0. */
  readonly at: number;
  readonly widthPx: number;
}

/** The columns that are in view beside the pinned one, and how far the first of them stands from its edge. */
export interface ShownColumns {
  readonly columns: readonly ShownColumn[];
  readonly pinnedPx: number;
  readonly gapPx: number;
  readonly totalPx: number;
}

/** Room for the way from the baseline beside a metric's value. */
const deltaPx = 74;

export const clampWidth = (px: number) => Math.round(Math.min(widestPx, Math.max(narrowestPx, px)));

/** The columns drawn now: a table of four hundred metrics draws those in view. The first column is pinned and always there. */
export function useShownColumns(
  columns: readonly RunColumn[],
  widths: Readonly<Record<string, number>>,
  scrollRef: RefObject<HTMLElement | null>,
  hasDeltas: boolean,
): ShownColumns {
  const widthAt = (at: number): number => {
    const column = columns[at];
    return column === undefined
      ? 0
      : clampWidth(
          widths[column.id] ?? column.widthPx + (hasDeltas && column.metric !== undefined ? deltaPx : 0),
        );
  };
  // What is taken from it below are numbers; none of its functions goes further.
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: widthAt,
    overscan: 2,
    initialRect: { width: 1400, height: 900 },
    rangeExtractor: (range) => [...new Set([0, ...defaultRangeExtractor(range)])],
  });
  const sizes = columns.map((_, at) => widthAt(at)).join(' ');
  useEffect(() => virtual.measure(), [virtual, sizes]);
  const items = virtual.getVirtualItems();
  const from = items.find((item) => item.index > 0)?.index ?? 1;
  const to = items.at(-1)?.index ?? 0;
  return useMemo(() => {
    const all = sizes.split(' ').map(Number);
    const sum = (first: number, end: number) => all.slice(first, end).reduce((total, px) => total + px, 0);
    return {
      columns: columns
        .map((column, at) => ({ column, at, widthPx: all[at] ?? 0 }))
        .slice(Math.max(1, from), Math.max(1, to + 1)),
      pinnedPx: all[0] ?? 0,
      gapPx: sum(1, from),
      totalPx: sum(0, all.length),
    };
  }, [columns, sizes, from, to]);
}
