import { z } from 'zod';

/** A time in which a run stood still: it was paused, or the machine slept. Milliseconds UTC; `to` is null while it lasts. */
export const runGap = z.object({
  from: z.number(),
  to: z.number().nullable(),
  why: z.enum(['paused', 'asleep']),
});
export type RunGap = z.infer<typeof runGap>;

/** How much of a time from `from` to `to` the gaps take away, in milliseconds. One inside another counts once. */
export function stillMs(gaps: readonly RunGap[], from: number, to: number): number {
  let sum = 0;
  let counted = from;
  for (const gap of gaps.toSorted((one, other) => one.from - other.from)) {
    const start = Math.max(gap.from, counted);
    const end = Math.min(gap.to ?? to, to);
    if (end <= start) continue;
    sum += end - start;
    counted = end;
  }
  return sum;
}

/** How long a run has been at work: from its start to its end, or to now, without what it stood still. Null before its start. */
export function runningMs(
  run: {
    readonly startedAt: number | null;
    readonly endedAt: number | null;
    readonly gaps: readonly RunGap[];
  },
  now: number,
): number | null {
  if (run.startedAt === null) return null;
  const end = run.endedAt ?? Math.max(now, run.startedAt);
  return end - run.startedAt - stillMs(run.gaps, run.startedAt, end);
}
