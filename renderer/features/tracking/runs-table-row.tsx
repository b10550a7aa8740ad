import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { memo } from 'react';
import type { Run, SeriesView } from '../../../contract/index.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { runColour } from '../../ui/series-chart/run-colours.ts';
import { Sparkline } from '../../ui/series-chart/sparkline.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { NoteField } from './note-field.tsx';
import { shownTags, type RunColumn } from './run-columns.ts';
import styles from './runs-table.module.css';

/** The pinned edge: check box, star and name. */
export const pinnedPx = 248;

interface RowProps {
  readonly run: Run;
  readonly index: number;
  readonly topPx: number;
  readonly columns: readonly RunColumn[];
  readonly seriesOf: ReadonlyMap<string, SeriesView>;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly colourIndex: number | undefined;
  readonly isNoting: boolean;
  onToggle(id: string): void;
  onStar(run: Run): void;
  onOpen(run: Run): void;
  onActive(id: string): void;
  onNoteOf(id: string | null): void;
}

export const RunsTableRow = memo(function RunsTableRow(props: RowProps) {
  const { run, columns, isSelected, colourIndex } = props;
  return (
    // The same with keys is in the command table, which the window listens for.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      id={`run-${run.id}`}
      className={styles.row}
      style={{ transform: `translateY(${props.topPx}px)` }}
      aria-rowindex={props.index + 2}
      aria-selected={isSelected}
      data-active={props.isActive || undefined}
      onClick={(event) => {
        props.onActive(run.id);
        if (event.metaKey || event.ctrlKey) props.onToggle(run.id);
      }}
      onDoubleClick={() => props.onOpen(run)}
    >
      {columns.map((column, at) => (
        <div
          key={column.id}
          role={at === 0 ? 'rowheader' : 'gridcell'}
          className={`${styles.cell} ${at === 0 ? styles.pinned : ''}`}
          style={{ width: at === 0 ? pinnedPx : column.widthPx }}
          data-number={column.isNumber || undefined}
          aria-colindex={at + 1}
        >
          {at === 0 ? (
            <>
              <span
                className={styles.colourBar}
                style={colourIndex === undefined ? undefined : { background: runColour(colourIndex) }}
              />
              <input
                type="checkbox"
                tabIndex={-1}
                className={styles.check}
                checked={isSelected}
                aria-label={`Select ${run.name}`}
                onChange={() => props.onToggle(run.id)}
              />
              <button
                type="button"
                tabIndex={-1}
                className={styles.star}
                data-on={run.isStarred || undefined}
                aria-label={`${run.isStarred ? 'Unstar' : 'Star'} ${run.name}`}
                aria-pressed={run.isStarred}
                onClick={() => props.onStar(run)}
              >
                {run.isStarred ? <IconStarFilled size={13} /> : <IconStar size={13} stroke={1.5} />}
              </button>
              <button
                type="button"
                tabIndex={-1}
                className={styles.name}
                title={run.note === '' ? run.name : `${run.name}: ${run.note}`}
                onClick={() => props.onOpen(run)}
              >
                {run.name}
              </button>
              {props.isNoting ? (
                <NoteField run={run} onDone={() => props.onNoteOf(null)} />
              ) : run.note === '' ? null : (
                <span className={styles.noteMark}>{run.note}</span>
              )}
            </>
          ) : (
            <Cell column={column} run={run} seriesOf={props.seriesOf} colourIndex={colourIndex} />
          )}
        </div>
      ))}
    </div>
  );
});

function Cell({
  column,
  run,
  seriesOf,
  colourIndex,
}: {
  column: RunColumn;
  run: Run;
  seriesOf: ReadonlyMap<string, SeriesView>;
  colourIndex: number | undefined;
}) {
  const dot = column.id.indexOf('.');
  const key = column.id.slice(dot + 1);
  switch (dot < 0 ? column.id : column.id.slice(0, dot)) {
    case 'status':
      return <StatusMark status={run.status} />;
    case 'created':
      return <RelativeTime at={run.startedAt ?? run.createdAt} />;
    case 'duration':
      return <ElapsedTime startedAt={run.startedAt} endedAt={run.endedAt} />;
    case 'note':
      return (
        <span className={styles.text} title={run.note}>
          {run.note}
        </span>
      );
    case 'tags':
      if (dot >= 0) return <span className={styles.text}>{run.tags[key]}</span>;
      return (
        <span
          className={styles.text}
          title={shownTags(run)
            .map(([name, value]) => `${name}: ${value}`)
            .join('\n')}
        >
          {shownTags(run).map(([name, value]) => (
            <span key={name} className={styles.tag}>
              {value === '' || value === 'true' ? name : value}
            </span>
          ))}
        </span>
      );
    case 'metrics': {
      const metric = run.metrics[key];
      if (metric === undefined) return null;
      return (
        <span
          title={`${key} ${String(metric.last)} at step ${metric.lastStep}${metric.isGuessed ? ', read from the output' : ''}`}
        >
          {formatNumber(metric.last)}
        </span>
      );
    }
    case 'trend': {
      const view = seriesOf.get(`${run.id} ${key}`);
      if (view === undefined) return null;
      return (
        <span className={colourIndex === undefined ? styles.quietTrend : undefined}>
          <Sparkline
            label={key}
            xs={view.steps}
            values={view.values}
            colourIndex={colourIndex ?? 0}
            width={88}
            height={18}
          />
        </span>
      );
    }
    default:
      return (
        <span className={styles.text} title={run.params[key]}>
          {run.params[key]}
        </span>
      );
  }
}
