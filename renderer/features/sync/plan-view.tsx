import type { PushPlan } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { numbers, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './sync.module.css';

const shown = 50;

/** What would be sent, with sizes, and what there is to say about it. */
export function PlanView({ plan: { deliveries, notices } }: { plan: PushPlan }) {
  return (
    <>
      {deliveries.length === 0 ? null : (
        <div className={styles.plan} role="region" aria-label="What would be sent" tabIndex={0}>
          <table className={tables.table}>
            <TableHead columns={[rest('What'), ...numbers('Files', 'Points', 'Size')]} />
            <tbody>
              {deliveries.slice(0, shown).map(({ kind, localId, name, because, files, points, bytes }) => (
                <tr key={`${kind} ${localId}`}>
                  <th scope="row" className={tables.wrap}>
                    {kind === 'run' ? name : `version ${name}`}
                    {because === null ? null : <span className={tables.quiet}> · {because}</span>}
                  </th>
                  <td className={tables.number}>{formatCount(files)}</td>
                  <td className={tables.number}>{formatCount(points)}</td>
                  <td className={tables.number}>{formatBytes(bytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {deliveries.length > shown ? (
            <p className={tables.about}>
              Showing {shown} of {formatCount(deliveries.length)}.
            </p>
          ) : null}
        </div>
      )}
      {notices.map((notice) => (
        <p key={notice} className={tables.quiet}>
          {notice}
        </p>
      ))}
    </>
  );
}
