import type { Run } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { LogView } from '../../ui/log-view/log-view.tsx';
import { Pending } from '../../ui/pending.tsx';
import { isGoingOn } from './is-going-on.ts';
import styles from './run-logs.module.css';
import { useLogSearch } from './use-log-search.ts';
import { useRunLog } from './use-run-log.ts';

export default function RunLogs({ run }: { run: Run }) {
  const { log, error, ...rest } = useRunLog(run.id, isGoingOn(run));
  const search = useLogSearch(run.id, rest.sizeBytes);
  const emptied = run.tags['benchtop.log'];
  if (log === null)
    return error === null ? <Pending what="the log" /> : <ErrorNotice error={error} onRetry={rest.onEnd} />;
  if (rest.sizeBytes === 0) {
    return (
      <EmptyState title="No console output">
        <p>
          {isGoingOn(run)
            ? 'The run has printed nothing so far; lines appear here as it writes them.'
            : run.source === 'mlflow'
              ? 'This run was logged by an MLflow client, which keeps its console output to itself.'
              : 'The run ended without printing anything.'}
        </p>
      </EmptyState>
    );
  }
  return (
    <>
      {error === null ? null : <ErrorNotice error={error} onRetry={rest.onEnd} />}
      {emptied === undefined ? null : (
        <p className={styles.emptied} role="note">
          This log was {emptied}.
        </p>
      )}
      <LogView log={log} isLive={isGoingOn(run)} search={search} {...rest} />
    </>
  );
}
