import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { Delivery, WayOut } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import tables from '../../ui/table.module.css';

/** What each way out of a conflict says on its button, and more of it on hover. */
const ways: Readonly<Record<WayOut, readonly [name: string, about: string]>> = {
  theirs: ['Keep theirs', 'What the target has stays as it is'],
  ours: ['Move to ours', 'The alias moves to the version from here'],
  both: ['Send as new', 'Ours is sent as a new run beside theirs'],
  skip: ['Skip', 'Nothing more of it is sent'],
};

/** One run or model version on its way to a target, with what can be done about it. */
export function DeliveryRow({ delivery }: { delivery: Delivery }) {
  const { id, kind, localId, name, target, state, done, total, totalBytes, conflict, error } = delivery;
  const resolve = useChange(['outbox'], (wayOut: WayOut) => engine.sync.resolve({ deliveryId: id, wayOut }));
  const retry = useChange(['outbox'], () => engine.sync.retry({ deliveryIds: [id] }));
  const cancel = useChange(['outbox'], () => engine.sync.cancel({ deliveryIds: [id] }));
  return (
    <tr>
      <td>{state}</td>
      <th scope="row">{kind === 'run' ? <Link href={`/runs/${localId}`}>{name}</Link> : name}</th>
      <td>{target}</td>
      <td className={tables.number}>{`${done} of ${total}`}</td>
      <td className={tables.number}>{formatBytes(totalBytes)}</td>
      <td className={tables.wrap}>
        {conflict !== null ? (
          <>
            {conflict.what}{' '}
            {conflict.differences
              .slice(0, 5)
              .map(({ key, local, remote }) => `${key}: here ${local}, there ${remote}`)
              .join('; ')}
          </>
        ) : state === 'verified' || error === null ? null : (
          `${error.what} ${error.next ?? ''}`
        )}
      </td>
      <td className={tables.actions}>
        {conflict?.waysOut.map((wayOut) => (
          <Button
            key={wayOut}
            variant="default"
            size="compact-xs"
            title={ways[wayOut][1]}
            disabled={resolve.isPending}
            onClick={() => resolve.mutate(wayOut)}
          >
            {ways[wayOut][0]}
          </Button>
        ))}
        {state === 'refused' || state === 'cancelled' ? (
          <Button
            variant="default"
            size="compact-xs"
            disabled={retry.isPending}
            onClick={() => retry.mutate(undefined)}
          >
            Try again
          </Button>
        ) : null}
        {state === 'waiting' || state === 'sending' ? (
          <Button
            variant="default"
            size="compact-xs"
            disabled={cancel.isPending}
            onClick={() => cancel.mutate(undefined)}
          >
            Cancel
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
