import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { engine } from '../../app/engine.ts';
import { ElapsedTime } from '../../ui/elapsed-time.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { differingKeys } from '../tracking/index.ts';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './latest-runs.module.css';

/** The ten newest runs with the two metrics that vary most among them. */
export function LatestRuns({ projectId }: { projectId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['latest-runs', projectId],
    queryFn: () => engine.tracking.searchRuns({ projectId, limit: 10 }),
  });
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  const runs = data?.runs;
  if (runs === undefined) return <Pending what="the runs" />;
  if (runs.length === 0)
    return (
      <p className={styles.none}>
        No runs yet. Whatever you start here is recorded: output, metrics, files, code.
      </p>
    );
  const metrics = differingKeys(runs, 'metrics').slice(0, 2);
  return (
    <table className={tables.table}>
      <TableHead columns={['State', 'Name', 'Started', ...numbers('Duration'), ...numbers(...metrics)]} />
      <tbody>
        {runs.map((run) => (
          <tr key={run.id}>
            <td>
              <StatusMark status={run.status} />
            </td>
            <th scope="row" className={styles.name}>
              <Link href={`/projects/${projectId}/runs/${run.id}`}>{run.name}</Link>
            </th>
            <td>
              <RelativeTime at={run.startedAt ?? run.createdAt} />
            </td>
            <td className={tables.number}>
              <ElapsedTime {...run} />
            </td>
            {metrics.map((name) => {
              const metric = run.metrics[name];
              return (
                <td
                  key={name}
                  className={tables.number}
                  title={metric === undefined ? undefined : String(metric.last)}
                >
                  {metric === undefined ? '' : formatNumber(metric.last)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
