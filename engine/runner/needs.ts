import type { LearntNeeds, RoomHandlers, Run } from '../../contract/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { programOfCommand, recordableCommand } from './argument-params.ts';
import { learntNeeds, memoryWarning } from './learnt-needs.ts';
import type { LiveRun } from './live-run.ts';

/** Of a script that is run with ever other options, enough to find those with the same. */
const earlierRunsAtMost = 12;

/** What earlier runs tell is taken for so long: the stages of a pipeline begin by the hundred. */
const toldForMs = 1000;

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
  let told = { until: 0, byProgram: new Map<string, Run[]>() };

  function earlierRuns(projectId: string, program: string): Run[] {
    if (performance.now() > told.until)
      told = { until: performance.now() + toldForMs, byProgram: new Map<string, Run[]>() };
    const key = `${projectId} ${program}`;
    const known = told.byProgram.get(key);
    if (known !== undefined) return known;
    const isSame = (earlier: readonly string[]) => programOfCommand(earlier) === program;
    const runs = recorder.earlierRuns(projectId, isSame, earlierRunsAtMost);
    told.byProgram.set(key, runs);
    return runs;
  }

  function of(projectId: string | null, command: readonly string[]): LearntNeeds {
    const recorded = recordableCommand(command);
    return learntNeeds(
      recorded,
      projectId === null ? [] : earlierRuns(projectId, programOfCommand(recorded)),
    );
  }

  function freeBytes(): number {
    let bytes = memory().freeBytes;
    for (const [runId, { status, needs }] of live) {
      if (status === 'running') bytes -= Math.max(0, (needs.memoryBytes ?? 0) - usedBytes(runId));
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
