import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeliveryState, SyncTarget } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useChange } from '../../app/use-change.ts';
import { useOutbox } from '../../app/use-outbox.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import { DeliveryRow } from './delivery-row.tsx';

const pageSize = 200;

/** What is on its way to the team, what arrived there, and what stands in the way. */
export default function OutboxPage() {
  const progress = useOutbox();
  const targets = useQuery({ queryKey: ['outbox', 'targets'], queryFn: () => engine.sync.targets({}) });
  const retry = useChange(['outbox'], () => engine.sync.retry({}));
  const isWaiting = (progress?.waiting ?? 0) + (progress?.refused ?? 0) > 0;
  const remaining =
    progress === null || progress.totalBytes === 0
      ? null
      : [
          `${formatBytes(progress.doneBytes)} of ${formatBytes(progress.totalBytes)}`,
          ...(progress.bytesPerSecond === 0 ? [] : [`${formatBytes(progress.bytesPerSecond)}/s`]),
          ...(progress.remainingMs === null ? [] : [`${formatDuration(progress.remainingMs)} to go`]),
        ].join(' · ');
  return (
    <PageFrame
      name="Outbox"
      beside={remaining === null ? null : <span className={tables.quiet}>{remaining}</span>}
      actions={
        isWaiting ? (
          <Button onClick={() => retry.mutate(undefined)} loading={retry.isPending}>
            Try again now
          </Button>
        ) : null
      }
    >
      {targets.error !== null ? (
        <ErrorNotice error={targets.error} onRetry={() => void targets.refetch()} />
      ) : targets.data === undefined ? (
        <Pending what="the outbox" />
      ) : targets.data.length === 0 ? (
        <EmptyState title="Nothing leaves this machine">
          <p>Name your team’s MLflow server, and push what others should see. Nothing is sent before that.</p>
          <pre>benchtop target add team https://mlflow.example.com</pre>
        </EmptyState>
      ) : (
        <>
          {targets.data.map((target) => (
            <TargetTrouble key={target.name} target={target} />
          ))}
          <Deliveries />
        </>
      )}
    </PageFrame>
  );
}

function TargetTrouble({ target: { name, trouble, isPaused } }: { target: SyncTarget }) {
  if (trouble === null && !isPaused) return null;
  return (
    <p className={tables.about} role="status">
      {isPaused ? `${name} is paused. ` : null}
      {trouble === null
        ? null
        : `${name}: ${trouble.what} ${trouble.next ?? 'What waits goes when it is back.'}`}
    </p>
  );
}

function Deliveries() {
  const [before, setBefore] = useState<readonly number[]>([]);
  const after = before.at(-1);
  const page = useQuery({
    queryKey: ['outbox', 'page', after ?? null],
    queryFn: () => engine.sync.outbox({ limit: pageSize, ...(after === undefined ? {} : { after }) }),
  });
  if (page.error !== null) return <ErrorNotice error={page.error} onRetry={() => void page.refetch()} />;
  if (page.data === undefined) return <Pending what="what was pushed" />;
  const { deliveries, counts, next } = page.data;
  if (deliveries.length === 0 && after === undefined)
    return (
      <EmptyState title="Nothing was pushed yet">
        <p>What you push waits here until the target was read again and has it all.</p>
        <pre>benchtop push churn@champion --target team</pre>
      </EmptyState>
    );
  return (
    <ScrollRegion label="Outbox">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">State</th>
            <th scope="col">What</th>
            <th scope="col">To</th>
            <th scope="col" className={tables.number}>
              Steps
            </th>
            <th scope="col" className={tables.number}>
              Size
            </th>
            <th scope="col" className={tables.rest}>
              In the way
            </th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </tbody>
      </table>
      <p className={tables.about}>
        {countsText(counts)}
        {after === undefined ? null : (
          <Button variant="subtle" onClick={() => setBefore(before.slice(0, -1))}>
            Later ones
          </Button>
        )}
        {next === null ? null : (
          <Button variant="subtle" onClick={() => setBefore([...before, next])}>
            Earlier ones
          </Button>
        )}
      </p>
    </ScrollRegion>
  );
}

const countsText = (counts: Partial<Record<DeliveryState, number>>): string =>
  Object.entries(counts)
    .map(([state, count]) => `${count.toLocaleString('en')} ${state}`)
    .join(' · ');
