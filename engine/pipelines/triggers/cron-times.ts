import { Cron } from 'croner';
import { BenchtopError } from '../../../contract/index.ts';

/** How many times to come are told to who writes a schedule. */
const toldTimes = 5;

/**
 * The next times of a schedule after `at`, ms UTC; fewer than five where there are no more.
 * @throws {BenchtopError} as `cronTimes`.
 */
export function nextTimes(pattern: string, timeZone: string, at: number): number[] {
  const { next } = cronTimes(pattern, timeZone);
  const times: number[] = [];
  for (let time = next(at); time !== null && times.length < toldTimes; time = next(time)) times.push(time);
  return times;
}

/** More times than this that went by are told as "more than". */
const countAtMost = 1000;

/**
 * A schedule of five fields in a time zone. A time of the day that a change to summer time leaves out comes when the clock goes on, one
 * that comes twice counts once.
 * @throws {BenchtopError} `invalid-input` for a pattern or zone that there is not.
 */
export function cronTimes(
  pattern: string,
  timeZone: string,
): {
  /** The first time after `at`, ms UTC; null when there is none any more. */
  next(at: number): number | null;
  /** The times after `from` up to and with `to`: how many, the first and the last. */
  passed(from: number, to: number): { count: number; isMore: boolean; first: number; last: number } | null;
} {
  let cron: Cron;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    cron = new Cron(pattern, { timezone: timeZone, mode: '5-part', paused: true });
  } catch (error) {
    throw new BenchtopError({
      code: 'invalid-input',
      what: `"${pattern}" in the time zone ${timeZone} is no schedule.`,
      evidence: error instanceof Error ? error.message : String(error),
      next: 'Write five fields (minute, hour, day, month, weekday), such as `0 3 * * 1-5`, and a zone such as Europe/Berlin.',
    });
  }
  const next = (at: number): number | null => cron.nextRun(new Date(at))?.getTime() ?? null;
  return {
    next,
    passed(from, to) {
      const first = next(from);
      if (first === null || first > to) return null;
      let count = 1;
      let last = first;
      for (;;) {
        const following = next(last);
        if (following === null || following > to) return { count, isMore: false, first, last };
        if (count === countAtMost) break;
        count += 1;
        last = following;
      }
      return {
        count,
        isMore: true,
        first,
        last: cron.previousRuns(1, new Date(to + 1))[0]?.getTime() ?? last,
      };
    },
  };
}
