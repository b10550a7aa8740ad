import { useVirtualizer } from '@tanstack/react-virtual';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useEffect, useMemo, useRef } from 'react';
import { createPortal } from 'react-dom';
import type { Run, RunOrder } from '../../../contract/index.ts';
import { formatCount } from '../../ui/format-number.ts';
import type { RunColumn } from './run-columns.ts';
import { RunsTableRow, pinnedPx } from './runs-table-row.tsx';
import styles from './runs-table.module.css';
import { useSeries, useSeriesGrowth } from './use-series.ts';

const rowPx = 28;
const headerPx = 48;

interface RunsTableProps {
  readonly runs: readonly Run[];
  readonly columns: readonly RunColumn[];
  /** Where the counts are told: in the title strip, so that they cost the rows no height. */
  readonly countsAt: HTMLElement | null;
  readonly matched: number;
  readonly total: number;
  /** The rows answer an earlier question; the new answer is on its way. */
  readonly isStale: boolean;
  readonly order: RunOrder;
  onOrder(order: RunOrder): void;
  readonly selected: ReadonlySet<string>;
  readonly colours: ReadonlyMap<string, number>;
  onToggle(id: string): void;
  onStar(run: Run): void;
  onOpen(run: Run): void;
  readonly activeId: string | null;
  onActive(id: string): void;
  readonly noteOf: string | null;
  onNoteOf(id: string | null): void;
  /** Reads the next page; left out while there is none or one is on its way. */
  readonly needMore: (() => unknown) | undefined;
}

/** The runs as a grid: one Tab stop, rows drawn only where they are seen, further pages read while scrolling. */
export function RunsTable(props: RunsTableProps) {
  const { runs, columns, matched, total, order, selected, activeId, needMore } = props;
  const scrollRef = useRef<HTMLDivElement>(null);
  const activeAt = runs.findIndex((run) => run.id === activeId);
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    overscan: 8,
    paddingStart: headerPx,
    scrollPaddingStart: headerPx,
    initialRect: { width: 1200, height: 900 },
  });
  const items = rows.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (lastSeen >= runs.length - 40) needMore?.();
  }, [lastSeen, runs.length, needMore]);
  useEffect(() => {
    if (activeAt >= 0) rows.scrollToIndex(activeAt, { align: 'auto' });
    // Only when the active row changes, not when rows come or go around it.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [activeId]);

  const seen = useMemo(
    () => items.map((item) => runs[item.index]).filter((run) => run !== undefined),
    [items, runs],
  );
  const trends = columns
    .filter((column) => column.group === 'Trend')
    .map((column) => column.id.slice('trend.'.length));
  // Asked in blocks of rows, so that scrolling by a row does not ask again.
  const blockFrom = Math.floor((items[0]?.index ?? 0) / 50) * 50;
  const blockTo = Math.ceil((lastSeen + 1) / 50) * 50;
  const blockIds = useMemo(
    () => runs.slice(blockFrom, blockTo).map((run) => run.id),
    [runs, blockFrom, blockTo],
  );
  const { data: series } = useSeries({ runIds: blockIds, keys: trends, points: 60 }, trends.length > 0);
  useSeriesGrowth(seen);
  const seriesOf = useMemo(
    () => new Map(series?.map((view) => [`${view.runId} ${view.key}`, view])),
    [series],
  );

  const widthPx = columns.reduce(
    (sum, column) => sum + column.widthPx,
    pinnedPx - (columns[0]?.widthPx ?? 0),
  );
  const [firstRow, lastRow] = shownRows(scrollRef.current, runs.length);
  return (
    <div className={styles.frame} data-read data-waiting={props.isStale || undefined}>
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
          activeAt >= 0 && items.some((item) => item.index === activeAt) ? `run-${activeId ?? ''}` : undefined
        }
      >
        <div style={{ height: rows.getTotalSize(), minWidth: widthPx, position: 'relative' }} role="rowgroup">
          <HeaderRow columns={columns} order={order} onOrder={props.onOrder} />
          {items.map((item) => {
            const run = runs[item.index];
            if (run === undefined) return null;
            return (
              <RunsTableRow
                key={run.id}
                run={run}
                index={item.index}
                topPx={item.start}
                columns={columns}
                seriesOf={seriesOf}
                isActive={run.id === activeId}
                isSelected={selected.has(run.id)}
                colourIndex={props.colours.get(run.id)}
                isNoting={props.noteOf === run.id}
                onToggle={props.onToggle}
                onStar={props.onStar}
                onOpen={props.onOpen}
                onActive={props.onActive}
                onNoteOf={props.onNoteOf}
              />
            );
          })}
        </div>
      </div>
      {props.countsAt === null
        ? null
        : createPortal(
            `${formatCount(firstRow)}–${formatCount(lastRow)} of ${formatCount(total)} · ${formatCount(matched)} match · ${formatCount(selected.size)} selected`,
            props.countsAt,
          )}
    </div>
  );
}

/** First and last row that can be read now, 1-based. */
function shownRows(scroll: HTMLElement | null, loaded: number): [first: number, last: number] {
  if (scroll === null) return [Math.min(1, loaded), loaded];
  const first = Math.floor(scroll.scrollTop / rowPx) + 1;
  const fit = Math.floor((scroll.clientHeight - headerPx) / rowPx);
  return [Math.min(first, loaded), Math.min(loaded, first + fit - 1)];
}

function HeaderRow({
  columns,
  order,
  onOrder,
}: {
  columns: readonly RunColumn[];
  order: RunOrder;
  onOrder(order: RunOrder): void;
}) {
  return (
    <div role="row" className={styles.header} aria-rowindex={1}>
      {columns.map((column, at) => {
        const isOrdered = order.by === column.id;
        const isFirstOfGroup = columns[at - 1]?.group !== column.group;
        return (
          <div
            key={column.id}
            role="columnheader"
            className={`${styles.head} ${at === 0 ? styles.pinned : ''}`}
            style={{ width: at === 0 ? pinnedPx : column.widthPx }}
            data-number={column.isNumber || undefined}
            aria-colindex={at + 1}
            aria-sort={isOrdered ? (order.descending ? 'descending' : 'ascending') : undefined}
          >
            <span className={styles.group} aria-hidden>
              {isFirstOfGroup && column.group !== 'Run' && column.group !== 'More' ? column.group : ''}
            </span>
            {column.isSortable ? (
              <button
                type="button"
                tabIndex={-1}
                className={styles.sort}
                title={`${column.group === 'Metrics' ? 'Metric' : column.group === 'Params' ? 'Param' : ''} ${column.title}. Click to order by it.`.trim()}
                onClick={() =>
                  onOrder({
                    by: column.id,
                    descending: isOrdered ? !order.descending : column.isNumber || column.id === 'created',
                  })
                }
              >
                <span className={styles.title}>{column.title}</span>
                {isOrdered ? (
                  order.descending ? (
                    <IconArrowDown size={12} aria-hidden />
                  ) : (
                    <IconArrowUp size={12} aria-hidden />
                  )
                ) : null}
              </button>
            ) : (
              <span className={styles.sort} title={column.title}>
                <span className={styles.title}>{column.title}</span>
              </span>
            )}
          </div>
        );
      })}
    </div>
  );
}
