import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconColumns3, IconTrash, IconX } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { z } from 'zod';
import type { MeasureRule, Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { usePreference } from '../../app/preferences.ts';
import { useMeasureRules } from '../../app/use-measure-rules.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { showDialog } from '../../app/window-state.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FilterField } from '../../ui/filter-field.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { whenLoaded } from '../../ui/when-loaded.tsx';
import { binRuns } from './bin-runs.ts';
import { PushDialog, type Pushed } from '../sync/index.ts';
import { changeRun } from './change-run.ts';
import { ColumnChooser } from './column-chooser.tsx';
import { comparePath } from './compare-path.ts';
import { filterExamples } from './filter-examples.ts';
import { NoRuns } from './no-runs.tsx';
import { chooseColumns, defaultColumnIds, withoutIgnored } from './run-columns.ts';
import { useRunColours } from './run-colours.ts';
import { runPath } from './run-path.ts';
import type { Editing, RowActions } from './runs-table-row.tsx';
import styles from './runs-page.module.css';
import { RunsTable } from './runs-table.tsx';
import { useActiveRow } from './use-active-row.ts';
import { useRunsView } from './use-runs-view.ts';
import { useRuns } from './use-runs.ts';
import { useSelection } from './use-selection.ts';
import { ViewMenu } from './view-menu.tsx';

const OverlayCharts = whenLoaded(() => import('./overlay-charts.tsx'));

const noRuns: readonly Run[] = [];
const noRules: readonly MeasureRule[] = [];
const widthsSchema = z.record(z.string(), z.number());
const noWidths: Record<string, number> = {};
const pageRows = 24;

/** All runs of a project (of all projects when null): filter, table, and the curves of those selected. */
export default function RunsPage({ projectId }: { projectId: string | null }) {
  const scope = projectId ?? 'window';
  const [, navigate] = useLocation();
  const views = useRunsView(scope);
  const { text, order, columns: ownChoice, onlyDiffering } = views.view;
  const { data: rules = noRules } = useMeasureRules(projectId);
  const chosen = useMemo(() => withoutIgnored(ownChoice, rules), [ownChoice, rules]);
  const [widths, setWidths] = usePreference(scope, 'runs.widths', widthsSchema, noWidths);
  const [evidence, setEvidence] = usePreference(scope, 'runs.evidence', z.boolean(), false);
  const rows = useRuns(projectId, text, order, evidence);
  const { first, matched, total, error, isOld, runAt } = rows;
  const selection = useSelection();
  const active = useActiveRow(rows);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [pushed, setPushed] = useState<Pushed | null>(null);
  const push = () =>
    setPushed({
      name: selection.ids.size === 1 ? 'a run' : `${selection.ids.size} runs`,
      runIds: [...selection.ids.keys()],
    });
  const [countsAt, setCountsAt] = useState<HTMLElement | null>(null);
  const [isChoosing, setChoosing] = useState(false);
  const filterRef = useRef<HTMLInputElement>(null);
  const baseline = useBaseline(views.view.baseline);

  // Columns follow from the first page without a filter, so that neither scrolling nor typing moves them.
  const [unfiltered, setUnfiltered] = useState<readonly Run[] | null>(null);
  if (text === '' && first !== undefined && !isOld && unfiltered !== first.runs) setUnfiltered(first.runs);
  const basis = unfiltered ?? first?.runs ?? noRuns;
  const { columns, hiddenEqual } = useMemo(
    () => chooseColumns(basis, chosen, onlyDiffering),
    [basis, chosen, onlyDiffering],
  );
  const drawn = selection.runs;
  const drawnIds = useMemo(() => drawn.map((run) => run.id), [drawn]);
  const colours = useRunColours(drawnIds);

  const latest = useRef({ active, selection, runAt, navigate });
  useEffect(() => {
    latest.current = { active, selection, runAt, navigate };
  });
  const [actions] = useState<RowActions>(() => ({
    toggle(run, isRange) {
      const now = latest.current;
      const to = rowsBetween(now.active.row, now.runAt, run);
      if (isRange && to !== null) now.selection.add(to);
      else now.selection.toggle(run);
    },
    star: (run) => changeRun(run, { isStarred: !run.isStarred }),
    open: (run) => latest.current.navigate(runPath(run)),
    activate: (run) => latest.current.active.activate(run),
    edit: setEditing,
  }));

  const withActive = (act: (run: Run) => void) => () => {
    if (active.run !== undefined) act(active.run);
  };
  const remove = () => {
    const gone = selection.ids.size > 0 ? [...selection.ids.keys()] : active.run ? [active.run.id] : [];
    if (gone.length > 0) void binRuns(gone);
    selection.clear();
  };
  const compare = () => {
    if (selection.ids.size > 1) navigate(comparePath(projectId, [...selection.ids.keys()]));
  };
  const setBaseline = (run: Run | null) =>
    views.change({ baseline: run === null || run.id === views.view.baseline ? null : run.id });
  const setColumns = (columnIds: string[] | null) => views.change({ columns: columnIds });
  const extend = (step: number) => () => {
    const next = runAt(active.row + step);
    selection.add([active.run, next].filter((run) => run !== undefined));
    active.moveTo(active.row + step);
  };
  usePageActions({
    'runs.next': () => active.moveTo(active.row + 1),
    'runs.previous': () => active.moveTo(active.row - 1),
    'runs.first': () => active.moveTo(0),
    'runs.last': () => active.moveTo(matched - 1),
    'runs.page-down': () => active.moveTo(active.row + pageRows),
    'runs.page-up': () => active.moveTo(active.row - pageRows),
    'runs.extend-down': extend(1),
    'runs.extend-up': extend(-1),
    'runs.open': withActive(actions.open),
    'runs.select': withActive((run) => selection.toggle(run)),
    'runs.star': withActive(actions.star),
    'runs.note': withActive((run) => setEditing({ runId: run.id, what: 'note' })),
    'runs.tags': withActive((run) => {
      // What is written should be seen: without a choice of columns, tags have one as soon as a run has any.
      if (chosen !== null && !chosen.includes('tags')) setColumns([...chosen, 'tags']);
      setEditing({ runId: run.id, what: 'tags' });
    }),
    'runs.baseline': withActive(setBaseline),
    'runs.compare': compare,
    'page.filter': () => filterRef.current?.focus(),
    'runs.select-all': () => selection.add(rows.runs),
    'runs.clear': selection.clear,
    'runs.delete': remove,
    'runs.columns': () => setChoosing(true),
    ...(selection.ids.size > 0 ? { 'page.push': push } : {}),
  });

  const isEmpty = first !== undefined && total === 0;
  return (
    <PageFrame
      name={projectId === null ? 'Runs of all projects' : 'Runs'}
      beside={<span ref={setCountsAt} role="status" />}
      actions={
        projectId === null ? null : <Button onClick={() => showDialog('start-run')}>Run a command</Button>
      }
    >
      {isEmpty ? (
        <NoRuns projectId={projectId} />
      ) : (
        <>
          <div className={styles.toolbar} role="toolbar" aria-label="Runs">
            <FilterField
              ref={filterRef}
              label="Filter runs"
              placeholder="Filter: words, params.lr = 0.1, metrics.loss < 0.5 …   ( / )"
              value={text}
              onChange={views.setText}
              grammar="Join with AND (or nothing), OR, NOT and brackets. Compare with = != < <= > >= LIKE, or ~ for “contains”; quote what has blanks."
              examples={filterExamples(basis)}
              error={error}
            />
            {selection.ids.size > 1 ? (
              <Button leftSection={<IconColumns3 size={14} stroke={1.5} />} onClick={compare} title="C">
                Compare {selection.ids.size}
              </Button>
            ) : null}
            {selection.ids.size > 0 ? (
              <Button leftSection={<IconTrash size={14} stroke={1.5} />} onClick={remove} title="Del">
                Put {selection.ids.size} into the bin
              </Button>
            ) : null}
            {selection.ids.size > 0 ? <Button onClick={push}>Push {selection.ids.size}…</Button> : null}
            {baseline === null ? null : (
              <Button
                rightSection={<IconX size={13} stroke={1.5} />}
                className={styles.baseline ?? ''}
                aria-label={`against ${baseline.name}: take the baseline away`}
                onClick={() => setBaseline(null)}
              >
                <span className={styles.baselineName}>against {baseline.name}</span>
              </Button>
            )}
            <Button
              aria-pressed={onlyDiffering}
              className={styles.differs ?? ''}
              onClick={() => views.change({ onlyDiffering: !onlyDiffering })}
              title={
                hiddenEqual.length === 0
                  ? 'Hides params and metrics that are the same in every run'
                  : `The same in every run: ${hiddenEqual.map((id) => id.slice(id.indexOf('.') + 1)).join(', ')}`
              }
            >
              Only what differs{hiddenEqual.length > 0 ? ` · ${hiddenEqual.length} equal hidden` : ''}
            </Button>
            {first === undefined || first.evidenceCount === 0 ? null : (
              <Button
                aria-pressed={evidence}
                className={styles.differs ?? ''}
                onClick={() => setEvidence(!evidence)}
                title="Runs that Benchtop made to judge versions of models: their predictions and tests"
              >
                Evidence · {first.evidenceCount} {evidence ? 'shown' : 'hidden'}
              </Button>
            )}
            <ColumnChooser
              runs={basis}
              chosen={chosen ?? defaultColumnIds(basis)}
              isDefault={chosen === null}
              onChoose={setColumns}
              widths={widths}
              onWidths={setWidths}
              order={order}
              onOrder={(next) => views.change({ order: next })}
              isOpen={isChoosing}
              onOpen={setChoosing}
            />
            <ViewMenu views={views} />
          </div>
          {error !== null ? <ErrorNotice error={error} onRetry={() => void rows.refetch()} /> : null}
          {drawn.length > 0 ? (
            <OverlayCharts runs={drawn} colours={colours} scope={scope} views={views} />
          ) : null}
          {first === undefined ? (
            error === null ? (
              <Pending what="the runs" />
            ) : null
          ) : matched === 0 ? (
            <EmptyState
              title="No run matches"
              actions={<Button onClick={() => views.setText('')}>Clear the filter</Button>}
            >
              <p>
                Looked for <code>{text}</code> in the name, note, command, params and tags of{' '}
                {formatCount(total)} runs.
              </p>
            </EmptyState>
          ) : (
            <RunsTable
              rows={rows}
              columns={columns}
              widths={widths}
              onWidth={(id, widthPx) => setWidths(withWidth(widths, id, widthPx))}
              onMove={(id, beforeId) => setColumns(moved(columns, chosen, id, beforeId))}
              countsAt={countsAt}
              order={order}
              onOrder={(next) => views.change({ order: next })}
              selected={selection.ids}
              colours={colours}
              activeRow={active.row}
              baseline={baseline}
              editing={editing}
              actions={actions}
            />
          )}
        </>
      )}
      {pushed === null ? null : <PushDialog pushed={pushed} onClose={() => setPushed(null)} />}
    </PageFrame>
  );
}

/** The run that the others are compared with, also when the filter hides it; null when none is set or it is gone. */
function useBaseline(runId: string | null): Run | null {
  const { data } = useQuery({
    queryKey: ['run', runId],
    queryFn: () => engine.tracking.run({ runId: runId ?? '' }),
    enabled: runId !== null,
    retry: false,
  });
  return runId === null || data === undefined || data.isDeleted ? null : data;
}

/** The loaded runs from a row to a run near it, both included; null where the run is not near. */
function rowsBetween(from: number, runAt: (row: number) => Run | undefined, run: Run): Run[] | null {
  for (const step of [1, -1]) {
    const between: Run[] = [];
    for (let row = from; between.length < 2000; row += step) {
      const at = runAt(row);
      if (at === undefined) break;
      between.push(at);
      if (at.id === run.id) return between;
    }
  }
  return null;
}

function withWidth(widths: Record<string, number>, id: string, widthPx: number | null) {
  const { [id]: _, ...others } = widths;
  return widthPx === null ? others : { ...others, [id]: widthPx };
}

/** The ids of the columns with one of them put where another stands; name first, chosen ones that are hidden last. */
function moved(
  columns: readonly { id: string }[],
  chosen: readonly string[] | null,
  id: string,
  beforeId: string,
): string[] {
  const ids = columns.map((column) => column.id).filter((each) => each !== 'name');
  const hidden = (chosen ?? []).filter((each) => !ids.includes(each));
  const [from, to] = [ids.indexOf(id), ids.indexOf(beforeId)];
  if (from < 0 || to < 0) return [...ids, ...hidden];
  return [...ids.toSpliced(from, 1).toSpliced(to, 0, id), ...hidden];
}
