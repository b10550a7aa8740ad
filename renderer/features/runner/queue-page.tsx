import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Job, RunQueueState } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useChange } from '../../app/use-change.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { QueueRow } from './queue-row.tsx';

const queueKey = ['jobs'];

/** What runs and what waits, on the whole laptop; who waits can be put before others. */
export default function QueuePage() {
  const queue = useQuery({ queryKey: queueKey, queryFn: () => engine.runner.queue({}) });
  const hold = useChange(queueKey, (isHeld: boolean) => engine.runner.setQueueHeld({ isHeld }));
  return (
    <PageFrame
      name="Queue"
      beside={queue.data === undefined ? null : summaryOf(queue.data)}
      actions={
        queue.data === undefined ? null : (
          <Button onClick={() => hold.mutate(!queue.data.isHeld)} loading={hold.isPending}>
            {queue.data.isHeld ? 'Let the queue go on' : 'Hold the queue'}
          </Button>
        )
      }
    >
      {queue.error !== null ? (
        <ErrorNotice error={queue.error} onRetry={() => void queue.refetch()} />
      ) : queue.data === undefined ? (
        <Pending what="the queue" />
      ) : queue.data.jobs.length === 0 ? (
        <NothingRuns isHeld={queue.data.isHeld} />
      ) : (
        <QueueTable jobs={queue.data.jobs} />
      )}
    </PageFrame>
  );
}

function summaryOf({ jobs, slots, gpuCount, isHeld }: RunQueueState): string {
  const running = jobs.filter((job) => job.status === 'running').length;
  const parts = [`${running} of ${slots} slots in use`, `${jobs.length - running} waiting`];
  if (gpuCount > 0) {
    const taken = new Set(jobs.flatMap((job) => job.gpus)).size;
    parts.push(`${taken} of ${gpuCount} ${gpuCount === 1 ? 'GPU' : 'GPUs'} taken`);
  }
  if (isHeld) parts.push('held: nobody new begins');
  return parts.join(' · ');
}

function NothingRuns({ isHeld }: { isHeld: boolean }) {
  return (
    <EmptyState title="Nothing runs and nothing waits">
      <p>
        Runs that are started while every slot is taken wait here and begin in order.{' '}
        {isHeld ? 'The queue is held: what you start now will wait until it goes on.' : null}
      </p>
      <pre>benchtop run --queue -- python train.py</pre>
    </EmptyState>
  );
}

function QueueTable({ jobs }: { jobs: readonly Job[] }) {
  const [dragged, setDragged] = useState<string | null>(null);
  const move = useChange(queueKey, (place: { runId: string; before: string | null }) =>
    engine.runner.moveJob(place),
  );
  const pause = useChange(queueKey, (job: Job) =>
    engine.runner.setPaused({ runId: job.runId, isPaused: !job.isPaused }),
  );
  const cancel = useChange(queueKey, (job: Job) => engine.runner.cancel({ runId: job.runId }));
  const waiting = jobs.filter((job) => job.status === 'queued');
  return (
    <ScrollRegion label="Queue">
      <table className={tables.table}>
        <TableHead
          columns={[
            'Place',
            'State',
            'Run',
            'Running for',
            'Done',
            'Ends about',
            {
              title: 'Memory',
              help: 'The most that earlier runs of its script used; it begins when so much is free',
            },
            'GPU',
            actions,
          ]}
        />
        <tbody>
          {jobs.map((job) => {
            const place = waiting.indexOf(job);
            return (
              <QueueRow
                key={job.runId}
                job={job}
                place={place < 0 ? null : place + 1}
                isLast={place === waiting.length - 1}
                isDragged={dragged === job.runId}
                onDrag={(isDragged) => setDragged(isDragged ? job.runId : null)}
                onDrop={() => {
                  if (dragged === null || dragged === job.runId) return;
                  // Dragged down it goes behind the row it was dropped on, dragged up before it.
                  const isDown = waiting.findIndex((other) => other.runId === dragged) < place;
                  const before = isDown ? (waiting[place + 1]?.runId ?? null) : job.runId;
                  move.mutate({ runId: dragged, before });
                }}
                onEarlier={() => move.mutate({ runId: job.runId, before: waiting[place - 1]?.runId ?? null })}
                onLater={() => move.mutate({ runId: job.runId, before: waiting[place + 2]?.runId ?? null })}
                onPause={() => pause.mutate(job)}
                onCancel={() => cancel.mutate(job)}
              />
            );
          })}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
