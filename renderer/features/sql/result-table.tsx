import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import type { SqlResult } from '../../../contract/index.ts';
import styles from './sql-page.module.css';

export interface SortedBy {
  readonly column: string;
  readonly isDescending: boolean;
}

const rowPx = 24;
const columnPx = 160;

/** The rows of a result; only those that are seen are drawn. */
export function ResultTable({
  result,
  sort,
}: {
  result: SqlResult;
  /** What the rows are sorted by, and how another column is chosen for it; without it they stay as they come. */
  sort?: { readonly by: SortedBy | null; readonly choose: (column: string) => void };
}) {
  const scrollRef = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- used where it is made, never handed on
  const virtual = useVirtualizer({
    count: result.rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    overscan: 12,
    paddingStart: rowPx,
    initialRect: { width: 1200, height: 600 },
  });
  const isNumber = result.columns.map((_, at) => typeof result.rows[0]?.[at] === 'number');
  const cells = (values: readonly (string | number | null)[], role: 'cell' | 'columnheader') =>
    values.map((value, at) => (
      // Columns of a result have no other identity than their place.
      <div
        key={at}
        role={role}
        aria-sort={
          role === 'columnheader' && sort?.by?.column === value
            ? sort.by.isDescending
              ? 'descending'
              : 'ascending'
            : undefined
        }
        className={styles.cell}
        style={{ width: columnPx }}
        data-number={isNumber[at] === true ? true : undefined}
        data-null={value === null ? true : undefined}
        title={value === null ? 'NULL' : String(value)}
      >
        {role === 'columnheader' && sort !== undefined ? (
          <button type="button" className={styles.sort} onClick={() => sort.choose(String(value))}>
            {String(value)}
            {sort.by?.column === value ? (sort.by.isDescending ? ' ↓' : ' ↑') : null}
          </button>
        ) : value === null ? (
          'NULL'
        ) : (
          String(value)
        )}
      </div>
    ));
  return (
    <div
      ref={scrollRef}
      className={styles.scroll}
      role="table"
      tabIndex={0}
      aria-label="Result"
      aria-rowcount={result.rows.length + 1}
      data-region-focus
    >
      <div
        role="rowgroup"
        style={{
          height: virtual.getTotalSize(),
          width: Math.max(1, result.columns.length) * columnPx,
          position: 'relative',
        }}
      >
        <div role="row" className={styles.head} aria-rowindex={1}>
          {cells(result.columns, 'columnheader')}
        </div>
        {virtual.getVirtualItems().map(({ index, start }) => (
          <div
            key={index}
            role="row"
            className={styles.row}
            aria-rowindex={index + 2}
            style={{ transform: `translateY(${start}px)` }}
          >
            {cells(result.rows[index] ?? [], 'cell')}
          </div>
        ))}
      </div>
    </div>
  );
}
