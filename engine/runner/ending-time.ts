import type { RunRecord } from './run-folder.ts';

/** Clocks are corrected by fractions of a second all the time; from here on it is told. */
const noticedMs = 2000;

/**
 * When a run ended, on the clock that told its start: how long it took is counted from the boot, which nobody can set. Also by how
 * much the clock was set forward (or back, below zero) while it ran, in ms; 0 where that is not known.
 */
export function endOnStartClock(
  start: Pick<RunRecord<'start'>, 'at' | 'uptimeS'>,
  end: Pick<RunRecord<'end'>, 'at' | 'uptimeS'>,
): { endedAt: number; clockSetByMs: number } {
  const byClockMs = end.at - start.at;
  if (start.uptimeS === null || end.uptimeS === null)
    return { endedAt: Math.max(end.at, start.at), clockSetByMs: 0 };
  const tookMs = Math.max(0, Math.round((end.uptimeS - start.uptimeS) * 1000));
  const setByMs = byClockMs - tookMs;
  return Math.abs(setByMs) < noticedMs
    ? { endedAt: Math.max(end.at, start.at), clockSetByMs: 0 }
    : { endedAt: start.at + tookMs, clockSetByMs: setByMs };
}
