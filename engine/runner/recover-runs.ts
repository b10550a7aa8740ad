import type { Run } from '../../contract/index.ts';
import { lost, type RunEnd } from './ending.ts';
import { type BegunRun, leftRun } from './left-run.ts';
import type { LiveRun } from './live-run.ts';
import { inOrder, type QueueOrder } from './queue-order.ts';
import { environmentSetTag } from './own-tags.ts';
import { runFolder, type RunFolder, type RunRecord } from './run-folder.ts';
import type { RunQueue } from './run-queue.ts';
import type { Handle } from './supervisor.ts';

/** A run that an engine before this one has not begun. */
export interface WaitingRun {
  readonly runId: string;
  readonly entry: LiveRun;
  readonly asked: RunRecord<'asked'>;
}

/** What recovery asks of the runner. */
interface Recovery {
  readonly home: string;
  /** Recorded as not ended, and not known to this engine. */
  readonly runs: readonly Run[];
  attach(runId: string, folder: RunFolder): Handle;
  readonly queue: RunQueue;
  /** The queue as the engine before left it. */
  readOrder(): Promise<QueueOrder>;
  now(): number;
  track(run: Run, status: LiveRun['status']): LiveRun;
  /** Takes up a run that has begun. What it resolves to follows it to its end, and is called when all are known that go on beside it. */
  takeUp(runId: string, entry: LiveRun, left: BegunRun, handle: Handle): Promise<() => void>;
  /** Puts runs that have not begun into the queue. */
  waitAgain(waiting: readonly WaitingRun[]): Promise<void>;
  finish(runId: string, entry: LiveRun, end: RunEnd): Promise<void>;
}

/**
 * Takes up what an engine before this one has left: follows what goes on, records how the rest ended, and puts what has not begun
 * into the queue as it stood.
 */
export async function recoverRuns(recovery: Recovery): Promise<void> {
  const { home, runs, attach, queue, readOrder, now, track, takeUp, waitAgain, finish } = recovery;
  const waiting: WaitingRun[] = [];
  const begun: (() => void)[] = [];
  for (const run of runs) {
    const runId = run.id;
    const folder = runFolder(home, runId);
    const handle = attach(runId, folder);
    const left = leftRun(folder, handle, environmentSetTag in run.tags);
    const entry = track(run, left.kind === 'waiting' ? 'queued' : 'running');
    entry.isAsked = true;
    if (left.kind === 'waiting') waiting.push({ runId, entry, asked: left.asked });
    else if (left.kind === 'begun') begun.push(await takeUp(runId, entry, left, handle));
    else await finish(runId, entry, lost(left.why, now()));
  }
  for (const follow of begun) follow();
  const kept = await readOrder();
  queue.setHeld(true);
  if (waiting.length > 0) await waitAgain(waiting);
  // As they stood, also where a person put one before others of a higher priority.
  for (const runId of inOrder(queue.waiting(), kept)) queue.move(runId, null);
  queue.setHeld(kept.isHeld);
}
