import { useRef, useState, type KeyboardEvent } from 'react';
import {
  importanceCell,
  importanceText,
  type ColumnHistory,
  type MonitorResults,
} from '../../../contract/index.ts';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { percentText } from './monitor-texts.ts';
import styles from './monitoring.module.css';

type Cell = ColumnHistory['cells'][number];

const moves: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -Infinity],
  End: [0, Infinity],
};

/** Columns × chunks, the columns that alarm most often first: how many rows moved, and where that is an alarm. One Tab stop. */
export function HeatMap({
  results: { chunks, columns, importance },
  chosen,
  onChoose,
}: {
  results: MonitorResults;
  chosen: { readonly chunkId: number; readonly name: string } | null;
  onChoose: (place: { chunkId: number; name: string }) => void;
}) {
  const [active, setActive] = useState({ row: 0, column: 0 });
  const body = useRef<HTMLTableSectionElement>(null);
  const within = (value: number, count: number) => Math.max(0, Math.min(count - 1, value));

  function onKeyDown(event: KeyboardEvent): void {
    const move = moves[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = {
      row: within(active.row + move[0], columns.length),
      column: within(active.column + move[1], chunks.length),
    };
    setActive(next);
    body.current?.querySelector<HTMLElement>(`[data-place="${next.row} ${next.column}"]`)?.focus();
  }

  return (
    <section aria-labelledby="heat-map">
      <h2 id="heat-map" className={tables.heading}>
        Columns over time
        <span className={tables.quiet}>the share of rows that moved, in percent; ! where it is an alarm</span>
        {importance === null ? null : <span className={tables.quiet}>· {importanceText(importance)}</span>}
      </h2>
      <div className={tables.sideways}>
        <table className={`${tables.table} ${styles.heat}`} aria-labelledby="heat-map">
          <TableHead
            columns={[
              'Column',
              { title: 'Alarms', is: 'number', help: 'In how many chunks it alarms' },
              ...(importance === null
                ? []
                : [{ title: 'Importance', is: 'number', help: importanceText(importance) } as const]),
              ...chunks.map(
                ({ label }) => ({ title: shortLabel(label), is: 'number', help: label }) as const,
              ),
            ]}
          />
          <tbody ref={body}>
            {columns.map(({ name, panel, cells, alarmCount, importance: own }, row) => (
              <tr key={name}>
                <th scope="row" title={name}>
                  {name}
                  {panel === 'output' ? <span className={tables.quiet}> output</span> : null}
                </th>
                <td className={tables.number}>{alarmCount}</td>
                {importance === null ? null : (
                  <td className={tables.number}>{panel === 'output' ? '' : importanceCell(own)}</td>
                )}
                {chunks.map(({ id, label }, column) => {
                  const cell = cells[column] ?? null;
                  const isChosen = chosen?.chunkId === id && chosen.name === name;
                  return (
                    <td
                      key={id}
                      className={styles.cell}
                      data-size={cell?.isAlarm ? (cell.size ?? 'small') : undefined}
                    >
                      <button
                        type="button"
                        data-place={`${row} ${column}`}
                        tabIndex={active.row === row && active.column === column ? 0 : -1}
                        aria-pressed={isChosen}
                        aria-label={`${name} in ${label}: ${cellWords(cell)}`}
                        disabled={cell === null}
                        onFocus={() => setActive({ row, column })}
                        onKeyDown={onKeyDown}
                        onClick={() => onChoose({ chunkId: id, name })}
                      >
                        {cellText(cell)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A period needs no year again and again where the column is narrow. */
const shortLabel = (label: string): string => (label.length > 10 ? `…${label.slice(-9)}` : label);

function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (cell.moved === null) return '·';
  return `${(cell.moved * 100).toFixed(cell.moved < 0.1 ? 1 : 0)}${cell.isAlarm ? ' !' : ''}`;
}

function cellWords(cell: Cell): string {
  if (cell === null) return 'not there';
  if (cell.moved === null) return cell.verdict.replaceAll('-', ' ');
  return `${percentText(cell.moved)} of the rows moved, ${cell.isAlarm ? `an alarm, ${cell.size ?? 'small'}` : cell.verdict.replaceAll('-', ' ')}`;
}
