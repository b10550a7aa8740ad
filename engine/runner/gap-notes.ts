import type { RunGap } from '../../contract/index.ts';
import type { Log } from '../log.ts';
import type { Recorder } from '../tracking/index.ts';
import { notGoingOn } from './job-problems.ts';
import type { LiveRun } from './live-run.ts';
import { bootId } from './process-identity.ts';
import { sleptBetween, type SteadyClocks } from './resources/slept-between.ts';
import { lastReadAt, readRecord, type RunFolder, type RunRecord } from './run-folder.ts';

/** Notes on runs when they stood still. */
export interface GapNotes {
  /** Stops a run where it stands, or lets it go on, and notes when. @throws {BenchtopError} for one that has not begun. */
  setPaused(runId: string, entry: LiveRun, isPaused: boolean): Promise<void>;
  /** The machine slept so long, and has just woken. */
  slept(live: ReadonlyMap<string, LiveRun>, sleptMs: number): void;
  /** Pauses that an earlier engine noted, and sleep while none was there. */
  missed(runId: string, folder: RunFolder, entry: LiveRun, spec: RunRecord<'spec'>): Promise<void>;
  /** Resolves when every sleep that was told of is recorded. */
  settled(): Promise<void>;
  /** How long the machine has slept since its boot. */
  asleepMs(): number;
}

export function createGapNotes(options: {
  recorder: Pick<Recorder, 'updateRun'>;
  clocks: () => SteadyClocks;
  now: () => number;
  log: Log;
}): GapNotes {
  const { recorder, clocks, now, log } = options;

  const underWay = new Set<Promise<void>>();

  /** Also tells the windows. */
  async function setGaps(runId: string, entry: LiveRun, gaps: readonly RunGap[]): Promise<void> {
    entry.gaps = gaps.toSorted((one, other) => one.from - other.from);
    await recorder.updateRun(runId, { gaps: entry.gaps });
  }

  /** The pauses of a run as its folder has them now. */
  const paused = (runId: string, entry: LiveRun, pauses: RunRecord<'pauses'>) =>
    setGaps(runId, entry, [
      ...entry.gaps.filter(({ why }) => why !== 'paused'),
      ...pauses.map((pause): RunGap => ({ ...pause, why: 'paused' })),
    ]);

  const asleep = (runId: string, entry: LiveRun, from: number, to: number) =>
    setGaps(runId, entry, [...entry.gaps, { from, to, why: 'asleep' }]);

  function asleepMs(): number {
    const { bootMs, awakeMs } = clocks();
    return bootMs - awakeMs;
  }

  return {
    async setPaused(runId, entry, isPaused) {
      if (entry.watched === null) throw notGoingOn(runId);
      if (entry.isPaused === isPaused) return;
      const pauses = await entry.watched.setPaused(isPaused);
      entry.isPaused = isPaused;
      await paused(runId, entry, pauses);
    },
    slept(live, sleptMs) {
      for (const [runId, entry] of live) {
        if (entry.status !== 'running') continue;
        const noted = asleep(runId, entry, now() - sleptMs, now()).catch((error: unknown) =>
          log.error('A sleep of the machine could not be recorded.', error, { runId }),
        );
        underWay.add(noted);
        void noted.then(() => underWay.delete(noted));
      }
    },
    async settled() {
      await Promise.all(underWay);
    },
    async missed(runId, folder, entry, spec) {
      const pauses = readRecord(folder, 'pauses') ?? [];
      entry.isPaused = pauses.at(-1)?.to === null;
      if (pauses.length > 0) await paused(runId, entry, pauses);
      if (spec.asleepMs === null) return;
      // Of a run that is over by now nobody knows whether it ended before the sleep.
      if (spec.bootId !== bootId() || readRecord(folder, 'end') !== null) return;
      const knownMs = entry.gaps
        .filter(({ why }) => why === 'asleep')
        .reduce((sum, { from, to }) => sum + (to ?? from) - from, 0);
      const sleptMs = sleptBetween(
        { bootMs: spec.asleepMs + knownMs, awakeMs: 0 },
        { bootMs: asleepMs(), awakeMs: 0 },
      );
      const seenAt = lastReadAt(folder);
      if (sleptMs > 0 && seenAt !== null) await asleep(runId, entry, seenAt, seenAt + sleptMs);
    },
    asleepMs,
  };
}
