import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconTrash } from '@tabler/icons-react';
import { lazy, Suspense, useCallback, useMemo, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { z } from 'zod';
import type { Run, RunOrder } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { placeRun } from '../../app/follow-changes.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { usePreference } from '../../app/preferences.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { showDialog } from '../../app/window-state.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { ColumnChooser } from './column-chooser.tsx';
import { FilterField } from './filter-field.tsx';
import { chooseColumns, defaultColumnIds } from './run-columns.ts';
import { useRunColours } from './run-colours.ts';
import { runPath } from './run-path.ts';
import styles from './runs-page.module.css';
import { RunsTable } from './runs-table.tsx';
import { useRuns } from './use-runs.ts';

const OverlayCharts = lazy(() => import('./overlay-charts.tsx'));

const orderSchema = z.object({ by: z.string(), descending: z.boolean() });
const newestFirst: RunOrder = { by: 'created', descending: true };
const noRuns: readonly Run[] = [];

/** All runs of a project (of all projects when null): filter, table, and the curves of those selected. */
export default function RunsPage({ projectId }: { projectId: string | null }) {
  const scope = projectId ?? 'window';
  const [search, setSearch] = useSearchParams();
  const text = search.get('q') ?? '';
  const setText = useCallback(
    (next: string) =>
      setSearch(
        (params) => {
          if (next === '') params.delete('q');
          else params.set('q', next);
          return params;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const [order, setOrder] = usePreference(scope, 'runs.order', orderSchema, newestFirst);
  const [chosen, setChosen] = usePreference(scope, 'runs.columns', z.array(z.string()).nullable(), null);
  const [onlyDiffering, setOnlyDiffering] = usePreference(scope, 'runs.only-differing', z.boolean(), true);
  const {
    runs,
    matched,
    total,
    error,
    refetch,
    data,
    hasNextPage,
    isFetchingNextPage,
    fetchNextPage,
    isPlaceholderData,
  } = useRuns(projectId, text, order);
  const [, navigate] = useLocation();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [pointedId, setActiveId] = useState<string | null>(null);
  const [noteOf, setNoteOf] = useState<string | null>(null);
  const [countsAt, setCountsAt] = useState<HTMLElement | null>(null);
  const filterRef = useRef<HTMLInputElement>(null);
  const [isChoosing, setChoosing] = useState(false);

  // Columns follow from the first page without a filter, so that neither scrolling nor typing moves them.
  const firstPage = data?.pages[0]?.runs;
  const [unfiltered, setUnfiltered] = useState<readonly Run[] | null>(null);
  if (text === '' && firstPage !== undefined && !isPlaceholderData && unfiltered !== firstPage)
    setUnfiltered(firstPage);
  const basis = unfiltered ?? firstPage ?? noRuns;
  const { columns, hiddenEqual } = useMemo(
    () => chooseColumns(basis, chosen, onlyDiffering),
    [basis, chosen, onlyDiffering],
  );
  const selectedRuns = useMemo(() => runs.filter((run) => selected.has(run.id)), [runs, selected]);
  const selectedIds = useMemo(() => selectedRuns.map((run) => run.id), [selectedRuns]);
  const colours = useRunColours(selectedIds);

  const activeId = pointedId ?? runs[0]?.id ?? null;
  const activeAt = runs.findIndex((run) => run.id === activeId);
  const move = (step: number) => {
    const next = runs[Math.min(runs.length - 1, Math.max(0, activeAt + step))];
    if (next !== undefined) setActiveId(next.id);
  };
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }, []);
  const star = useCallback((run: Run) => {
    const before = run;
    placeRun(queryClient, { ...run, isStarred: !run.isStarred });
    engine.tracking.updateRun({ runId: run.id, isStarred: !run.isStarred }).then(
      (answer) => placeRun(queryClient, answer),
      (failure: unknown) => {
        placeRun(queryClient, before);
        showProblem(failure);
      },
    );
  }, []);
  const open = useCallback((run: Run) => navigate(runPath(run)), [navigate]);
  const remove = () => {
    const gone = selected.size > 0 ? selectedIds : activeId === null ? [] : [activeId];
    if (gone.length > 0) void deleteRuns(gone);
    setSelected(new Set());
  };
  const withActive = (act: (run: Run) => void) => () => {
    const run = runs[activeAt];
    if (run !== undefined) act(run);
  };
  usePageActions({
    'runs.next': () => move(1),
    'runs.previous': () => move(-1),
    'runs.open': withActive(open),
    'runs.select': withActive((run) => toggle(run.id)),
    'runs.star': withActive(star),
    'runs.note': withActive((run) => setNoteOf(run.id)),
    'runs.filter': () => filterRef.current?.focus(),
    'runs.select-all': () => setSelected(new Set(runs.map((run) => run.id))),
    'runs.clear': () => setSelected(new Set()),
    'runs.delete': remove,
    'runs.columns': () => setChoosing(true),
  });

  const isEmpty = data !== undefined && total === 0;
  return (
    <PageFrame
      name={projectId === null ? 'Runs of all projects' : 'Runs'}
      beside={<span ref={setCountsAt} className={styles.counts} role="status" />}
      actions={
        projectId === null ? null : <Button onClick={() => showDialog('start-run')}>Run a command</Button>
      }
    >
      {isEmpty ? (
        <NoRuns projectId={projectId} />
      ) : (
        <>
          <div className={styles.toolbar} role="toolbar" aria-label="Runs">
            <FilterField ref={filterRef} value={text} onChange={setText} runs={basis} />
            <Button
              aria-pressed={onlyDiffering}
              className={styles.differs ?? ''}
              onClick={() => setOnlyDiffering(!onlyDiffering)}
              title={
                hiddenEqual.length === 0
                  ? 'Hides params and metrics that are the same in every run'
                  : `The same in every run: ${hiddenEqual.map((id) => id.slice(id.indexOf('.') + 1)).join(', ')}`
              }
            >
              Only what differs{hiddenEqual.length > 0 ? ` · ${hiddenEqual.length} equal hidden` : ''}
            </Button>
            <ColumnChooser
              runs={basis}
              chosen={chosen ?? defaultColumnIds(basis)}
              isDefault={chosen === null}
              onChoose={setChosen}
              order={order}
              onOrder={setOrder}
              isOpen={isChoosing}
              onOpen={setChoosing}
            />
            {selected.size > 0 ? (
              <Button leftSection={<IconTrash size={14} stroke={1.5} />} onClick={remove}>
                Put {selected.size} into the bin
              </Button>
            ) : null}
          </div>
          {error !== null ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
          <Suspense>
            {selectedRuns.length > 0 ? (
              <OverlayCharts runs={selectedRuns} colours={colours} scope={scope} />
            ) : null}
          </Suspense>
          {data === undefined ? (
            error === null ? (
              <Pending what="the runs" />
            ) : null
          ) : matched === 0 ? (
            <EmptyState
              title="No run matches"
              actions={<Button onClick={() => setText('')}>Clear the filter</Button>}
            >
              <p>
                Looked for <code>{text}</code> in the name, note, command, params and tags of{' '}
                {formatCount(total)} runs.
              </p>
            </EmptyState>
          ) : (
            <RunsTable
              runs={runs}
              columns={columns}
              countsAt={countsAt}
              matched={matched}
              total={total}
              isStale={isPlaceholderData}
              order={order}
              onOrder={setOrder}
              selected={selected}
              colours={colours}
              onToggle={toggle}
              onStar={star}
              onOpen={open}
              activeId={activeId}
              onActive={setActiveId}
              noteOf={noteOf}
              onNoteOf={setNoteOf}
              needMore={hasNextPage && !isFetchingNextPage ? fetchNextPage : undefined}
            />
          )}
        </>
      )}
    </PageFrame>
  );
}

function NoRuns({ projectId }: { projectId: string | null }) {
  return (
    <EmptyState
      title="No runs yet"
      actions={
        projectId === null ? null : (
          <Button variant="filled" onClick={() => showDialog('start-run')}>
            Run a command
          </Button>
        )
      }
    >
      <p>
        {projectId === null ? 'No project has recorded a run.' : 'This project has recorded no run.'} Start
        one here, or from a terminal in the project’s folder:
      </p>
      <pre>benchtop run -- python train.py</pre>
      <p>
        Lines such as <code>loss=0.41</code> in its output become metrics.
      </p>
    </EmptyState>
  );
}

/** Into the bin at once, with the way back on screen. */
async function deleteRuns(runIds: readonly string[]): Promise<void> {
  try {
    await engine.tracking.deleteRuns({ runIds: [...runIds] });
    await queryClient.invalidateQueries({ queryKey: ['runs'] });
  } catch (error) {
    showProblem(error);
    return;
  }
  const undo = async () => {
    notifications.hide(id);
    try {
      await engine.tracking.restoreRuns({ runIds: [...runIds] });
      await queryClient.invalidateQueries({ queryKey: ['runs'] });
    } catch (error) {
      showProblem(error);
    }
  };
  const id = notifications.show({
    message: (
      <span className={styles.undo}>
        {runIds.length === 1 ? 'One run is' : `${runIds.length} runs are`} in the bin.{' '}
        <Button size="compact-xs" onClick={() => void undo()}>
          Undo
        </Button>
      </span>
    ),
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
