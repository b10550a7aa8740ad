import type { LearntNeeds, RoomHandlers } from '../../contract/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { programOfCommand, recordableCommand } from './argument-params.ts';
import { learntNeeds, memoryWarning } from './learnt-needs.ts';
import type { LiveRun } from './live-run.ts';

/** Of a script that is run with ever other options, enough to find those with the same. */
const earlierRunsAtMost = 12;

/** What runs will need, and the memory there is for it. */
export interface Needs {
  of(projectId: string | null, command: readonly string[]): LearntNeeds;
  /** Memory for a new run: what is free, less what those that run took before and have not taken yet. */
  freeBytes(): number;
  readonly answer: RoomHandlers<'runner'>['needs'];
  /** What a run waits for, with what shows it where that is memory. */
  inWords(needs: LearntNeeds, waitsFor: string | null): string | null;
}

export function createNeeds(options: {
  recorder: Pick<Recorder, 'earlierRuns'>;
  memory: () => { freeBytes: number };
  live: ReadonlyMap<string, LiveRun>;
  /** What a run's processes hold now. */
  usedBytes: (runId: string) => number;
}): Needs {
  const { recorder, memory, live, usedBytes } = options;

  function of(projectId: string | null, command: readonly string[]): LearntNeeds {
    const recorded = recordableCommand(command);
    const program = programOfCommand(recorded);
    const isSame = (earlier: readonly string[]) => programOfCommand(earlier) === program;
    return learntNeeds(
      recorded,
      projectId === null ? [] : recorder.earlierRuns(projectId, isSame, earlierRunsAtMost),
    );
  }

  function freeBytes(): number {
    let bytes = memory().freeBytes;
    for (const [runId, entry] of live) {
      if (entry.status !== 'running') continue;
      const wanted = entry.memoryBytes ?? entry.needs().memoryBytes ?? 0;
      bytes -= Math.max(0, wanted - usedBytes(runId));
    }
    return Math.max(0, bytes);
  }

  return {
    of,
    freeBytes,
    answer({ projectId, command }) {
      const needs = of(projectId, command);
      const free = freeBytes();
      return { ...needs, freeBytes: free, warning: memoryWarning(needs, free) };
    },
    inWords(needs, waitsFor) {
      const evidence = waitsFor === 'memory' ? memoryWarning(needs, freeBytes()) : null;
      return evidence === null ? waitsFor : `memory: ${evidence}`;
    },
  };
}
