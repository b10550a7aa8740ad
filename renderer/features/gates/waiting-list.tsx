import { Link } from 'wouter';
import { approvalPath } from '../../app/model-path.ts';
import { useWaitingRequests } from '../../app/use-waiting-requests.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './gates.module.css';

/** What waits for a decision, whatever project it is of; nothing where nothing does. */
export function WaitingList({ projectId }: { projectId: string }) {
  const { data: waiting = [] } = useWaitingRequests();
  if (waiting.length === 0) return null;
  return (
    <section className={styles.waiting} aria-labelledby="waiting-on-you">
      <h2 className={tables.heading} id="waiting-on-you">
        Waiting on you
      </h2>
      <table className={tables.table}>
        <TableHead columns={['Version', 'To', 'Asked by', 'When', 'Judged', rest('Because')]} />
        <tbody>
          {waiting.map(({ id, model, version, environment, requestedBy, requestedAt, judgedAt, comment }) => (
            <tr key={id}>
              <th scope="row">
                <Link href={approvalPath(projectId, { model, version, environment })}>
                  {model}, version {version}
                </Link>
              </th>
              <td>{environment}</td>
              <td>{requestedBy}</td>
              <td>
                <RelativeTime at={requestedAt} />
              </td>
              <td>{judgedAt === null ? 'not yet' : <RelativeTime at={judgedAt} />}</td>
              <td>{comment}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
