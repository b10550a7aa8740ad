import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { ruleText, type Delivery } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import tables from '../../ui/table.module.css';
import { outboxKey } from './sync-text.ts';
import styles from './sync.module.css';

/** One run or model version on its way to a target, with what can be done about it. */
export function DeliveryRow({
  delivery,
  isOpen,
  onOpen,
}: {
  delivery: Delivery;
  isOpen: boolean;
  onOpen: () => void;
}) {
  const { id, kind, localId, name, target, state, done, total, totalBytes, conflict, error, rule } = delivery;
  const retry = useChange(outboxKey, () => engine.sync.retry({ deliveryIds: [id] }));
  const cancel = useChange(outboxKey, () => engine.sync.cancel({ deliveryIds: [id] }));
  return (
    <tr className={styles.row} data-open={isOpen || undefined}>
      <td>
        <StatusMark status={state} />
      </td>
      <th scope="row">{kind === 'run' ? <Link href={`/runs/${localId}`}>{name}</Link> : name}</th>
      <td>
        {target}
        {rule === null ? null : <span title={`By the rule: ${ruleText(rule)}`}> · by a rule</span>}
      </td>
      <td className={tables.number}>{`${done} of ${total}`}</td>
      <td className={tables.number}>{formatBytes(totalBytes)}</td>
      <td className={tables.wrap}>
        {conflict !== null
          ? conflict.what
          : state === 'verified' || error === null
            ? null
            : `${error.what} ${error.next ?? ''}`}
      </td>
      <td className={tables.actions}>
        {state === 'conflict' ? (
          <Button component={Link} href="/outbox/conflicts" size="compact-xs">
            Settle…
          </Button>
        ) : null}
        {state === 'refused' || state === 'cancelled' ? (
          <Button size="compact-xs" disabled={retry.isPending} onClick={() => retry.mutate(undefined)}>
            Try again
          </Button>
        ) : null}
        {state === 'waiting' || state === 'sending' ? (
          <Button size="compact-xs" disabled={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
            Cancel
          </Button>
        ) : null}
        <Button
          size="compact-xs"
          aria-expanded={isOpen}
          aria-label={`${state === 'verified' ? 'Receipt' : 'Steps'} of ${name}`}
          onClick={onOpen}
        >
          {state === 'verified' ? 'Receipt' : 'Steps'}
        </Button>
      </td>
    </tr>
  );
}
