import { IconStar, IconStarFilled } from '@tabler/icons-react';
import { memo } from 'react';
import type { Run, SeriesView } from '../../../contract/index.ts';
import { runColour } from '../../ui/series-chart/run-colours.ts';
import { changeRun } from './change-run.ts';
import { InlineField } from './inline-field.tsx';
import { RunCell } from './run-cell.tsx';
import { tagChange, tagLine } from './run-tags.ts';
import styles from './runs-table.module.css';
import type { ShownColumns } from './use-shown-columns.ts';

/** What is edited in place. */
export interface Editing {
  readonly runId: string;
  readonly what: 'note' | 'tags';
}

/** What rows tell of themselves. Kept stable by the page, so that a row is drawn anew only for what changed in it. */
export interface RowActions {
  /** Selects or deselects; with `isRange` everything between the active row and this one. */
  toggle(run: Run, isRange: boolean): void;
  star(run: Run): void;
  open(run: Run): void;
  activate(run: Run): void;
  edit(editing: Editing | null): void;
}

interface RowProps {
  readonly run: Run;
  readonly index: number;
  /** Null for the baseline, which is pinned under the header. */
  readonly topPx: number | null;
  readonly shown: ShownColumns;
  readonly seriesOf: ReadonlyMap<string, SeriesView>;
  readonly isActive: boolean;
  readonly isSelected: boolean;
  readonly colourIndex: number | undefined;
  readonly editing: Editing['what'] | null;
  readonly baseline: Run | null;
  readonly actions: RowActions;
}

export const RunsTableRow = memo(function RunsTableRow(props: RowProps) {
  const { run, shown, isSelected, colourIndex, actions, editing, baseline, topPx } = props;
  const isPinned = topPx === null;
  const tagsHaveColumn = shown.columns.some(({ column }) => column.id === 'tags');
  const isEditedInName = editing === 'note' || (editing === 'tags' && !tagsHaveColumn);
  return (
    // The same with keys is in the command table, which the window listens for.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      id={isPinned ? 'run-baseline' : `run-${run.id}`}
      className={`${styles.row} ${isPinned ? styles.baseline : ''}`}
      style={isPinned ? undefined : { transform: `translateY(${topPx}px)` }}
      aria-rowindex={props.index + 2}
      aria-selected={isSelected}
      data-active={props.isActive || undefined}
      onClick={(event) => {
        if (event.shiftKey) actions.toggle(run, true);
        actions.activate(run);
        if (event.metaKey || event.ctrlKey) actions.toggle(run, false);
      }}
      onDoubleClick={({ target }) => {
        const cell = target instanceof Element ? target.closest<HTMLElement>('[data-edit]') : null;
        if (cell === null) actions.open(run);
        else actions.edit({ runId: run.id, what: cell.dataset.edit === 'tags' ? 'tags' : 'note' });
      }}
    >
      <div
        role="rowheader"
        className={`${styles.cell} ${styles.pinned}`}
        style={{ width: shown.pinnedPx }}
        aria-colindex={1}
      >
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
          onClick={(event) => event.stopPropagation()}
          onDoubleClick={(event) => event.stopPropagation()}
          onChange={(event) =>
            actions.toggle(run, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)
          }
        />
        <button
          type="button"
          tabIndex={-1}
          className={styles.star}
          data-on={run.isStarred || undefined}
          aria-label={`${run.isStarred ? 'Unstar' : 'Star'} ${run.name}`}
          aria-pressed={run.isStarred}
          onClick={() => actions.star(run)}
          onDoubleClick={(event) => event.stopPropagation()}
        >
          {run.isStarred ? <IconStarFilled size={13} /> : <IconStar size={13} stroke={1.5} />}
        </button>
        <button
          type="button"
          tabIndex={-1}
          className={styles.name}
          title={run.note === '' ? run.name : `${run.name}: ${run.note}`}
          onClick={() => actions.open(run)}
        >
          {run.name}
        </button>
        {isPinned ? <span className={styles.badge}>baseline</span> : null}
        {isEditedInName ? (
          <Edited run={run} what={editing} onDone={() => actions.edit(null)} />
        ) : run.note === '' ? null : (
          <span className={styles.noteMark}>{run.note}</span>
        )}
      </div>
      <div className={styles.gap} style={{ width: shown.gapPx }} />
      {shown.columns.map(({ column, at, widthPx }) => (
        <div
          key={column.id}
          role="gridcell"
          className={styles.cell}
          style={{ width: widthPx }}
          data-number={column.isNumber || undefined}
          aria-colindex={at + 1}
          data-edit={column.id === 'tags' || column.id === 'note' ? column.id : undefined}
        >
          {column.id === 'tags' && editing === 'tags' && !isPinned ? (
            <Edited run={run} what="tags" onDone={() => actions.edit(null)} />
          ) : (
            <RunCell
              column={column}
              run={run}
              widthPx={widthPx}
              trend={
                column.group === 'Trend'
                  ? props.seriesOf.get(`${run.id} ${column.id.slice('trend.'.length)}`)
                  : undefined
              }
              colourIndex={colourIndex}
              baseline={baseline}
            />
          )}
        </div>
      ))}
    </div>
  );
});

function Edited({ run, what, onDone }: { run: Run; what: Editing['what']; onDone: () => void }) {
  return what === 'note' ? (
    <InlineField
      label={`Note on ${run.name}`}
      initial={run.note}
      placeholder="What came of it"
      onKeep={(note) => changeRun(run, { note })}
      onDone={onDone}
    />
  ) : (
    <InlineField
      label={`Tags of ${run.name}`}
      initial={tagLine(run)}
      placeholder="final, team=vision"
      onKeep={(line) => changeRun(run, tagChange(run, line))}
      onDone={onDone}
    />
  );
}
