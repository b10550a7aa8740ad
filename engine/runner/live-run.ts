import {
  runningMs,
  type Job,
  type LearntNeeds,
  type Priority,
  type Run,
  type RunGap,
} from '../../contract/index.ts';
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
  /** Its request may be in its folder. */
  isAsked: boolean;
  isCancelled: boolean;
  isPaused: boolean;
  /** When it stood still, in the order in which that was noticed. */
  gaps: readonly RunGap[];
  /** Settles when it has been begun, or could not be. */
  begun: Promise<void>;
  /** Settles when nothing more is done for the run here. */
  work: Promise<void>;
  readonly end: PromiseWithResolvers<RunEnd>;
  /** Resolved when its program has ended well, before its end. */
  readonly exit: PromiseWithResolvers<void>;
  /** What earlier runs tell; found out when somebody asks. */
  needs(): LearntNeeds;
  /** What it was given, where somebody has said how much; null: what it needs. */
  memoryBytes: number | null;
  priority: Priority;
  readonly listeners: Set<() => void>;
}

export function liveRun(
  run: Pick<Run, 'name' | 'projectId' | 'startedAt'> & Partial<Pick<Run, 'gaps'>>,
  status: LiveRun['status'],
  learn: () => LearntNeeds,
): LiveRun {
  let needs: LearntNeeds | null = null;
  const end = Promise.withResolvers<RunEnd>();
  end.promise.catch(() => undefined); // Those who wait get the error; nobody has to wait.
  return {
    name: run.name,
    projectId: run.projectId,
    status,
    startedAt: run.startedAt,
    watched: null,
    isAsked: false,
    isCancelled: false,
    isPaused: false,
    gaps: run.gaps ?? [],
    needs: () => (needs ??= learn()),
    memoryBytes: null,
    priority: 'normal',
    begun: Promise.resolve(),
    work: Promise.resolve(),
    end,
    exit: Promise.withResolvers(),
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
export function jobOf(
  runId: string,
  entry: LiveRun,
  { place, waitsFor, now }: { place: Place | null; waitsFor: string | null; now: number },
): Job | null {
  const { name, projectId, status, startedAt, isPaused, gaps, needs, priority } = entry;
  if (status === 'over') return null;
  const progress = entry.watched?.progress() ?? null;
  const workedMs = runningMs({ startedAt, endedAt: null, gaps }, now);
  const leftMs = workedMs === null || isPaused ? null : timeLeftMs(workedMs, progress, needs().durationMs);
  return {
    runId,
    name,
    projectId,
    status,
    startedAt,
    gaps: [...gaps],
    progress,
    etaAt: leftMs === null ? null : Math.round(now + leftMs),
    isEtaLearnt: leftMs !== null && !(progress !== null && progress > 0),
    isPaused,
    gpus: [...(place?.gpus ?? [])],
    priority,
    needs: needs(),
    waitsFor,
  };
}

/** From the run's own progress where it tells one, else from how long it took before; null when it takes longer than that. */
function timeLeftMs(workedMs: number, progress: number | null, durationMs: number | null): number | null {
  if (progress !== null && progress > 0) return (workedMs / progress) * (1 - progress);
  return durationMs === null || workedMs > durationMs ? null : durationMs - workedMs;
}
