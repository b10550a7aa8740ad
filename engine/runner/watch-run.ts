import { setTimeout as sleep } from 'node:timers/promises';
import type { Recorder } from '../tracking/index.ts';
import { endOf, lost, type RunEnd } from './ending.ts';
import { openLogReader } from './log-reader.ts';
import { bootedAt, bootId } from './process-identity.ts';
import { readRecord, type RunFolder, type RunRecord, writeRecord } from './run-folder.ts';
import type { Handle } from './supervisor.ts';

const graceMs = 5000;
/** How often a run's files are looked at: soon after something happened, more rarely while it is silent. */
const quickLookMs = 60;
const slowLookMs = 180;
/** Whether the child lives is asked this often; its supervisor needs a moment to record an end. */
const aliveCheckMs = 1000;
const recordPatienceMs = 2500;

/** A run that is being followed. */
export interface WatchedRun {
  /** Resolves when the process has ended, its tree too if it was cancelled, and everything printed has been read. */
  readonly ended: Promise<RunEnd & { startedAt: number }>;
  cancel(reason: RunRecord<'cancel'>['reason']): Promise<void>;
  progress(): number | null;
  /** Stops the run's processes where they stand, or lets them go on, and notes when. Resolves to all its pauses. */
  setPaused(isPaused: boolean): Promise<RunRecord<'pauses'>>;
  /** Stops following; the run goes on. */
  leave(): Promise<void>;
}

/** Thrown out of `ended` when the engine stops following a run that goes on. */
export class LeftRunning extends Error {}

export function watchRun(options: {
  runId: string;
  folder: RunFolder;
  spec: RunRecord<'spec'>;
  handle: Handle;
  recorder: Recorder;
  now: () => number;
  onStarted: (start: RunRecord<'start'>) => Promise<void>;
  onGrown: () => void;
}): WatchedRun {
  const { runId, folder, spec, handle, recorder, now, onStarted, onGrown } = options;
  const leaving = new AbortController();
  let progress: () => number | null = () => null;
  let ending: Promise<number[]> | undefined;
  let isSupervisorGone = false;
  let wake = new AbortController();
  const launchedAt = now();
  void handle.supervisorGone.then(() => {
    isSupervisorGone = true;
    wake.abort();
  });
  leaving.signal.addEventListener('abort', () => wake.abort());

  async function pause(ms: number): Promise<void> {
    if (leaving.signal.aborted) throw new LeftRunning();
    await sleep(ms, undefined, { signal: wake.signal }).catch(() => undefined);
    if (leaving.signal.aborted) throw new LeftRunning();
    if (wake.signal.aborted) wake = new AbortController();
  }

  /** Waits until the child has started; null when it never will. */
  async function started(): Promise<RunRecord<'start'> | null> {
    for (let waitMs = 2; ; waitMs = Math.min(waitMs * 2, 100)) {
      const wasGone = isSupervisorGone;
      const start = await readRecord(folder, 'start');
      if (start !== null) return start;
      if (wasGone || spec.bootId !== bootId() || now() - launchedAt > 10_000) return null;
      await pause(waitMs);
    }
  }

  /** Waits for the record of the end while reading the output; words of its own when none will come. */
  async function followed(start: RunRecord<'start'>): Promise<RunEnd> {
    const reader = await openLogReader({ runId, folder, startedAt: start.at, recorder });
    progress = reader.progress;
    let lookMs = quickLookMs;
    let checkedAt = 0;
    let deadSince: number | null = null;
    try {
      for (;;) {
        // Asked before the record is looked for: a supervisor that is gone by then will write none.
        const patienceMs = isSupervisorGone ? -1 : recordPatienceMs;
        const end = await readRecord(folder, 'end');
        const isOver = end !== null || (deadSince !== null && now() - deadSince > patienceMs);
        if (isOver) await ending;
        const { hasGrown } = await reader.read(isOver);
        if (hasGrown) onGrown();
        if (end !== null) return endOf({ end, ...(await reasons()), oomKillsBefore: spec.oomKills });
        if (isOver) return await lostEnd(start);
        if (now() - checkedAt > aliveCheckMs || (isSupervisorGone && deadSince === null)) {
          checkedAt = now();
          if (start.bootId !== bootId()) return await lostEnd(start);
          if (!(await handle.isChildRunning())) deadSince ??= now();
        }
        if (spec.timeLimitMs !== null && now() - start.at > spec.timeLimitMs) void cancel('time limit');
        lookMs = hasGrown || deadSince !== null ? quickLookMs : Math.min(lookMs + 30, slowLookMs);
        await pause(lookMs);
      }
    } finally {
      await reader.close();
    }
  }

  async function reasons() {
    return { cancel: await readRecord(folder, 'cancel'), refused: await readRecord(folder, 'refused') };
  }

  async function lostEnd(start: RunRecord<'start'>): Promise<RunEnd> {
    if (start.bootId !== bootId()) {
      const at = bootedAt();
      return lost(
        at === null ? 'machine restarted' : `machine restarted at ${new Date(at).toISOString()}`,
        at ?? now(),
      );
    }
    const { cancel } = await reasons();
    const why = 'its supervisor ended before it, so how it ended is not known';
    if (cancel === null) return lost(why, now());
    const word = cancel.reason === 'user' ? 'cancelled' : 'time limit reached';
    return { status: 'killed', ending: `${word} (${why})`, exitCode: null, endedAt: now() };
  }

  async function run(): Promise<RunEnd & { startedAt: number }> {
    const start = await started();
    if (start === null) {
      const hasRestarted = spec.bootId !== bootId();
      const why = hasRestarted ? 'machine restarted before it began' : 'its supervisor ended before it began';
      return { ...lost(why, now()), startedAt: launchedAt };
    }
    await onStarted(start);
    return { ...(await followed(start)), startedAt: start.at };
  }

  async function cancel(reason: RunRecord<'cancel'>['reason']): Promise<void> {
    if (ending !== undefined) {
      await ending;
      return;
    }
    // The reason is on disk before the first signal: an engine that dies in between leaves no riddle.
    ending = (async () => {
      await started();
      if ((await readRecord(folder, 'end')) !== null) return [];
      await writeRecord(folder, 'cancel', { reason, at: now() }, true);
      return handle.end(graceMs);
    })();
    await ending;
  }

  const ended = run();
  return {
    ended,
    cancel,
    progress: () => progress(),
    async setPaused(isPaused) {
      const pauses = (await readRecord(folder, 'pauses')) ?? [];
      const noted = isPaused
        ? [...pauses, { from: now(), to: null }]
        : pauses.map((pause) => ({ ...pause, to: pause.to ?? now() }));
      await writeRecord(folder, 'pauses', noted, true);
      await handle.setPaused(isPaused);
      return noted;
    },
    async leave() {
      leaving.abort();
      await ended.catch(() => undefined);
    },
  };
}
