import type Database from 'better-sqlite3';
import { setTimeout as sleep } from 'node:timers/promises';
import { assertNever, BenchtopError, errorShapeOf, type PipelineStage } from '../../../contract/index.ts';
import { untilSpace } from '../../disk-full.ts';
import { isOutOfMemory, mayBeginAgain, type RunEnd } from '../../runner/index.ts';
import type { Store } from '../../store/index.ts';
import type { StalenessCheck } from '../staleness/index.ts';
import { newRunId } from '../../run-id.ts';
import { type ExecutionRecord, type StageRow, updateExecution } from './execution-rows.ts';
import { createRowWriter } from './row-writer.ts';
import {
  createSchedule,
  type ScheduleAction,
  type ScheduleEvent,
  type StandingState,
  type TryOutcome,
} from './schedule.ts';
import { createStageRuns, type StageRunsOptions } from './stage-runs.ts';
import type { Capacity, Claim } from './stage-room.ts';

export interface DriveOptions extends Omit<StageRunsOptions, 'executionId' | 'jobs'> {
  readonly record: ExecutionRecord;
  readonly rows: readonly StageRow[];
  /** The stages of the rows, in the same order. */
  readonly stages: readonly PipelineStage[];
  readonly claims: readonly Claim[];
  readonly expectedMs: readonly (number | null)[];
  readonly capacity: Capacity;
  readonly check: StalenessCheck;
  readonly store: Store;
  readonly now: () => number;
  /** Told of rows as they can be read, and with none of the execution's own. */
  onWritten(rows: readonly StageRow[]): void;
}

export interface Drive {
  cancel(): void;
  /** Resolves when the execution has ended, or this engine has left it; never rejects. */
  readonly over: Promise<void>;
}

/** Shorter runs are over before their memory is measured. */
const measuredAfterMs = 1000;

/**
 * Carries out an execution from wherever its rows stand, so that the same code begins and resumes. A stage's row names its run
 * in the commit that makes it, and its result is recorded before the row says that it has finished: an engine that is killed at any
 * moment runs nothing twice and loses nothing. Nobody waits for the disk in between: what a machine that stops takes along of the last
 * 25 ms has ended with it, and is done again as if it had been recorded.
 */
export function driveExecution(options: DriveOptions): Drive {
  const { record, rows, stages, check, leaving, now } = options;
  const places = new Map(stages.map(({ name }, at) => [name, at]));
  const stageAt = (at: number) => stages[at] as PipelineStage;
  const rowAt = (at: number) => rows[at] as StageRow;
  const schedule = createSchedule(
    stages.map((stage, at) => ({
      name: stage.name,
      upstream: stage.upstream.flatMap((name) => places.get(name) ?? []),
      claim: options.claims[at] as Claim,
      retry: stage.retry,
      expectedMs: options.expectedMs[at] ?? null,
      state: standingState(rowAt(at)),
      tries: rowAt(at).tries,
    })),
    options.capacity,
    { keepGoing: record.settings.keepGoing },
  );
  /** Stages whose run is to end. */
  const stopped = new Set<number>();
  /** Stages whose last run was killed, by whomever: they are said to be what their run is. */
  const killed = new Set<number>();
  const over = Promise.withResolvers<void>();
  const runs = createStageRuns({ ...options, executionId: record.id, jobs: record.settings.jobs });
  const writer = createRowWriter({ ...options, executionId: record.id });
  const { saveSoon } = writer;
  let steps = 0;

  /** Does a part of the work beside the others; what goes wrong in it is the stage's failure. */
  function step(work: () => Promise<void>, failed: (note: string) => void): void {
    steps++;
    work()
      .catch((error: unknown) => {
        if (leaving.aborted) return;
        if (!(error instanceof BenchtopError)) options.onUnexpected(error);
        const { what, evidence } = errorShapeOf(error);
        failed(evidence === undefined ? what : `${what} ${evidence}`);
      })
      // Also what comes of telling the schedule may throw, and must not be lost.
      .catch(options.onUnexpected)
      .finally(() => {
        steps--;
        if (leaving.aborted && steps === 0) over.resolve();
      });
  }

  function take(event: ScheduleEvent): void {
    if (!leaving.aborted) for (const action of schedule.take(event)) perform(action);
  }

  function perform(action: ScheduleAction): void {
    switch (action.kind) {
      case 'judge': {
        const { stage: at } = action;
        step(
          () => judge(at),
          (note) => {
            rowAt(at).note = note;
            take({ kind: 'judged', stage: at, outcome: 'failed' });
          },
        );
        return;
      }
      case 'run':
        begin(action.stage, () => run(action.stage, action.memoryBytes));
        return;
      case 'stop':
        stopped.add(action.stage);
        // One that is about to start sees it itself.
        if (rowAt(action.stage).runId !== null) runs.stop(rowAt(action.stage).runId ?? '');
        return;
      case 'rest':
        rowAt(action.stage).state = 'waiting';
        saveSoon(action.stage);
        rest(action.stage, action.delayMs);
        return;
      case 'settle':
        if (action.state !== 'done') {
          rowAt(action.stage).state = killed.has(action.stage) ? 'killed' : action.state;
          rowAt(action.stage).endedAt ??= now();
        }
        saveSoon(action.stage);
        return;
      case 'skip':
        rowAt(action.stage).state = 'skipped';
        rowAt(action.stage).note = skipNote(action);
        saveSoon(action.stage);
        return;
      case 'end':
        step(() => end(action.status), options.onUnexpected);
        return;
      default:
        assertNever(action);
    }
  }

  function skipNote({ stage: at, because }: { stage: number; because: number | null }): string {
    if (because === null) return 'cancelled';
    const { name } = stageAt(because);
    const culprit = rowAt(because);
    const word =
      culprit.state === 'failed' ? 'failed' : isCancelled(culprit) ? 'was cancelled' : 'was killed';
    return stageAt(at).upstream.includes(name) ? `${name}, which it needs, ${word}` : `${name} ${word}`;
  }

  async function judge(at: number): Promise<void> {
    const stage = stageAt(at);
    const row = rowAt(at);
    const { isForced } = record.settings;
    const { state, reasons, key, runId } = await check.judge(stage);
    row.key = key;
    row.reasons = isForced ? [{ kind: 'forced' }, ...reasons] : reasons;
    const missing = reasons.find((reason) => reason.kind === 'dep' && reason.change === 'missing');
    if (key === null && missing?.kind === 'dep') throw missingDep(stage.name, missing.path);
    if (!isForced && (state === 'up-to-date' || state === 'frozen')) {
      Object.assign(row, { state, runId });
      take({ kind: 'judged', stage: at, outcome: 'done' });
      return;
    }
    if (!isForced && state === 'restorable' && key !== null) {
      row.startedAt = now();
      const restored = await check.restore(stage, key);
      if (restored !== null) {
        Object.assign(row, { state: 'restored', runId: restored.runId, endedAt: now() });
        take({ kind: 'judged', stage: at, outcome: 'done' });
        return;
      }
    }
    take({ kind: 'judged', stage: at, outcome: 'run' });
  }

  function begin(at: number, work: () => Promise<RunEnd>): void {
    step(
      async () => {
        const end = await work();
        const outcome = await outcomeOf(at, end);
        take({ kind: 'ended', stage: at, outcome, peakBytes: rowAt(at).memoryBytes });
      },
      (note) => {
        Object.assign(rowAt(at), { note, endedAt: now() });
        take({ kind: 'ended', stage: at, outcome: 'failed', peakBytes: null });
      },
    );
  }

  async function run(at: number, memoryBytes: number): Promise<RunEnd> {
    const row = rowAt(at);
    Object.assign(row, {
      state: 'running',
      runId: newRunId(),
      startedAt: now(),
      endedAt: null,
      tries: row.tries + 1,
      note: null,
      memoryBytes: null,
    });
    return start(at, row.runId ?? '', memoryBytes);
  }

  async function start(at: number, runId: string, memoryBytes: number): Promise<RunEnd> {
    leaving.throwIfAborted();
    await check.prepare(stageAt(at));
    leaving.throwIfAborted();
    if (stopped.has(at)) {
      rowAt(at).runId = null;
      return { status: 'killed', ending: 'cancelled before it started', exitCode: null, endedAt: now() };
    }
    try {
      const { together: saveRow, written } = writer.saveWith(at);
      const noteInputs = await check.noteInputs(stageAt(at), runId);
      const together = (db: Database.Database) => {
        saveRow(db);
        noteInputs(db);
      };
      await untilSpace(async (failures) => {
        if (failures === 0 || !runs.isRecorded(runId))
          await runs.start(stageAt(at), runId, memoryBytes, together);
      }, leaving);
      written();
    } catch (error) {
      if (!runs.isRecorded(runId)) rowAt(at).runId = null;
      throw error;
    }
    if (stopped.has(at)) runs.stop(runId);
    return ended(at, runId);
  }

  /**
   * Its room goes to the next as soon as its program has ended, while what it left is looked through; not where one is to run after the
   * other: each finds the folder as the last has left it, and has what it leaves recorded before the next can write over it.
   */
  function ended(at: number, runId: string): Promise<RunEnd> {
    if (options.capacity.slots === 1) return runs.ended(runId);
    void options.runner.exited(runId).then(() => take({ kind: 'exited', stage: at }), options.onUnexpected);
    return runs.ended(runId);
  }

  /** Goes on with a stage that an engine before this one has begun. */
  async function takeUp(at: number): Promise<RunEnd> {
    const runId = rowAt(at).runId ?? newRunId();
    rowAt(at).runId = runId;
    return runs.isRecorded(runId) ? ended(at, runId) : start(at, runId, options.claims[at]?.memoryBytes ?? 0);
  }

  async function outcomeOf(at: number, end: RunEnd): Promise<TryOutcome> {
    const row = rowAt(at);
    row.endedAt = end.endedAt;
    if (end.status === 'killed') killed.add(at);
    else killed.delete(at);
    if (end.endedAt - (row.startedAt ?? end.endedAt) > measuredAfterMs && row.runId !== null)
      row.memoryBytes = options.run(row.runId).metrics['system/memory_bytes']?.max ?? null;
    if (end.status === 'finished') {
      const { note } = await check.commit(stageAt(at), row, row.runId ?? '');
      Object.assign(row, { state: 'finished', note });
      return 'finished';
    }
    row.note = end.ending;
    if (isOutOfMemory(end)) return 'out-of-memory';
    if (mayBeginAgain(end)) return 'lost';
    return end.status === 'killed' && isCancelled(row) ? 'killed' : 'failed';
  }

  function rest(at: number, delayMs: number): void {
    sleep(delayMs, undefined, { signal: leaving })
      .then(() => take({ kind: 'rested', stage: at }))
      .catch((error: unknown) => {
        if (!leaving.aborted) options.onUnexpected(error);
      });
  }

  async function end(status: ExecutionRecord['status']): Promise<void> {
    await writer.settled();
    Object.assign(record, { status, endedAt: now() });
    await untilSpace(
      () => options.store.write('pipelines.end', (db) => updateExecution(db, record)),
      leaving,
    );
    over.resolve();
    options.onWritten([]);
  }

  leaving.addEventListener('abort', () => {
    if (steps === 0) over.resolve();
  });
  const first = schedule.begin();
  for (const [at, { state }] of rows.entries()) if (state === 'running') begin(at, () => takeUp(at));
  for (const action of first) perform(action);
  return { cancel: () => take({ kind: 'cancel' }), over: over.promise };
}

/** Of a stage that was killed: by somebody who cancelled it. Else it counts as one that failed. */
const isCancelled = ({ note }: Pick<StageRow, 'note'>) => note === null || note.startsWith('cancelled');

/** Where a row stands, for the schedule. */
function standingState({ state, note }: StageRow): StandingState {
  switch (state) {
    case 'waiting':
    case 'running':
    case 'failed':
    case 'skipped':
      return state;
    case 'killed':
      return isCancelled({ note }) ? 'killed' : 'failed';
    case 'finished':
    case 'up-to-date':
    case 'restored':
    case 'frozen':
      return 'done';
    default:
      return assertNever(state);
  }
}

function missingDep(stage: string, path: string): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `${path}, which "${stage}" reads, is not there, and no stage makes it.`,
    next: 'Bring it back, or correct the path in the definition.',
  });
}
