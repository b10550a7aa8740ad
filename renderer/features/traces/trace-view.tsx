import { useState } from 'react';
import type { AssessmentNote, Span, WholeTrace } from '../../../contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { Pending } from '../../ui/pending.tsx';
import { SpanDetail } from './span-detail.tsx';
import { spanRows, type SpanRow } from './span-rows.ts';
import styles from './run-traces.module.css';
import { TraceStateMark } from './trace-state.tsx';
import { useTrace } from './use-traces.ts';

/** One trace: what it is, what was said of it, its spans over time, and the span that is chosen. */
export function TraceView({ traceId }: { traceId: string }) {
  const { data: trace, error, refetch } = useTrace(traceId);
  if (trace === undefined)
    return error === null ? (
      <Pending what="the trace" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  return <ShownTrace trace={trace} />;
}

function ShownTrace({ trace }: { trace: WholeTrace }) {
  const rows = spanRows(trace.spans);
  const [pressed, press] = useState<string | null>(null);
  const chosen: Span | undefined = (rows.find(({ span }) => span.spanId === pressed) ?? rows[0])?.span;
  return (
    <section className={styles.trace} aria-label={`Trace ${trace.name}`}>
      <header className={styles.head}>
        <h2 className={styles.title}>{trace.name}</h2>
        <TraceStateMark state={trace.state} />
        <span>{trace.durationMs === null ? 'not ended' : formatDuration(trace.durationMs)}</span>
        <span className={styles.quiet}>{rows.length === 1 ? '1 span' : `${rows.length} spans`}</span>
        <code className={styles.id}>{trace.traceId}</code>
        <CopyButton text={trace.traceId} what="the id of the trace" />
      </header>
      {trace.assessments.length === 0 ? null : (
        <ul className={styles.notes} aria-label="Assessments">
          {trace.assessments.map((note) => (
            <Note key={note.assessmentId} note={note} />
          ))}
        </ul>
      )}
      {rows.length === 0 ? (
        <p className={styles.hint}>The spans of this trace have not arrived.</p>
      ) : (
        <div className={styles.waterfall} role="group" aria-label="Spans">
          {rows.map((row) => (
            <SpanLine
              key={row.span.spanId}
              row={row}
              isChosen={row.span.spanId === chosen?.spanId}
              onChoose={() => press(row.span.spanId)}
            />
          ))}
        </div>
      )}
      {chosen === undefined ? null : (
        <SpanDetail span={chosen} traceStartedAt={rows[0]?.span.startedAt ?? 0} />
      )}
    </section>
  );
}

function Note({ note }: { note: AssessmentNote }) {
  const { kind, name, value, rationale, sourceType, sourceId, error } = note;
  return (
    <li>
      <span className={styles.quiet}>{kind === 'expectation' ? 'expected' : kind}</span> <b>{name}</b>{' '}
      {error === null ? <code>{value}</code> : <span className={styles.failed}>could not be made</span>}
      {rationale === null ? null : <span> {rationale}</span>}
      <span className={styles.quiet}>
        {' '}
        {sourceType.toLowerCase().replaceAll('_', ' ')}
        {sourceId === null ? '' : ` ${sourceId}`}
      </span>
    </li>
  );
}

function SpanLine({ row, isChosen, onChoose }: { row: SpanRow; isChosen: boolean; onChoose: () => void }) {
  const { span, depth, offset, share, durationMs } = row;
  const isFailed = span.status === 'ERROR';
  return (
    <button
      type="button"
      className={styles.span}
      onClick={onChoose}
      aria-current={isChosen ? 'true' : undefined}
      data-failed={isFailed ? true : undefined}
    >
      <span className={styles.spanName} style={{ paddingLeft: Math.min(depth, 12) * 14 }}>
        {isFailed ? <TraceStateMark state="ERROR" isIconOnly /> : null}
        <span className={styles.name}>{span.name}</span>
        {span.type === null || span.type === 'UNKNOWN' ? null : (
          <span className={styles.type}>{span.type.toLowerCase().replaceAll('_', ' ')}</span>
        )}
      </span>
      <span className={styles.track} aria-hidden>
        <span
          className={styles.reach}
          style={{ left: `${offset * 100}%`, width: `max(2px, ${share * 100}%)` }}
        />
      </span>
      <span className={styles.length}>{durationMs === null ? 'open' : formatDuration(durationMs)}</span>
    </button>
  );
}
