import { statSync } from 'node:fs';
import { isDiskFull } from '../disk-full.ts';
import type { Recorder } from '../tracking/index.ts';
import { endOf, lost, type RunEnd } from './ending.ts';
import { type LogReader, openLogReader } from './log-reader.ts';
import { endOnStartClock } from './ending-time.ts';
import { bootedAt, bootId, uptimeS } from './process-identity.ts';
import { readRecord, type RunFolder, type RunRecord, tellsRefusal, writeRecord } from './run-folder.ts';
import type { Handle } from './supervisor.ts';

const graceMs = 5000;
/** How often a run's files are looked at: soon after something happened, more rarely while it is silent. */
const quickLookMs = 60;
const slowLookMs = 180;
/** Whether the child lives is asked this often; its supervisor needs a moment to record an end. */
const aliveCheckMs = 1000;
const recordPatienceMs = 2500;
/** So long a supervisor that was just launched is not looked for among all processes. */
const startPatienceMs = 100;
/** A run that is over by then is looked at once, when it is over: all that is done to follow one costs more than such a run. */
const briefMs = 20;
/** On a full disk the output is looked at this often. */
const spacePauseMs = 1000;

interface FollowedEnd extends RunEnd {
  /** By how much the clock was set forward (or back, below zero) while it ran, in ms; 0 where that is not known. */
  readonly clockSetByMs: number;
}

export interface WatchedEnd extends FollowedEnd {
  /** Null where the command never began. */
  readonly start: RunRecord<'start'> | null;
  readonly startedAt: number;
}

/** A run that is being followed. */
export interface WatchedRun {
  /** Resolves when the process has ended, its tree too if it was cancelled, and everything printed has been read. */
  readonly ended: Promise<WatchedEnd>;
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
  onStarted: (start: RunRecord<'start'>) => void;
  /** Told of a run that does not end at once. */
  onLasting: (start: RunRecord<'start'>) => Promise<void>;
  onGrown: () => void;
}): WatchedRun {
  const { runId, folder, spec, handle, recorder, now, onStarted, onLasting, onGrown } = options;
  let isLeaving = false;
  let progress: () => number | null = () => null;
  let ending: Promise<number[]> | undefined;
  let isSupervisorGone = false;
  let hasNews = false;
  let wake = () => {};
  const launchedAt = now();
  const cancelled = { reason: null as RunRecord<'cancel'> | null };
  function tellNews(): void {
    hasNews = true;
    wake();
  }
  void handle.supervisorGone.then(() => {
    isSupervisorGone = true;
    tellNews();
  });

  /** So long, or until there is news; not at all where there was some meanwhile. */
  async function pause(ms: number): Promise<void> {
    if (isLeaving) throw new LeftRunning();
    if (!hasNews)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    hasNews = false;
    if (isLeaving) throw new LeftRunning();
  }

  /** Waits until the child has started; null when it never will: no supervisor is there that could start it. */
  async function started(): Promise<RunRecord<'start'> | null> {
    const since = performance.now();
    for (let waitMs = 10; ; waitMs = Math.min(waitMs * 2, 100)) {
      const seen = readRecord(folder, 'start');
      if (seen !== null) return seen;
      // Asked before the record is looked for again: a supervisor that is gone by then writes none.
      const isPatient = !isSupervisorGone && performance.now() - since < startPatienceMs;
      const mayStart = spec.bootId === bootId() && (isPatient || handle.isSupervised());
      const start = isPatient ? null : readRecord(folder, 'start');
      if (start !== null || !mayStart) return start;
      await pause(waitMs);
    }
  }

  async function isBrief(): Promise<boolean> {
    const since = performance.now();
    for (;;) {
      if (isSupervisorGone) return true;
      const leftMs = briefMs - (performance.now() - since);
      if (leftMs <= 0) return false;
      await pause(leftMs);
    }
  }

  /** Follows the run to its end, however often the disk fills up meanwhile: what was not stored is read again. */
  async function followed(start: RunRecord<'start'>): Promise<FollowedEnd> {
    for (;;) {
      try {
        return await followedOnce(start);
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        await pause(spacePauseMs);
      }
    }
  }

  /** Waits for the record of the end while reading the output; words of its own when none will come. */
  async function followedOnce(start: RunRecord<'start'>): Promise<FollowedEnd> {
    let reader: LogReader | null = null;
    /** Nothing is opened for a program that prints nothing. */
    async function read(isOver: boolean): Promise<boolean> {
      if (reader === null) {
        const sizeBytes = statSync(folder.log, { throwIfNoEntry: false })?.size ?? 0;
        if (sizeBytes === 0 && readRecord(folder, 'reader') === null) return false;
        reader = await openLogReader({ runId, folder, startedAt: start.at, recorder });
        progress = reader.progress;
      }
      return (await reader.read(isOver)).hasGrown;
    }
    let lookMs = quickLookMs;
    let checkedAt = -Infinity;
    let deadSince: number | null = null;
    try {
      for (;;) {
        // Asked before the record is looked for: a supervisor that is gone by then will write none.
        const patienceMs = isSupervisorGone ? -1 : recordPatienceMs;
        const end = readRecord(folder, 'end');
        const isOver = end !== null || (deadSince !== null && performance.now() - deadSince > patienceMs);
        if (isOver) await ending;
        const hasGrown = await read(isOver);
        if (hasGrown) onGrown();
        if (end !== null) {
          const { clockSetByMs } = endOnStartClock(start, end);
          return { ...endTold(start, end), clockSetByMs };
        }
        if (isOver) return lostEnd(start);
        if (performance.now() - checkedAt > aliveCheckMs || (isSupervisorGone && deadSince === null)) {
          checkedAt = performance.now();
          if (start.bootId !== bootId()) return lostEnd(start);
          if (!handle.isChildRunning()) deadSince ??= performance.now();
        }
        if (spec.timeLimitMs !== null && ranMs(start) > spec.timeLimitMs) void cancel('time limit');
        lookMs = hasGrown || deadSince !== null ? quickLookMs : Math.min(lookMs + 30, slowLookMs);
        await pause(lookMs);
      }
    } finally {
      await (reader as LogReader | null)?.close();
    }
  }

  /** How long it has been running, whatever the clock was set to meanwhile. */
  const ranMs = (start: RunRecord<'start'>) =>
    endOnStartClock(start, { at: now(), uptimeS: uptimeS() }).endedAt - start.at;

  const cancelReason = () => readRecord(folder, 'cancel') ?? cancelled.reason;

  function endTold(start: RunRecord<'start'> | null, end: RunRecord<'end'>): RunEnd {
    // The codes of a shell that could not become the command; a command may exit with them too.
    const isRefused = !end.isSignal && (end.status === 126 || end.status === 127) && tellsRefusal(folder);
    return endOf({ start, end, cancel: cancelReason(), isRefused, oomKillsBefore: spec.oomKills });
  }

  function lostEnd(start: RunRecord<'start'>): FollowedEnd {
    return { ...endUnseen(start), clockSetByMs: 0 };
  }

  function endUnseen(start: RunRecord<'start'>): RunEnd {
    if (start.bootId !== bootId()) {
      const at = bootedAt();
      return lost(
        at === null ? 'machine restarted' : `machine restarted at ${new Date(at).toISOString()}`,
        Math.max(at ?? now(), start.at),
      );
    }
    const cancel = cancelReason();
    const why = 'its supervisor ended before it, so how it ended is not known';
    const endedAt = start.at + ranMs(start);
    if (cancel === null) return lost(why, endedAt);
    const word = cancel.reason === 'user' ? 'cancelled' : 'time limit reached';
    return { status: 'killed', ending: `${word} (${why})`, exitCode: null, endedAt };
  }

  async function run(): Promise<WatchedEnd> {
    const wasBrief = await isBrief();
    const start = await started();
    if (start === null) return { ...neverStarted(), start, startedAt: launchedAt, clockSetByMs: 0 };
    onStarted(start);
    if (!wasBrief) await onLasting(start);
    return { ...(await followed(start)), start, startedAt: start.at };
  }

  /** The supervisor may have told an end, also of a command that it could not begin. */
  function neverStarted(): RunEnd {
    const end = readRecord(folder, 'end');
    if (end !== null) {
      const told = endTold(null, end);
      return { ...told, ending: `${told.ending} before the command began` };
    }
    if (spec.bootId !== bootId()) return lost('machine restarted before it was seen to begin', now());
    return lost('its supervisor ended before it began', now());
  }

  async function cancel(reason: RunRecord<'cancel'>['reason']): Promise<void> {
    ending ??= endAll(reason).catch((error: unknown) => {
      // This engine leaves before the run has begun; the next one finds it going on.
      if (error instanceof LeftRunning) return [];
      throw error;
    });
    await ending;
  }

  async function endAll(reason: RunRecord<'cancel'>['reason']): Promise<number[]> {
    await started();
    if (readRecord(folder, 'end') !== null) return [];
    // The reason is on disk before the first signal: an engine that dies in between leaves no riddle.
    cancelled.reason = readRecord(folder, 'cancel') ?? { reason, at: now(), uptimeS: uptimeS() };
    try {
      await writeRecord(folder, 'cancel', cancelled.reason, true);
    } catch (error) {
      // A run that fills the disk must be stoppable all the same; this engine remembers why it ended.
      if (!isDiskFull(error)) throw error;
    }
    return handle.end(graceMs);
  }

  const ended = run();
  return {
    ended,
    cancel,
    progress: () => progress(),
    async setPaused(isPaused) {
      const pauses = readRecord(folder, 'pauses') ?? [];
      const noted = isPaused
        ? [...pauses, { from: now(), to: null }]
        : pauses.map((pause) => ({ ...pause, to: pause.to ?? now() }));
      await writeRecord(folder, 'pauses', noted, true);
      handle.setPaused(isPaused);
      return noted;
    },
    async leave() {
      isLeaving = true;
      tellNews();
      await ended.catch(() => undefined);
    },
  };
}
