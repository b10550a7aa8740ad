import { useQuery } from '@tanstack/react-query';
import type { SyncOperation, SyncReceipt } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import tables from '../../ui/table.module.css';
import { outboxKey } from './sync-text.ts';
import styles from './sync.module.css';

const filesShown = 50;

/** One delivery: what was found at the target when it was read again, and each step on the way. */
export function DeliveryPanel({ deliveryId, onClose }: { deliveryId: number; onClose: () => void }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...outboxKey, 'delivery', deliveryId],
    queryFn: () => engine.sync.delivery({ deliveryId, limit: 200 }),
  });
  return (
    <SidePanel
      kind="Delivery"
      name={data?.delivery.name ?? String(deliveryId)}
      beside={data === undefined ? null : <StatusMark status={data.delivery.state} />}
      onClose={onClose}
    >
      {data === undefined ? (
        error === null ? (
          <Pending what="the delivery" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <>
          {data.receipt === null ? null : (
            <Receipt receipt={data.receipt} isLatest={data.delivery.state === 'verified'} />
          )}
          <h3 className={tables.heading}>Steps</h3>
          <table className={tables.table}>
            <tbody>
              {data.operations.map((operation) => (
                <Step key={operation.id} operation={operation} />
              ))}
            </tbody>
          </table>
          {data.next === null ? null : (
            <p className={tables.about}>
              Showing {data.operations.length} of {formatCount(data.delivery.total)}.
            </p>
          )}
          {data.delivery.sentBytes === 0 ? null : (
            <p className={tables.about}>
              {formatBytes(data.delivery.sentBytes)} of points and files went over the line, repeats included.
            </p>
          )}
        </>
      )}
    </SidePanel>
  );
}

function Step({
  operation: { kind, subject, state, attempts, error, totalBytes },
}: {
  operation: SyncOperation;
}) {
  return (
    <tr>
      <th scope="row" className={tables.wrap}>
        {kind === 'finish' ? 'read again, as a receipt' : `${kind} ${subject}`}
        {error === null || state === 'verified' ? null : <span className={tables.quiet}> {error.what}</span>}
      </th>
      <td className={tables.number}>{totalBytes === 0 ? '' : formatBytes(totalBytes)}</td>
      <td>{attempts > 1 ? `${state}, ${attempts} attempts` : state}</td>
    </tr>
  );
}

function Receipt({ receipt, isLatest }: { receipt: SyncReceipt; isLatest: boolean }) {
  const { at, address, version, remoteId, url, params, tags, metrics, files, aliases, notices } = receipt;
  const points = metrics.reduce((sum, metric) => sum + metric.points, 0);
  const found = [
    counted(params, 'param', 'params'),
    counted(tags, 'tag', 'tags'),
    points === 0
      ? ''
      : `${counted(points, 'point', 'points')} of ${counted(metrics.length, 'metric', 'metrics')}`,
    counted(files.length, 'file', 'files'),
    ...aliases.map((alias) => `@${alias}`),
  ].filter((part) => part !== '');
  return (
    <section aria-label="Receipt">
      <h3 className={tables.heading}>{isLatest ? 'Receipt' : 'Receipt of the time before'}</h3>
      <p>
        Read again <RelativeTime at={at} /> at {address}
        {version === null ? '' : `, MLflow ${version}`}: {found.join(', ') || 'it is there'}.
      </p>
      <p className={tables.about}>
        There it is <code className={styles.long}>{url ?? remoteId}</code>
      </p>
      {notices.map((notice) => (
        <p key={notice} className={tables.about}>
          {notice}
        </p>
      ))}
      <table className={tables.table}>
        <tbody>
          {files.slice(0, filesShown).map(({ path, sizeBytes, sha256 }) => (
            <tr key={path}>
              <th scope="row" className={tables.wrap}>
                {path}
              </th>
              <td className={tables.number}>{formatBytes(sizeBytes)}</td>
              <td title={sha256}>
                <code>{sha256.slice(0, 8)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {files.length > filesShown ? (
        <p className={tables.about}>
          Showing {filesShown} of {formatCount(files.length)}.
        </p>
      ) : null}
    </section>
  );
}

const counted = (count: number, one: string, many: string): string =>
  count === 0 ? '' : `${formatCount(count)} ${count === 1 ? one : many}`;
