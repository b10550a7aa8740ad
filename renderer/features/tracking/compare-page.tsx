import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useLocation, useSearchParams } from 'wouter';
import { z } from 'zod';
import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { usePreference } from '../../app/preferences.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { runColour } from '../../ui/series-chart/run-colours.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import { CauseList, useComparisonWithRows } from '../comparison/index.ts';
import styles from './compare-page.module.css';
import { comparePath } from './compare-path.ts';
import { compareRuns, type ComparedCell, type ComparedRow } from './compare-runs.ts';
import OverlayCharts from './overlay-charts.tsx';
import { useRunColours } from './run-colours.ts';
import { runPath } from './run-path.ts';

/** As many as can be read side by side; the runs table overlays more. */
const comparedAtMost = 30;

/** Runs side by side: their curves, then what they were given and what came of it, against the first of them. */
export default function ComparePage({ projectId }: { projectId: string | null }) {
  const [search] = useSearchParams();
  const [, navigate] = useLocation();
  const ids = [...new Set((search.get('runs') ?? '').split(',').filter((id) => id !== ''))];
  const shownIds = ids.slice(0, comparedAtMost);
  const answers = useQueries({
    queries: shownIds.map((runId) => ({
      queryKey: ['run', runId],
      queryFn: () => engine.tracking.run({ runId }),
    })),
  });
  const scope = projectId ?? 'window';
  const [onlyDiffering, setOnlyDiffering] = usePreference(scope, 'compare.only-differing', z.boolean(), true);
  const [view, setView] = useState<{ groupBy: string | null; band: 'range' | 'deviation' | 'none' }>({
    groupBy: null,
    band: 'range',
  });
  const runs = answers.map(({ data }) => data).filter((run) => run !== undefined);
  const colours = useRunColours(shownIds);
  const error = answers.find((answer) => answer.error !== null)?.error ?? null;
  const [first, second] = runs;
  // Of two runs the params stand among the likely causes.
  const sections = compareRuns(runs).filter(({ name }) => runs.length > 2 || name !== 'Params');
  const equalCount = sections.flatMap(({ rows }) => rows).filter((row) => !row.differs).length;
  const go = (next: readonly string[]) => navigate(comparePath(projectId, next), { replace: true });
  if (ids.length < 2) {
    return (
      <PageFrame name="Compare">
        <EmptyState title="Choose two runs or more">
          <p>
            Select runs in the table of runs (<kbd>X</kbd>) and press <kbd>C</kbd>.
          </p>
        </EmptyState>
      </PageFrame>
    );
  }
  return (
    <PageFrame
      name={`${ids.length} runs compared`}
      beside={
        ids.length > comparedAtMost ? (
          <>
            Showing the first {comparedAtMost} of {ids.length}
          </>
        ) : null
      }
    >
      {error === null ? null : <ErrorNotice error={error} />}
      {runs.length < shownIds.length && error === null ? (
        <Pending what="the runs" />
      ) : (
        <>
          <OverlayCharts
            runs={runs}
            colours={colours}
            scope={scope}
            views={{ view, change: (next) => setView((before) => ({ ...before, ...next })) }}
          />
          <div className={styles.bar} role="toolbar" aria-label="Comparison">
            <Button
              aria-pressed={onlyDiffering}
              className={styles.differs ?? ''}
              onClick={() => setOnlyDiffering(!onlyDiffering)}
            >
              Only what differs{onlyDiffering && equalCount > 0 ? ` · ${equalCount} equal hidden` : ''}
            </Button>
            <span className={styles.beside}>Differences are told against the first run.</span>
          </div>
          <div className={styles.scroll} tabIndex={0} role="region" aria-label="Runs side by side" data-read>
            {first === undefined || second === undefined || runs.length > 2 ? null : (
              <LikelyCauses a={first} b={second} />
            )}
            <table className={styles.table}>
              <thead>
                <tr>
                  <th scope="col" className={styles.what}>
                    <span className="sr-only">What</span>
                  </th>
                  {runs.map((run, at) => (
                    <th key={run.id} scope="col">
                      <RunHead
                        run={run}
                        colourIndex={colours.get(run.id) ?? 0}
                        onFirst={at === 0 ? null : () => go([run.id, ...ids.filter((id) => id !== run.id)])}
                        onLeave={ids.length > 2 ? () => go(ids.filter((id) => id !== run.id)) : null}
                      />
                    </th>
                  ))}
                </tr>
              </thead>
              {sections.map(({ name, rows }) => {
                const shown = onlyDiffering ? rows.filter((row) => row.differs) : rows;
                if (rows.length === 0) return null;
                return (
                  <tbody key={name}>
                    <tr>
                      <th scope="rowgroup" colSpan={runs.length + 1} className={styles.section}>
                        {name}
                        {shown.length === 0 ? (
                          <span className={styles.same}>the same in all of them</span>
                        ) : null}
                      </th>
                    </tr>
                    {shown.map((row) => (
                      <CompareRow key={row.name} row={row} />
                    ))}
                  </tbody>
                );
              })}
            </table>
          </div>
        </>
      )}
    </PageFrame>
  );
}

function LikelyCauses({ a, b }: { a: Run; b: Run }) {
  const { data, error, refetch } = useComparisonWithRows(a.id, b.id, `${a.status} ${b.status}`);
  return (
    <section aria-labelledby="likely-causes" className={styles.causes}>
      <h2 id="likely-causes" className={styles.causesName}>
        Likely causes <span className={styles.beside}>the likeliest first</span>
      </h2>
      {error === null ? null : <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : <CauseList causes={data.causes} />}
    </section>
  );
}

function RunHead({
  run,
  colourIndex,
  onFirst,
  onLeave,
}: {
  run: Run;
  colourIndex: number;
  onFirst: (() => void) | null;
  onLeave: (() => void) | null;
}) {
  return (
    <div className={styles.head} style={{ borderTopColor: runColour(colourIndex) }}>
      <Link href={runPath(run)} className={styles.name} title={run.name}>
        {run.name}
      </Link>
      <div className={styles.under}>
        <StatusMark status={run.status} />
        {onFirst === null ? (
          <span>baseline</span>
        ) : (
          <button
            type="button"
            className={styles.act}
            onClick={onFirst}
            aria-label={`make first: ${run.name}`}
          >
            make first
          </button>
        )}
        {onLeave === null ? null : (
          <button
            type="button"
            className={styles.act}
            onClick={onLeave}
            aria-label={`leave out: ${run.name}`}
          >
            leave out
          </button>
        )}
      </div>
    </div>
  );
}

function CompareRow({ row }: { row: ComparedRow }) {
  return (
    <tr>
      <th scope="row" className={styles.what} title={row.name}>
        {row.name}
      </th>
      {row.cells.map((cell, at) => (
        <td
          key={at}
          data-same={(at > 0 && cell.isSame) || undefined}
          data-differs={(at > 0 && !cell.isSame) || undefined}
          data-number={row.isNumber || undefined}
        >
          <CompareCell cell={cell} />
        </td>
      ))}
    </tr>
  );
}

function CompareCell({ cell }: { cell: ComparedCell }) {
  if (cell.text === null) return <span className={styles.absent}>–</span>;
  return (
    <>
      <span title={cell.whole}>{cell.text}</span>
      {cell.delta === null ? null : (
        <span className={styles.delta} data-better={cell.isBetter ?? undefined}>
          {cell.delta}
          {cell.isBetter === null ? null : (
            <span className="sr-only">{cell.isBetter ? ', better' : ', worse'}</span>
          )}
        </span>
      )}
      {cell.isBest ? <span className={styles.best}>best</span> : null}
    </>
  );
}
