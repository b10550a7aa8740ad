import { untilSpace } from '../disk-full.ts';
import type { Recorder } from '../tracking/index.ts';
import type { LiveRun } from './live-run.ts';
import { notWaiting } from './job-problems.ts';
import { createQueueOrder, type QueueOrder } from './queue-order.ts';
import { makeFolder, removeRecord, runFolder, type RunRecord, writeRecord } from './run-folder.ts';
import type { Place, RunQueue } from './run-queue.ts';

/** Writes tags of a run, and the run with them where it is not recorded yet. */
export type Recording = (tags: Readonly<Record<string, string>>) => Promise<void>;

/** A run that has been asked for. */
export interface AskedRun {
  readonly runId: string;
  readonly entry: LiveRun;
  readonly asked: RunRecord<'asked'>;
  readonly record: Recording;
  /** On the clock that files have (file-clock.ts); left out of one that has waited. */
  readonly askedAt?: number;
}

/** Runs from when they are asked for until it is their turn. */
export interface WaitingRuns {
  /** Puts a run into the queue; it begins at once where there is room. */
  enqueue(run: AskedRun): void;
  /** Puts a run into the queue that is recorded already. */
  enqueueAgain(run: Omit<AskedRun, 'record'>): void;
  /**
   * Records a run for which there is no room yet. Nobody is told of one that has not begun and whose request is not written down: the
   * next engine begins it if this one does not, also after a power failure.
   */
  keep(run: AskedRun): Promise<void>;
  readOrder(): Promise<QueueOrder>;
  setHeld(isHeld: boolean): Promise<void>;
  /** @throws {BenchtopError} `not-found` for what does not wait. */
  move(runId: string, before: string | null): Promise<void>;
}

export function createWaitingRuns(options: {
  home: string;
  queue: RunQueue;
  /** Runs that are recorded. */
  live: ReadonlyMap<string, LiveRun>;
  recorder: Pick<Recorder, 'setTags'>;
  leaving: AbortSignal;
  launch(run: AskedRun, place: Place): Promise<void>;
  /** Sees to the end of a run that could not be begun. */
  fail(runId: string, entry: LiveRun, error: unknown): Promise<void>;
}): WaitingRuns {
  const { home, queue, live, recorder, leaving, launch, fail } = options;
  const order = createQueueOrder(home);
  const keepOrder = () => order.write({ isHeld: queue.isHeld, waiting: [...queue.waiting()] });

  const addTags = (runId: string): Recording => {
    return (tags) => untilSpace(() => recorder.setTags(runId, tags), leaving);
  };

  function enqueue(run: AskedRun): void {
    const { runId, entry, asked } = run;
    const { gpus, priority, slots } = asked;
    entry.memoryBytes = asked.memoryBytes;
    const memoryBytes = asked.memoryBytes ?? entry.needs().memoryBytes ?? 0;
    entry.priority = priority;
    queue.add(runId, { gpus, memoryBytes, priority, slots }, (place) => {
      entry.status = 'running';
      entry.begun = entry.work
        .then(() => launch(live.has(runId) ? { runId, entry, asked, record: addTags(runId) } : run, place))
        .catch((error: unknown) => fail(runId, entry, error));
      entry.work = entry.begun.catch(() => undefined); // Who asked for the run hears of it.
    });
  }

  return {
    enqueue,
    enqueueAgain: (run) => enqueue({ ...run, record: addTags(run.runId) }),
    async keep({ runId, entry, asked, record }) {
      const folder = runFolder(home, runId);
      // Its turn may come meanwhile: then it begins right after.
      entry.work = record({}).then(() => {
        entry.isAsked = true;
        makeFolder(folder);
        return writeRecord(folder, 'asked', asked, true);
      });
      try {
        await entry.work;
        if (entry.status === 'over') removeRecord(folder, 'asked');
        else await keepOrder();
      } catch (error) {
        if (entry.status === 'queued') {
          if (!live.has(runId)) queue.leave(runId);
          else void fail(runId, entry, error);
        }
        throw error;
      }
    },
    readOrder: () => order.read(),
    async setHeld(isHeld) {
      queue.setHeld(isHeld);
      await keepOrder();
    },
    async move(runId, before) {
      if (!queue.move(runId, before)) throw notWaiting(before ?? runId);
      await keepOrder();
    },
  };
}
