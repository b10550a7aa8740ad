import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { Run, RunOrder } from '../../../contract/index.ts';
import { formatCount } from '../../ui/format-number.ts';
import type { RunColumn } from './run-columns.ts';
import { RunsTableHeader } from './runs-table-header.tsx';
import { RunsTableRow, type Editing, type RowActions } from './runs-table-row.tsx';
import styles from './runs-table.module.css';
import { useShownColumns } from './use-shown-columns.ts';
import { blockRuns, type useRuns } from './use-runs.ts';
import { useSeriesGrowth, useTrends } from './use-series.ts';

const rowPx = 28;
const headerPx = 48;
/** Browsers draw no element higher than about 33 million pixels; half of it is left for those that draw less. */
const highestPx = 16_000_000;

interface RunsTableProps {
  readonly rows: ReturnType<typeof useRuns>;
  readonly columns: readonly RunColumn[];
  readonly widths: Readonly<Record<string, number>>;
  onWidth(id: string, widthPx: number | null): void;
  onMove(id: string, beforeId: string): void;
  /** Where the counts are told: in the title strip, so that they cost the rows no height. */
  readonly countsAt: HTMLElement | null;
  readonly order: RunOrder;
  onOrder(order: RunOrder): void;
  readonly selected: ReadonlyMap<string, Run>;
  readonly colours: ReadonlyMap<string, number>;
  readonly activeRow: number;
  readonly baseline: Run | null;
  readonly editing: Editing | null;
  readonly actions: RowActions;
}

/** The runs as a grid: one Tab stop, rows and columns drawn only where they are seen, their data read block by block. */
export function RunsTable(props: RunsTableProps) {
  const { rows: data, columns, order, selected, activeRow, baseline, actions } = props;
  const { matched, runAt, look } = data;
  const scrollRef = useRef<HTMLDivElement>(null);
  const topPx = headerPx + (baseline === null ? 0 : rowPx);
  const rows = useVirtualizer({
    count: Math.min(matched, Math.floor(highestPx / rowPx)),
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    overscan: 6,
    paddingStart: topPx,
    scrollPaddingStart: topPx,
    initialRect: { width: 1200, height: 900 },
  });
  const shown = useShownColumns(columns, props.widths, scrollRef, baseline !== null);
  const items = rows.getVirtualItems();
  const firstDrawn = items[0]?.index ?? 0;
  const lastDrawn = items.at(-1)?.index ?? 0;
  useEffect(() => look(firstDrawn, lastDrawn), [look, firstDrawn, lastDrawn]);
  useEffect(() => {
    if (activeRow >= 0) rows.scrollToIndex(activeRow, { align: 'auto' });
    // Only when the active row changes, not when rows come or go around it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [activeRow]);
  useSteadyScroll(scrollRef, data, topPx);

  const seen = useMemo(() => {
    const found: Run[] = [];
    for (let row = firstDrawn; row <= lastDrawn; row++) {
      const run = runAt(row);
      if (run !== undefined) found.push(run);
    }
    return found;
  }, [runAt, firstDrawn, lastDrawn]);
  const trends = shown.columns
    .filter(({ column }) => column.group === 'Trend')
    .map(({ column }) => column.id.slice('trend.'.length));
  // Asked in blocks of rows, so that scrolling by a row does not ask again.
  const blockFrom = Math.floor(firstDrawn / 50) * 50;
  const blockTo = Math.ceil((lastDrawn + 1) / 50) * 50;
  const blockIds = useMemo(() => {
    const ids = baseline === null ? [] : [baseline.id];
    for (let row = blockFrom; row < Math.min(blockTo, blockFrom + 2 * blockRuns); row++) {
      const run = runAt(row);
      if (run !== undefined && run.id !== baseline?.id) ids.push(run.id);
    }
    return ids;
  }, [runAt, blockFrom, blockTo, baseline]);
  const { data: series } = useTrends({ runIds: blockIds, keys: trends, points: 60 }, trends.length > 0);
  useSeriesGrowth(seen);
  const seriesOf = useMemo(
    () => new Map(series?.map((view) => [`${view.runId} ${view.key}`, view])),
    [series],
  );

  const [firstRow, lastRow] = shownRows(scrollRef.current, matched, topPx);
  const activeRun = runAt(activeRow);
  const row = (run: Run, index: number, at: number | null) => (
    <RunsTableRow
      key={at === null ? 'baseline' : run.id}
      run={run}
      index={index}
      topPx={at}
      shown={shown}
      seriesOf={seriesOf}
      isActive={at !== null && index === activeRow}
      isSelected={selected.has(run.id)}
      colourIndex={props.colours.get(run.id)}
      editing={at !== null && props.editing?.runId === run.id ? props.editing.what : null}
      baseline={baseline}
      actions={actions}
    />
  );
  return (
    <div className={styles.frame} data-read data-waiting={data.isOld || undefined}>
      <div
        ref={scrollRef}
        className={styles.scroll}
        role="grid"
        tabIndex={0}
        data-region-focus
        aria-label="Runs"
        aria-rowcount={matched + 1}
        aria-colcount={columns.length}
        aria-multiselectable="true"
        aria-activedescendant={
          activeRun !== undefined && items.some((item) => item.index === activeRow)
            ? `run-${activeRun.id}`
            : undefined
        }
      >
        <div
          style={{ height: rows.getTotalSize(), minWidth: shown.totalPx, position: 'relative' }}
          role="rowgroup"
        >
          <div className={styles.top}>
            <RunsTableHeader
              pinned={columns[0]}
              shown={shown}
              order={order}
              onOrder={props.onOrder}
              onWidth={props.onWidth}
              onMove={props.onMove}
            />
            {baseline === null ? null : row(baseline, -1, null)}
          </div>
          {items.map((item) => {
            const run = runAt(item.index);
            if (run !== undefined) return row(run, item.index, item.start);
            return (
              <div
                key={item.key}
                className={`${styles.row} ${styles.unread}`}
                style={{ transform: `translateY(${item.start}px)` }}
                aria-hidden
              />
            );
          })}
        </div>
      </div>
      {props.countsAt === null
        ? null
        : createPortal(
            `${formatCount(firstRow)}–${formatCount(lastRow)} of ${formatCount(data.total)} · ${formatCount(matched)} match · ${formatCount(selected.size)} selected`,
            props.countsAt,
          )}
    </div>
  );
}

/** Keeps the rows in view where they are when new runs come in above them; another question begins at the top. */
function useSteadyScroll(
  scrollRef: { readonly current: HTMLDivElement | null },
  data: ReturnType<typeof useRuns>,
  topPx: number,
): void {
  const { runAt, rowOf, look } = data;
  const anchor = useRef<{ look: unknown; runId: string; row: number } | null>(null);
  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    if (scroll === null) return undefined;
    const before = anchor.current;
    if (before !== null && before.look !== look) scroll.scrollTop = 0;
    else if (before !== null && scroll.scrollTop > 0) {
      const row = rowOf(before.runId);
      if (row >= 0 && row !== before.row) scroll.scrollTop += (row - before.row) * rowPx;
    }
    const keep = () => {
      const row = Math.floor(scroll.scrollTop / rowPx);
      const run = runAt(row);
      if (run !== undefined) anchor.current = { look, runId: run.id, row };
    };
    keep();
    scroll.addEventListener('scroll', keep, { passive: true });
    return () => scroll.removeEventListener('scroll', keep);
  }, [scrollRef, runAt, rowOf, look, topPx]);
}

/** First and last row that can be read now, 1-based. */
function shownRows(scroll: HTMLElement | null, count: number, topPx: number): [first: number, last: number] {
  if (scroll === null) return [Math.min(1, count), count];
  const first = Math.floor(scroll.scrollTop / rowPx) + 1;
  const fit = Math.floor((scroll.clientHeight - topPx) / rowPx);
  return [Math.min(first, count), Math.min(count, first + fit - 1)];
}
