import { Link } from 'wouter';
import { pastReasonText, runningMs, type Run } from '../../../contract/index.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { useNow } from '../../ui/use-now.ts';
import { isSystemSeries } from '../tracking/index.ts';
import { reasonSummary } from './reason-summary.ts';
import styles from './stage-panel.module.css';
import { useStageRecords, useStageRuns } from './use-stage-runs.ts';

const listed = 6;
const metricsShown = 8;
const barsPx = 36;

/** The runs of a stage so far: how long each took, as bars and as a list, and what the last one measured. */
export function StageHistory({ projectId, stage }: { projectId: string; stage: string }) {
  const { data, error, refetch } = useStageRuns(projectId, stage);
  const { data: records } = useStageRecords(projectId, stage);
  const reasonsOf = new Map(records?.map(({ runId, reasons }) => [runId, reasons]));
  const runs = data?.runs ?? [];
  const measured = runs.find(({ metrics }) => Object.keys(metrics).length > 0);
  return (
    <>
      <section aria-labelledby="stage-runs">
        <h3 id="stage-runs" className={styles.heading}>
          Runs {data === undefined ? null : <span className={styles.quiet}>{data.matched}</span>}
        </h3>
        {error !== null ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : null}
        {data === undefined && error === null ? <Pending what="its runs" /> : null}
        {data !== undefined && runs.length === 0 ? <p className={styles.quiet}>None yet.</p> : null}
        {runs.length > 1 ? <DurationBars runs={runs.toReversed()} /> : null}
        <ul className={styles.plain}>
          {runs.slice(0, listed).map((run) => (
            <li key={run.id} className={styles.run}>
              <StatusMark status={run.status} isIconOnly />
              <Link href={`/projects/${projectId}/runs/${run.id}`}>
                <RelativeTime at={run.startedAt ?? run.createdAt} />
              </Link>
              <span className={styles.quiet}>
                {run.status === 'finished'
                  ? reasonSummary(reasonsOf.get(run.id) ?? [], pastReasonText)
                  : run.ending}
              </span>
              <span className={styles.number}>
                <ElapsedTime {...run} />
              </span>
            </li>
          ))}
        </ul>
      </section>
      {measured === undefined ? null : <LastMetrics run={measured} />}
    </>
  );
}

/** Bars from the oldest to the newest, the highest as high as the longest took. */
function DurationBars({ runs }: { runs: readonly Run[] }) {
  const now = useNow('minute');
  const tookMs = runs.map((run) => runningMs(run, run.endedAt ?? now) ?? 0);
  const longest = Math.max(1, ...tookMs);
  return (
    <div
      className={styles.bars}
      role="img"
      aria-label={`Durations of the last ${runs.length} runs, at most ${formatDuration(longest)}`}
      style={{ height: barsPx }}
    >
      {runs.map((run, at) => (
        <span
          key={run.id}
          className={styles.bar}
          data-status={run.status}
          style={{ height: Math.max(2, ((tookMs[at] ?? 0) / longest) * barsPx) }}
          title={`${formatDuration(tookMs[at] ?? 0)}, ${run.status}`}
        />
      ))}
    </div>
  );
}

function LastMetrics({ run }: { run: Run }) {
  const metrics = Object.entries(run.metrics).filter(([name]) => !isSystemSeries(name));
  if (metrics.length === 0) return null;
  return (
    <section aria-labelledby="stage-metrics">
      <h3 id="stage-metrics" className={styles.heading}>
        Metrics <span className={styles.quiet}>of the last run that has some</span>
      </h3>
      <dl className={styles.pairs}>
        {metrics.slice(0, metricsShown).map(([name, { last }]) => (
          <div key={name}>
            <dt title={name}>{name}</dt>
            <dd title={String(last)}>{formatNumber(last)}</dd>
          </div>
        ))}
      </dl>
      {metrics.length > metricsShown ? (
        <p className={styles.quiet}>
          Showing the first {metricsShown} of {metrics.length}.
        </p>
      ) : null}
    </section>
  );
}
