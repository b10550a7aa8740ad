import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { ComparableRuns, Run, Snapshot } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import choices from '../../ui/choice-buttons.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { AllFiles } from './all-files.tsx';
import { CodeChanges } from './code-changes.tsx';
import { LeftOut } from './left-out.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import styles from './run-code.module.css';

/** The code that a run ran: what differs from the commit and from the run before, all of it, and what is not in it. */
export function RunCode({ run }: { run: Run }) {
  const hasStarted = run.startedAt !== null;
  const { data, error, refetch } = useQuery({
    // Nothing is kept before the start, so the answer from then is asked for again.
    queryKey: ['snapshot', run.id, hasStarted],
    queryFn: () => engine.source.snapshot({ runId: run.id }),
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="the snapshot" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  if (data === null || data.commitId === null)
    return (
      <EmptyState title="No code kept">
        <p>
          {data?.problem ??
            (hasStarted
              ? 'The code is kept of runs that Benchtop starts. This one came from elsewhere.'
              : 'The code is kept when the run starts.')}
        </p>
      </EmptyState>
    );
  return <ShownCode run={run} snapshot={{ ...data, commitId: data.commitId }} />;
}

/** The run before of the same program, where its code was kept too. */
async function previousWithCode(runId: string): Promise<ComparableRuns['previous']> {
  const { previous } = await engine.comparison.comparable({ runId });
  if (previous === null) return null;
  const kept = await engine.source.snapshot({ runId: previous.runId });
  return kept === null || kept.commitId === null ? null : previous;
}

function ShownCode({ run, snapshot }: { run: Run; snapshot: Snapshot & { commitId: string } }) {
  const [search, setSearch] = useSearchParams();
  const [isRestoring, setRestoring] = useState(false);
  const { data: previous = null } = useQuery({
    queryKey: ['previous-code', run.id],
    queryFn: () => previousWithCode(run.id),
  });
  const leftOutCount = snapshot.leftOut.length + snapshot.moreLeftOut + snapshot.changedMeanwhile.length;
  const views = [
    ...(snapshot.parentId === null ? [] : [{ id: 'commit', name: 'Since the commit' }]),
    ...(previous === null ? [] : [{ id: 'previous', name: `Since ${previous.name}` }]),
    { id: 'files', name: 'All files' },
    ...(leftOutCount === 0
      ? []
      : [{ id: 'left-out', name: `Not in it ${leftOutCount.toLocaleString('en-US')}` }]),
  ];
  const asked = search.get('code');
  const view = views.find(({ id }) => id === asked)?.id ?? views[0]?.id;
  const path = search.get('file');
  const ask = (change: { code?: string; file?: string }) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        after.delete('file');
        for (const [name, value] of Object.entries(change)) after.set(name, value);
        return after;
      },
      { replace: true },
    );
  const onChoose = (file: string) => ask({ file });
  const after = { runId: run.id, at: 'snapshot' as const };
  return (
    <>
      <div className={styles.bar}>
        <div className={choices.choice} role="group" aria-label="What to show of the code">
          {views.map(({ id, name }) => (
            <button key={id} type="button" aria-pressed={id === view} onClick={() => ask({ code: id })}>
              {name}
            </button>
          ))}
        </div>
        <span
          className={styles.about}
          title={snapshot.problem ?? `${snapshot.commitId}\n${snapshot.repositoryPath}`}
        >
          {aboutOf(snapshot)}
        </span>
        <Button onClick={() => setRestoring(true)}>Restore…</Button>
      </div>
      {view === 'commit' ? (
        <CodeChanges
          key="commit"
          before={{ runId: run.id, at: 'commit' }}
          after={after}
          none="The run ran what is committed: nothing was changed."
          chosen={path}
          onChoose={onChoose}
        />
      ) : null}
      {view === 'previous' && previous !== null ? (
        <CodeChanges
          key="previous"
          before={{ runId: previous.runId, at: 'snapshot' }}
          after={after}
          none={`The code is the same as that of ${previous.name}.`}
          chosen={path}
          onChoose={onChoose}
        />
      ) : null}
      {view === 'files' ? <AllFiles runId={run.id} chosen={path} onChoose={onChoose} /> : null}
      {view === 'left-out' ? <LeftOut snapshot={snapshot} /> : null}
      {isRestoring ? (
        <RestoreDialog
          run={run}
          canBranch={snapshot.repository === 'own'}
          onClose={() => setRestoring(false)}
        />
      ) : null}
    </>
  );
}

function aboutOf({ commitId, parentId, repository, problem }: Snapshot & { commitId: string }): string {
  const base = parentId === null ? '' : ` on top of ${parentId.slice(0, 8)}`;
  const place = repository === 'own' ? 'in your repository' : 'in Benchtop’s home';
  return `${commitId.slice(0, 8)}${base}, ${place}${problem === null ? '' : '; incomplete'}`;
}
