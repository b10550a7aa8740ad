import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Delivery, WayOut } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { outboxKey } from './sync-text.ts';
import styles from './sync.module.css';

const conflictsShown = 100;

/** What each way out of a conflict says on its button, and what it does. */
const ways: Readonly<Record<WayOut, readonly [name: string, about: string]>> = {
  theirs: ['Keep theirs', 'what the target has stays as it is, and the rest is sent'],
  ours: ['Move to ours', 'the alias moves to the version from here'],
  both: ['Send as a new run', 'ours is sent as a new run beside theirs'],
  skip: ['Skip', 'nothing more of it is sent'],
};

/** Where something else is at a target already: both values, and the ways out. Nothing there is changed before somebody chooses. */
export function Conflicts() {
  const { data, error, refetch } = useQuery({
    queryKey: [...outboxKey, 'conflicts'],
    queryFn: () => engine.sync.outbox({ state: 'conflict', limit: conflictsShown }),
  });
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <Pending what="the conflicts" />;
  if (data.deliveries.length === 0)
    return (
      <EmptyState title="No conflicts">
        <p>
          Where a target has another value under the same name, what you push stops here with both values.
          Nothing of others is overwritten without a word.
        </p>
      </EmptyState>
    );
  return (
    <ScrollRegion label="Conflicts">
      {data.deliveries.map((delivery) => (
        <Conflict key={delivery.id} delivery={delivery} />
      ))}
      {data.next === null ? null : <p className={tables.about}>Showing the latest {conflictsShown}.</p>}
    </ScrollRegion>
  );
}

function Conflict({ delivery: { id, kind, localId, name, target, conflict } }: { delivery: Delivery }) {
  const resolve = useChange(outboxKey, (wayOut: WayOut) => engine.sync.resolve({ deliveryId: id, wayOut }));
  if (conflict === null) return null;
  return (
    <section className={styles.section} aria-label={`Conflict of ${name}`}>
      <h2 className={tables.heading}>
        {kind === 'run' ? <Link href={`/runs/${localId}`}>{name}</Link> : name}
        <span className={tables.quiet}>at {target}</span>
      </h2>
      <p>{conflict.what}</p>
      {conflict.differences.length === 0 ? null : (
        <table className={tables.table}>
          <TableHead columns={['Name', 'Here', rest(`At ${target}`)]} />
          <tbody>
            {conflict.differences.map(({ key, local, remote }) => (
              <tr key={key}>
                <th scope="row">{key}</th>
                <td className={styles.value}>{local}</td>
                <td className={styles.value}>{remote}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <ul className={styles.ways}>
        {conflict.waysOut.map((wayOut) => (
          <li key={wayOut}>
            <Button disabled={resolve.isPending} onClick={() => resolve.mutate(wayOut)}>
              {ways[wayOut][0]}
            </Button>
            <span className={tables.quiet}>{ways[wayOut][1]}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
