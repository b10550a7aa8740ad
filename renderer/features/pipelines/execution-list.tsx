import { Link } from 'wouter';
import { stageState, type ExecutionSummary } from '../../../contract/index.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './execution-list.module.css';

/** The executions so far, the newest first: how each ended, what began it, how long it took and how its stages went. */
export function ExecutionList({
  executions,
  error,
  projectId,
}: {
  executions: readonly ExecutionSummary[] | undefined;
  error: Error | null;
  projectId: string;
}) {
  if (error !== null) return <ErrorNotice error={error} />;
  if (executions === undefined) return <Pending what="the executions" />;
  if (executions.length === 0)
    return (
      <EmptyState title="The pipeline has not run here yet">
        <p>
          Each execution will be listed here with what began it, how long it took and how its stages went.
        </p>
      </EmptyState>
    );
  return (
    <ScrollRegion label="Executions">
      <table className={tables.table}>
        <TableHead columns={['State', 'Started', 'Duration', 'Begun by', 'Stages']} />
        <tbody>
          {executions.map((execution) => (
            <tr key={execution.id}>
              <td>
                <StatusMark status={execution.status} />
              </td>
              <th scope="row">
                <Link href={`/projects/${projectId}/pipelines/executions/${execution.id}`}>
                  <RelativeTime at={execution.startedAt} />
                </Link>
              </th>
              <td>
                <ElapsedTime startedAt={execution.startedAt} endedAt={execution.endedAt} />
              </td>
              <td>{execution.cause}</td>
              <td className={tables.rest}>
                {stageState.options.map((state) =>
                  execution.counts[state] === undefined ? null : (
                    <span key={state} className={styles.count}>
                      <StatusMark status={state} isIconOnly />
                      {execution.counts[state]} {state}
                    </span>
                  ),
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
