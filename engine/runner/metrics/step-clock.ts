import { z } from 'zod';
import type { Progress } from './progress-bar.ts';

/** Everything the clock remembers, as JSON. */
export const clockState = z.object({
  epoch: z.number().nullable(),
  epochTotal: z.number().nullable(),
  /** Position of the bar seen last, for lines that are printed between its refreshes. */
  barStep: z.number().nullable(),
  fraction: z.number().nullable(),
  bars: z.record(
    z.string(),
    z.object({ done: z.number(), total: z.number(), base: z.number(), epoch: z.number().nullable() }),
  ),
  series: z.record(z.string(), z.object({ last: z.number(), epoch: z.number().nullable() })),
});
export type ClockState = z.infer<typeof clockState>;

export function newClockState(): ClockState {
  return { epoch: null, epochTotal: null, barStep: null, fraction: null, bars: {}, series: {} };
}

/** A program that gives every line another name must not make the engine's memory grow for ever. */
const maxRemembered = 5000;

/** Notes a bar's position and returns it counted through all its restarts: batch 3 of the second 100 is 103. */
export function barStep(clock: ClockState, progress: Progress): number {
  let bar = clock.bars[progress.name];
  if (bar === undefined) {
    if (Object.keys(clock.bars).length >= maxRemembered) clock.bars = {};
    bar = { done: 0, total: progress.total, base: 0, epoch: clock.epoch };
    clock.bars[progress.name] = bar;
  }
  // A short bar may be seen only when full, epoch after epoch.
  const isNewRound =
    progress.done < bar.done || (clock.epoch !== bar.epoch && bar.epoch !== null && bar.done > 0);
  if (isNewRound) bar.base += Math.max(bar.total, bar.done);
  bar.epoch = clock.epoch;
  bar.done = progress.done;
  bar.total = progress.total;
  clock.barStep = bar.base + progress.done;
  clock.fraction = progress.total > 0 ? Math.min(1, progress.done / progress.total) : null;
  return clock.barStep;
}

/**
 * The step of a value. A step in the line itself wins. Else it is the epoch that goes on; a name that is seen again in the
 * same epoch, or without any epoch, counts on by itself.
 */
export function stepOf(clock: ClockState, key: string, explicit: number | null): number {
  let own = clock.series[key];
  if (own === undefined) {
    if (Object.keys(clock.series).length >= maxRemembered) clock.series = {};
    own = { last: -1, epoch: null };
    clock.series[key] = own;
  }
  const isAgain = own.epoch !== null && own.epoch === clock.epoch;
  const next = own.last + 1;
  own.last = explicit ?? (clock.epoch === null || isAgain ? next : Math.max(clock.epoch, next));
  own.epoch = clock.epoch;
  return own.last;
}

/** Part of the work done, 0 to 1, when the output tells. */
export function progressOf(clock: ClockState): number | null {
  const { epoch, epochTotal, fraction } = clock;
  if (epoch === null || epochTotal === null || epochTotal === 0) return fraction;
  // The first epoch may be called 0 or 1; "3/10" is counted from 1 nearly everywhere.
  return Math.min(1, Math.max(0, (epoch - 1 + (fraction ?? 0)) / epochTotal));
}
