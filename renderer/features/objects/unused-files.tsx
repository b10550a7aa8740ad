import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import type { StorageUsage } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import tables from '../../ui/table.module.css';
import styles from './storage-page.module.css';

/** No run lies in the bin for so long: only files go. */
const noRuns = { olderThanDays: 100_000 };

/** Files that nothing refers to: removed on one click, back on another, and gone for good on a third. */
export function UnusedFiles({
  unreferenced,
  recoverable,
}: Pick<StorageUsage, 'unreferenced' | 'recoverable'>) {
  const [isAsking, setAsking] = useState(false);
  const onSettled = () => queryClient.invalidateQueries({ queryKey: ['storage'] });
  const remove = useMutation({ mutationFn: () => engine.bin.erase(noRuns), onSettled });
  const undo = useMutation({ mutationFn: () => engine.bin.undo({}), onSettled });
  const reclaim = useMutation({
    mutationFn: () => engine.bin.reclaim({}),
    onSettled: async () => {
      setAsking(false);
      await onSettled();
    },
  });
  const isPending = remove.isPending || undo.isPending || reclaim.isPending;
  const failure = remove.error ?? undo.error ?? reclaim.error;
  return (
    <section className={styles.section} aria-label="Unused files">
      <h2>Unused files</h2>
      <table className={tables.table}>
        <tbody>
          <Row name="Nothing refers to" {...unreferenced}>
            <Button disabled={isPending || unreferenced.files === 0} onClick={() => remove.mutate()}>
              {`Remove ${formatBytes(unreferenced.bytes)}`}
            </Button>
          </Row>
          <Row name="Removed, can come back for seven days" {...recoverable}>
            <Button disabled={isPending || recoverable.files === 0} onClick={() => undo.mutate()}>
              Bring back
            </Button>
            <Button disabled={isPending || recoverable.files === 0} onClick={() => setAsking(true)}>
              Free the room now …
            </Button>
          </Row>
        </tbody>
      </table>
      {failure === null ? null : <ErrorNotice error={failure} />}
      {reclaim.data === undefined ? null : (
        <p role="status">{`${formatBytes(reclaim.data.freedBytes)} are free again.`}</p>
      )}
      <p className={styles.about}>
        Files of the last hour stay: whoever stored them may be about to say what for. Runs are deleted in the
        bin.
      </p>
      {isAsking ? (
        <Modal
          opened
          onClose={() => setAsking(false)}
          title={`Give ${formatBytes(recoverable.bytes)} back to the disk?`}
        >
          <p>
            {`${formatCount(recoverable.files)} removed ${recoverable.files === 1 ? 'file' : 'files'} cannot come back then.`}
          </p>
          <div className={styles.foot}>
            <Button onClick={() => setAsking(false)} data-autofocus>
              Keep them
            </Button>
            <Button color="red" disabled={isPending} onClick={() => reclaim.mutate()}>
              {`Delete ${formatBytes(recoverable.bytes)} for good`}
            </Button>
          </div>
        </Modal>
      ) : null}
    </section>
  );
}

function Row({
  name,
  files,
  bytes,
  children,
}: {
  name: string;
  files: number;
  bytes: number;
  children: ReactNode;
}) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={tables.number}>{`${formatCount(files)} ${files === 1 ? 'file' : 'files'}`}</td>
      <td className={tables.number}>{formatBytes(bytes)}</td>
      <td className={tables.actions}>{children}</td>
    </tr>
  );
}
