import { uptimeS } from '../process-identity.ts';

/** Two clocks that never jump. Milliseconds since boot. */
export interface SteadyClocks {
  /** Goes on while the machine sleeps (CLOCK_BOOTTIME). */
  readonly bootMs: number;
  /** Stands still while it sleeps (CLOCK_MONOTONIC). */
  readonly awakeMs: number;
}

/** Linux only, as the runner is: /proc/uptime counts sleep, Node's own clock does not. */
export function steadyClocks(): SteadyClocks {
  const [seconds, nanoseconds] = process.hrtime();
  return { bootMs: (uptimeS() ?? 0) * 1000, awakeMs: seconds * 1000 + nanoseconds / 1e6 };
}

/** The clocks are read one after the other and one of them in hundredths of a second: less is no sleep. */
const leastSleepMs = 2000;

/** How long the machine slept between two readings, in milliseconds; 0 for less than could be told from a slow reading. */
export function sleptBetween(before: SteadyClocks, after: SteadyClocks): number {
  const ms = after.bootMs - before.bootMs - (after.awakeMs - before.awakeMs);
  return ms < leastSleepMs ? 0 : Math.round(ms);
}
