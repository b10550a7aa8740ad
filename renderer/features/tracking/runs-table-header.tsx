import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useRef, useState, type PointerEvent } from 'react';
import type { RunOrder } from '../../../contract/index.ts';
import type { RunColumn } from './run-columns.ts';
import styles from './runs-table.module.css';
import { clampWidth, type ShownColumns } from './use-shown-columns.ts';

interface HeaderProps {
  readonly pinned: RunColumn | undefined;
  readonly shown: ShownColumns;
  readonly order: RunOrder;
  onOrder(order: RunOrder): void;
  /** A column's new width; null for its own. */
  onWidth(id: string, widthPx: number | null): void;
  /** Puts a column where another one stands. */
  onMove(id: string, beforeId: string): void;
}

/** Names of the columns: a click orders, a drag moves, the edge between two changes a width (double click: its own again). */
export function RunsTableHeader({ pinned, shown, order, onOrder, onWidth, onMove }: HeaderProps) {
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<string | null>(null);
  const head = (column: RunColumn, at: number, widthPx: number, before: RunColumn | undefined) => {
    const isOrdered = column.orderBy !== null && order.by === column.orderBy;
    const isFirstOfGroup = before?.group !== column.group;
    return (
      <div
        key={column.id}
        role="columnheader"
        className={`${styles.head} ${at === 0 ? styles.pinned : ''}`}
        style={{ width: widthPx }}
        data-number={column.isNumber || undefined}
        data-over={(over === column.id && dragged !== column.id) || undefined}
        aria-colindex={at + 1}
        aria-sort={isOrdered ? (order.descending ? 'descending' : 'ascending') : undefined}
        // Dragged by the pointer; by key, columns move in the list of columns.
        tabIndex={-1}
        draggable={at > 0}
        onDragStart={(event) => {
          event.dataTransfer.effectAllowed = 'move';
          event.dataTransfer.setData('text/plain', column.title);
          setDragged(column.id);
        }}
        onDragOver={(event) => {
          if (dragged === null || at === 0) return;
          event.preventDefault();
          setOver(column.id);
        }}
        onDrop={(event) => {
          event.preventDefault();
          if (dragged !== null && dragged !== column.id) onMove(dragged, column.id);
        }}
        onDragEnd={() => {
          setDragged(null);
          setOver(null);
        }}
      >
        <span className={styles.group} aria-hidden>
          {isFirstOfGroup && column.group !== 'Run' && column.group !== 'More' ? column.group : ''}
        </span>
        {column.orderBy === null ? (
          <span className={styles.sort} title={column.title}>
            <span className={styles.title}>{column.title}</span>
          </span>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            className={styles.sort}
            title={`${aboutColumn(column)}. Click to order by it, drag to move it.`}
            onClick={() =>
              onOrder({
                by: column.orderBy ?? column.id,
                descending: isOrdered ? !order.descending : firstDescending(column),
              })
            }
          >
            <span className={styles.title}>
              {column.title}
              {column.what === undefined ? null : <span className={styles.what}> {column.what}</span>}
            </span>
            {isOrdered ? (
              order.descending ? (
                <IconArrowDown size={12} aria-hidden />
              ) : (
                <IconArrowUp size={12} aria-hidden />
              )
            ) : null}
          </button>
        )}
        <Edge id={column.id} widthPx={widthPx} onWidth={onWidth} />
      </div>
    );
  };
  return (
    <div role="row" className={styles.header} aria-rowindex={1}>
      {pinned === undefined ? null : head(pinned, 0, shown.pinnedPx, undefined)}
      <div className={styles.gap} style={{ width: shown.gapPx }} />
      {shown.columns.map(({ column, at, widthPx }, place) =>
        head(column, at, widthPx, place === 0 ? pinned : shown.columns[place - 1]?.column),
      )}
    </div>
  );
}

const aboutColumn = (column: RunColumn) =>
  column.group === 'Metrics'
    ? `Metric ${column.title}, ${column.what ?? 'last'} value`
    : column.group === 'Params'
      ? `Param ${column.title}`
      : column.title;

/** The first click shows what is looked for: the newest, the longest, the best. */
function firstDescending(column: RunColumn): boolean {
  if (column.what === 'best') return column.metric?.of === 'max';
  return column.isNumber || column.id === 'created';
}

/** The right edge of a column's head, to be dragged. Widths by key are in the list of columns. */
function Edge({
  id,
  widthPx,
  onWidth,
}: {
  id: string;
  widthPx: number;
  onWidth: (id: string, widthPx: number | null) => void;
}) {
  const start = useRef<{ x: number; widthPx: number } | null>(null);
  const move = (event: PointerEvent<HTMLElement>) => {
    if (start.current !== null)
      onWidth(id, clampWidth(start.current.widthPx + event.clientX - start.current.x));
  };
  return (
    <span
      className={styles.edge}
      aria-hidden
      // The head itself is dragged to move the column; its edge must not be.
      draggable
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={(event) => {
        start.current = { x: event.clientX, widthPx };
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={move}
      onPointerUp={(event) => {
        move(event);
        start.current = null;
      }}
      onPointerCancel={() => (start.current = null)}
      onDoubleClick={() => onWidth(id, null)}
    />
  );
}
