import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { pastReasonText, reasonText, type StageExecution } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { RunLogs } from '../tracking/index.ts';
import styles from './execution-page.module.css';

/** What a stage of an execution printed, and why it ran or did not. */
export function StageLog({ stage, projectId }: { stage: StageExecution; projectId: string }) {
  const { name, state, runId, reasons, note, tries } = stage;
  return (
    <section className={styles.log} aria-label={`Log of ${name}`} data-region="log">
      <header className={styles.logHead}>
        <h2 className={styles.stage}>{name}</h2>
        <StatusMark status={state} />
        <span className={styles.why}>
          {[...reasons.map(tries > 0 ? pastReasonText : reasonText), note ?? ''].filter(Boolean).join(' · ')}
        </span>
        {runId === null ? null : (
          <Link href={`/projects/${projectId}/runs/${runId}`} className={styles.open}>
            Open its run
          </Link>
        )}
      </header>
      {runId === null ? (
        <p className={styles.note}>{whyNoLog(state)}</p>
      ) : (
        <LogOfRun key={runId} runId={runId} />
      )}
    </section>
  );
}

function LogOfRun({ runId }: { runId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['run', runId],
    queryFn: () => engine.tracking.run({ runId }),
  });
  if (data !== undefined) return <RunLogs run={data} />;
  return error === null ? (
    <Pending what="the run" />
  ) : (
    <ErrorNotice error={error} onRetry={() => void refetch()} />
  );
}

function whyNoLog(state: StageExecution['state']): string {
  if (state === 'waiting') return 'It has not begun; what it prints will be here.';
  if (state === 'up-to-date') return 'It did not run: nothing that it depends on had changed.';
  if (state === 'skipped') return 'It did not run.';
  return 'It left no log.';
}
