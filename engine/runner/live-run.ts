import { runningMs, type Job, type Run, type RunGap } from '../../contract/index.ts';
import type { RunEnd } from './ending.ts';
import type { Place } from './run-queue.ts';
import type { WatchedRun } from './watch-run.ts';

/** A run from its start until its record is whole. */
export interface LiveRun {
  readonly name: string;
  readonly projectId: string | null;
  status: 'queued' | 'running' | 'over';
  startedAt: number | null;
  watched: WatchedRun | null;
  isCancelled: boolean;
  isPaused: boolean;
  /** When it stood still, in the order in which that was noticed. */
  gaps: readonly RunGap[];
  /** Settles when nothing more is done for the run here. */
  work: Promise<void>;
  readonly end: PromiseWithResolvers<RunEnd>;
  readonly listeners: Set<() => void>;
}

export function liveRun(run: Run, status: LiveRun['status']): LiveRun {
  const end = Promise.withResolvers<RunEnd>();
  end.promise.catch(() => undefined); // Those who wait get the error; nobody has to wait.
  return {
    name: run.name,
    projectId: run.projectId,
    status,
    startedAt: run.startedAt,
    watched: null,
    isCancelled: false,
    isPaused: false,
    gaps: run.gaps,
    work: Promise.resolve(),
    end,
    listeners: new Set(),
  };
}

/** Tells everybody who waits for news of a run. A listener takes itself off the set, which its iteration allows. */
export function tell(entry: LiveRun): void {
  for (const listener of entry.listeners) listener();
}

/** Resolves with the next news of a run, at once when it is not going on. */
export function changed(entry: LiveRun | undefined, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (entry === undefined || signal.aborted) return resolve();
    const done = () => {
      entry.listeners.delete(done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    entry.listeners.add(done);
    signal.addEventListener('abort', done);
  });
}

/** What the strip and the queue show of a run; null when it is over. */
export function jobOf(runId: string, entry: LiveRun, place: Place | null, now: number): Job | null {
  const { name, projectId, status, startedAt, isPaused, gaps } = entry;
  if (status === 'over') return null;
  const progress = entry.watched?.progress() ?? null;
  const atWork = runningMs({ startedAt, endedAt: null, gaps }, now) ?? 0;
  const etaAt =
    progress === null || progress <= 0 || startedAt === null || isPaused
      ? null
      : Math.round(now + (atWork / progress) * (1 - progress));
  return {
    runId,
    name,
    projectId,
    status,
    startedAt,
    gaps: [...gaps],
    progress,
    etaAt,
    isPaused,
    gpus: [...(place?.gpus ?? [])],
  };
}
