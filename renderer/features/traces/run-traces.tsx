import { Button } from '@mantine/core';
import { useRef } from 'react';
import { useSearchParams } from 'wouter';
import type { Run, TraceRow, TraceScope } from '../../../contract/index.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import choices from '../../ui/choice-buttons.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FilterField, type FilterExample } from '../../ui/filter-field.tsx';
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
      filter={search.get('filter') ?? ''}
      onAsk={(change) =>
        setSearch((before) => withChanges(before, { of: scope, ...change }), { replace: true })
      }
    />
  );
}

/** What the address says of this page. */
interface Place {
  of?: TraceScope;
  trace?: string | null;
  filter?: string;
}

/** An address with some of its words set anew, and those that say nothing left out. */
function withChanges(before: URLSearchParams, change: Place): URLSearchParams {
  const after = new URLSearchParams(before);
  for (const [name, value] of Object.entries(change))
    if (typeof value === 'string' && value !== '') after.set(name, value);
    else after.delete(name);
  return after;
}

const filterExamples: readonly FilterExample[] = [
  { text: 'timeout', meaning: 'a word in name, request, response or spans' },
  { text: 'status = ERROR', meaning: 'OK, ERROR or IN_PROGRESS' },
  { text: 'execution_time_ms > 1000', meaning: 'milliseconds from start to end' },
  { text: "name LIKE 'answer%'", meaning: '% is anything; ILIKE in either case' },
  { text: 'tags.team = vision', meaning: 'value of a tag; metadata.… as well' },
  { text: 'span.name = retrieve', meaning: 'also span.type, span.attributes.…' },
  { text: "feedback.helpful = 'true'", meaning: 'an assessment; also expectation.…' },
];

interface ScopedProps {
  run: Run;
  scope: TraceScope;
  count: { ofRun: number; ofExperiment: number };
  chosen: string | null;
  filter: string;
  onAsk: (change: Place) => void;
}

function ScopedTraces({ run, scope, count, chosen, filter, onAsk }: ScopedProps) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTraces(
    run.id,
    scope,
    filter,
  );
  const filterRef = useRef<HTMLInputElement>(null);
  usePageActions({ 'page.filter': () => filterRef.current?.focus() });
  if (data === undefined && filter === '')
    return error === null ? (
      <Pending what="the traces" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  const traces = data?.pages.flatMap((page) => page.traces) ?? [];
  const shown = chosen ?? traces[0]?.traceId;
  return (
    <div className={styles.split} data-read>
      <section className={styles.side} aria-label="Traces">
        <div className={`${choices.choice} ${styles.bar}`} role="group" aria-label="Whose traces">
          {scopes.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              aria-pressed={scope === id}
              onClick={() => onAsk({ of: id, trace: null })}
            >
              {name} {countText(id === 'run' ? count.ofRun : count.ofExperiment)}
            </button>
          ))}
        </div>
        <div className={styles.filter}>
          <FilterField
            ref={filterRef}
            label="Filter traces"
            placeholder="Filter: words, status = ERROR …   ( / )"
            value={filter}
            onChange={(text) => onAsk({ filter: text })}
            grammar="Words that a trace holds, and conditions, joined by AND. Compare with = != < <= > >= LIKE ILIKE IN; quote what has blanks."
            examples={filterExamples}
            error={error}
          />
        </div>
        {error !== null ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : traces.length === 0 ? (
          <p className={styles.hint}>{data === undefined ? '' : whyNone(scope, filter)}</p>
        ) : (
          <ul className={styles.list}>
            {traces.map((trace) => (
              <li key={trace.traceId}>
                <TraceLine
                  trace={trace}
                  isChosen={trace.traceId === shown}
                  onChoose={() => onAsk({ trace: trace.traceId })}
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

function whyNone(scope: TraceScope, filter: string): string {
  if (filter !== '') return `No trace ${scope === 'run' ? 'of this run' : 'of the experiment'} matches.`;
  return scope === 'run' ? 'This run made no traces; its experiment has some.' : 'No traces.';
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
