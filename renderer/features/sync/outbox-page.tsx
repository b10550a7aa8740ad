import { Button, Progress } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { SyncTarget } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useChange } from '../../app/use-change.ts';
import { useOutbox } from '../../app/use-outbox.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { PageParts } from '../../ui/page-parts.tsx';
import { Pending } from '../../ui/pending.tsx';
import tables from '../../ui/table.module.css';
import { Conflicts } from './conflicts.tsx';
import { Deliveries } from './deliveries.tsx';
import { Pulls } from './pulls.tsx';
import { outboxKey } from './sync-text.ts';
import styles from './sync.module.css';
import { TargetDialog } from './target-dialog.tsx';
import { TargetList } from './target-list.tsx';

const parts = [
  { id: 'sent', name: 'Sent' },
  { id: 'conflicts', name: 'Conflicts' },
  { id: 'targets', name: 'Targets' },
  { id: 'fetched', name: 'Fetched' },
] as const;

/** What is on its way to the team, what arrived there, what stands in the way, and where it goes. */
export default function OutboxPage({ part: named }: { part: string | undefined }) {
  const part = parts.find(({ id }) => id === named)?.id ?? 'sent';
  const progress = useOutbox();
  const targets = useQuery({ queryKey: [...outboxKey, 'targets'], queryFn: () => engine.sync.targets({}) });
  const retry = useChange(outboxKey, () => engine.sync.retry({}));
  const [isAdding, setAdding] = useState(false);
  const isWaiting = (progress?.waiting ?? 0) + (progress?.refused ?? 0) > 0;
  const remaining =
    progress === null || progress.totalBytes === 0
      ? null
      : [
          `${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)}`,
          ...(progress.bytesPerSecond === 0 ? [] : [`${formatBytes(progress.bytesPerSecond)}/s`]),
          ...(progress.remainingMs === null ? [] : [`${formatDuration(progress.remainingMs)} to go`]),
        ].join(' · ');
  const conflicts = progress?.conflict ?? 0;
  const counts = {
    conflicts: conflicts === 0 ? undefined : conflicts,
    targets: targets.data?.length,
  } as const;
  return (
    <PageFrame
      name="Outbox"
      beside={
        remaining === null || progress === null ? null : (
          <span className={tables.quiet}>
            <Progress
              className={styles.progress}
              aria-label="Sent"
              value={(100 * progress.doneBytes) / progress.totalBytes}
            />
            {remaining}
          </span>
        )
      }
      actions={
        <>
          {isWaiting ? (
            <Button onClick={() => retry.mutate(undefined)} loading={retry.isPending}>
              Try again now
            </Button>
          ) : null}
          <Button onClick={() => setAdding(true)}>Add a target…</Button>
        </>
      }
    >
      {targets.error !== null ? (
        <ErrorNotice error={targets.error} onRetry={() => void targets.refetch()} />
      ) : targets.data === undefined ? (
        <Pending what="the outbox" />
      ) : targets.data.length === 0 ? (
        <NoTargets onAdd={() => setAdding(true)} />
      ) : (
        <>
          <PageParts
            label="Parts of the outbox"
            parts={parts.map(({ id, name }) => ({
              id,
              name,
              href: id === 'sent' ? '/outbox' : `/outbox/${id}`,
              count: id === 'conflicts' || id === 'targets' ? counts[id] : undefined,
            }))}
            current={part}
          />
          {part === 'targets'
            ? null
            : targets.data.map((target) => <TargetTrouble key={target.name} target={target} />)}
          {part === 'sent' ? (
            <Deliveries />
          ) : part === 'conflicts' ? (
            <Conflicts />
          ) : part === 'targets' ? (
            <TargetList targets={targets.data} isMetered={progress?.isMetered === true} />
          ) : (
            <Pulls />
          )}
        </>
      )}
      {isAdding ? <TargetDialog target={null} onClose={() => setAdding(false)} /> : null}
    </PageFrame>
  );
}

function NoTargets({ onAdd }: { onAdd: () => void }) {
  return (
    <EmptyState
      title="Nothing leaves this machine"
      actions={
        <Button variant="filled" onClick={onAdd}>
          Name a target
        </Button>
      }
    >
      <p>
        Name your team’s MLflow server, a folder or a git remote, and push what others should see. Nothing is
        sent before that.
      </p>
      <pre>benchtop target add team https://mlflow.example.com</pre>
    </EmptyState>
  );
}

function TargetTrouble({ target: { name, trouble, isPaused } }: { target: SyncTarget }) {
  if (trouble === null && !isPaused) return null;
  return (
    <p className={styles.trouble} role="status">
      {isPaused ? `${name} is paused. ` : null}
      {trouble === null
        ? null
        : `${name}: ${trouble.what} ${trouble.next ?? 'What waits goes when it is back.'}`}
    </p>
  );
}
