import type { ProcessUsage } from './process-usage.ts';

/** A process tree at one moment: usage by pid. */
export interface TreeReading {
  /** Milliseconds on a clock that never jumps. */
  readonly atMs: number;
  /** The same moment in clock ticks since boot, as processes' start times are counted. */
  readonly atTicks: number;
  readonly members: ReadonlyMap<number, ProcessUsage>;
}

/** What a tree used between two readings. */
export interface TreeUsage {
  /** Cores kept busy: 1.5 is one core and a half. */
  readonly cpuCores: number;
  readonly residentPages: number;
  /** Null where the disk traffic of a member is not told. */
  readonly disk: { readonly readBytesPerS: number; readonly writtenBytesPerS: number } | null;
}

/**
 * Differences of sums over the tree. A process that came into view but is older than the reading before brings its past
 * along: that is taken off. One that left without being awaited takes its past away: a difference below zero reads as zero.
 */
export function treeUsage(before: TreeReading, after: TreeReading, ticksPerSecond: number): TreeUsage {
  const elapsedS = Math.max(0.001, (after.atMs - before.atMs) / 1000);
  const own = { ticks: 0, read: 0, written: 0, pages: 0, hasDisk: true };
  for (const [pid, usage] of after.members) {
    own.pages += usage.residentPages;
    const earlier = before.members.get(pid);
    const isSame = earlier?.startTicks === usage.startTicks;
    const isOlder = !isSame && usage.startTicks < before.atTicks;
    own.hasDisk &&= usage.disk !== null && (!isSame || earlier.disk !== null);
    if (isOlder) continue;
    own.ticks += usage.cpuTicks;
    own.read += usage.disk?.readBytes ?? 0;
    own.written += usage.disk?.writtenBytes ?? 0;
  }
  for (const { cpuTicks, disk } of before.members.values()) {
    own.ticks -= cpuTicks;
    own.read -= disk?.readBytes ?? 0;
    own.written -= disk?.writtenBytes ?? 0;
  }
  const rate = (amount: number) => Math.max(0, amount) / elapsedS;
  return {
    cpuCores: rate(own.ticks / ticksPerSecond),
    residentPages: own.pages,
    disk: own.hasDisk ? { readBytesPerS: rate(own.read), writtenBytesPerS: rate(own.written) } : null,
  };
}
