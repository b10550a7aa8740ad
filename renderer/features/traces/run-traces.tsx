import { Button } from '@mantine/core';
import { useSearchParams } from 'wouter';
import type { Run, TraceRow, TraceScope } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import styles from './run-traces.module.css';
import { TraceStateMark } from './trace-state.tsx';
import { TraceView } from './trace-view.tsx';
import { useTraceCount, useTraces } from './use-traces.ts';

const scopes = [
  { id: 'run', name: 'This run' },
  { id: 'experiment', name: 'Its experiment' },
] as const;

/** The traces of a run, or of its experiment: a list, and the one chosen. Both choices are part of the address. */
export function RunTraces({ run }: { run: Run }) {
  const [search, setSearch] = useSearchParams();
  const count = useTraceCount(run.id);
  if (count === undefined) return <Pending what="the traces" />;
  const asked = search.get('of');
  const scope: TraceScope =
    asked === 'run' || asked === 'experiment' ? asked : count.ofRun > 0 ? 'run' : 'experiment';
  return (
    <ScopedTraces
      key={scope}
      run={run}
      scope={scope}
      count={count}
      chosen={search.get('trace')}
      onScope={(of) => setSearch({ of }, { replace: true })}
      onChoose={(trace) => setSearch({ of: scope, trace }, { replace: true })}
    />
  );
}

interface ScopedProps {
  run: Run;
  scope: TraceScope;
  count: { ofRun: number; ofExperiment: number };
  chosen: string | null;
  onScope: (scope: TraceScope) => void;
  onChoose: (traceId: string) => void;
}

function ScopedTraces({ run, scope, count, chosen, onScope, onChoose }: ScopedProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTraces(run.id, scope);
  if (data === undefined)
    return error === null ? (
      <Pending what="the traces" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  const traces = data.pages.flatMap((page) => page.traces);
  const shown = chosen ?? traces[0]?.traceId;
  return (
    <div className={styles.split} data-read>
      <section className={styles.side} aria-label="Traces">
        <div className={styles.bar} role="group" aria-label="Whose traces">
          {scopes.map(({ id, name }) => (
            <button key={id} type="button" aria-pressed={scope === id} onClick={() => onScope(id)}>
              {name} {countText(id === 'run' ? count.ofRun : count.ofExperiment)}
            </button>
          ))}
        </div>
        {traces.length === 0 ? (
          <p className={styles.hint}>
            {scope === 'run' ? 'This run made no traces; its experiment has some.' : 'No traces.'}
          </p>
        ) : (
          <ul className={styles.list}>
            {traces.map((trace) => (
              <li key={trace.traceId}>
                <TraceLine
                  trace={trace}
                  isChosen={trace.traceId === shown}
                  onChoose={() => onChoose(trace.traceId)}
                />
              </li>
            ))}
            {hasNextPage ? (
              <li className={styles.more}>
                <span>Showing the newest {traces.length}</span>
                <Button onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
                  Show more
                </Button>
              </li>
            ) : null}
          </ul>
        )}
      </section>
      {shown === undefined ? (
        <EmptyState title="No trace chosen" />
      ) : (
        <TraceView key={shown} traceId={shown} />
      )}
    </div>
  );
}

/** Beyond ten thousand nobody counts. */
const countText = (count: number): string => (count >= 10_000 ? '10,000+' : String(count));

function TraceLine({
  trace,
  isChosen,
  onChoose,
}: {
  trace: TraceRow;
  isChosen: boolean;
  onChoose: () => void;
}) {
  return (
    <button
      type="button"
      className={styles.line}
      onClick={onChoose}
      aria-current={isChosen ? 'true' : undefined}
    >
      <span className={styles.first}>
        <TraceStateMark state={trace.state} isIconOnly />
        <span className={styles.name}>{trace.name}</span>
        <span className={styles.quiet}>
          {trace.durationMs === null ? '' : formatDuration(trace.durationMs)}
        </span>
      </span>
      <span className={styles.preview}>{trace.requestPreview ?? ''}</span>
      <span className={styles.preview}>
        {trace.responsePreview === null ? '' : `→ ${trace.responsePreview}`}
      </span>
      <span className={styles.last}>
        <RelativeTime at={trace.startedAt} />
        {trace.totalTokens === null ? null : <span>{trace.totalTokens.toLocaleString('en')} tokens</span>}
      </span>
    </button>
  );
}
