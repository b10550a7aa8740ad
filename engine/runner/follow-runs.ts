import { setImmediate as nextTurn } from 'node:timers/promises';
import { BenchtopError } from '../../contract/index.ts';
import { isDiskFull, untilSpace } from '../disk-full.ts';
import { createCompany } from './company.ts';
import { lost, type RunEnd } from './ending.ts';
import { followMeasures, type MeasuredRun } from './files/index.ts';
import { createFolderLists } from './folder-lists.ts';
import { type LeftByRun, nothingLeft } from './keep-artifacts.ts';
import { type LiveRun, tell } from './live-run.ts';
import { lookThrough } from './look-through.ts';
import { clockTags } from './own-tags.ts';
import type { RunSampler } from './resources/sample-runs.ts';
import { removeFolder, removeRecord, runFolder, type RunRecord } from './run-folder.ts';
import type { RunQueue } from './run-queue.ts';
import type { RunnerOptions } from './runner.ts';
import type { SpentRecords } from './spent-records.ts';
import type { Handle } from './supervisor.ts';
import { LeftRunning, watchRun } from './watch-run.ts';

/** Runs from when their command has begun, or could not, until their record is whole. */
export interface FollowedRuns {
  /** Sees a run to its end: samples it, reads its measures, looks through what it has left, and records all of it. */
  follow(runId: string, entry: LiveRun, spec: RunRecord<'spec'>, handle: Handle): void;
  /** The last write of a run: who sees its end sees everything that belongs to it. */
  finish(runId: string, entry: LiveRun, end: RunEnd, left?: LeftByRun): Promise<void>;
  /**
   * Sees to the end of a run after a defect, or a start that the system refused: it must not stay "running" for ever.
   * @throws what went wrong, where it has not even been recorded.
   */
  fail(runId: string, entry: LiveRun, error: unknown): Promise<void>;
}

export function createFollowedRuns(
  options: Pick<RunnerOptions, 'home' | 'recorder' | 'objects' | 'project' | 'log' | 'writtenBy'> & {
    now: () => number;
    /** Runs that are recorded. */
    live: Map<string, LiveRun>;
    queue: RunQueue;
    sampler: RunSampler;
    spent: SpentRecords;
    /** True where some run is about to begin. */
    isBeginning(): boolean;
    leaving: AbortSignal;
  },
): FollowedRuns {
  const { home, recorder, objects, project, log, now, live, queue, sampler, spent, isBeginning, leaving } =
    options;
  const lists = createFolderLists();
  const company = createCompany(options.writtenBy);

  function follow(runId: string, entry: LiveRun, spec: RunRecord<'spec'>, handle: Handle): void {
    const folder = runFolder(home, runId);
    const companion = company.join(spec.group, runId, spec.outputs);
    let stopSampling = () => Promise.resolve();
    let stopMeasures: (() => Promise<void>) | null = null;
    const measured = (startedAt: number): MeasuredRun => ({
      runId,
      folder,
      workingFolder: spec.workingFolder,
      startedAt,
      recorder,
      leaving,
      onError: (error) => log.error('The files of a run could not be read for measures.', error, { runId }),
    });
    const watched = watchRun({
      runId,
      folder,
      spec,
      handle,
      recorder,
      now,
      onStarted({ at: startedAt }) {
        entry.startedAt = startedAt;
        if (entry.isAsked) removeRecord(folder, 'asked');
      },
      async onLasting({ pid, startTicks, at: startedAt }) {
        const projectPath = entry.projectId === null ? null : project(entry.projectId).path;
        stopSampling = sampler.follow({ runId, root: { pid, startTicks }, projectPath, startedAt });
        stopMeasures = followMeasures(measured(startedAt)).stop;
        await untilSpace(() => recorder.updateRun(runId, { status: 'running', startedAt }), leaving);
      },
      onGrown: () => tell(entry),
    });
    entry.watched = watched;
    if (entry.isCancelled) void watched.cancel('user');
    const done = watched.ended
      .then(async ({ start, startedAt, clockSetByMs, ...end }) => {
        if (end.exitCode === 0) entry.exit.resolve();
        await giveWay(runId);
        await stopSampling();
        await stopMeasures?.();
        const left = await lookThrough({
          run: measured(startedAt),
          // On the clock that the files have, also where it was set meanwhile.
          endedAt: end.endedAt + clockSetByMs,
          companion,
          lists,
          areMeasuresRead: stopMeasures !== null,
          objects,
          onUnreadable: (path, why) => log.error('An artifact could not be stored.', why, { runId, path }),
        });
        companion.leave();
        await finish(runId, entry, end, { ...left, tags: { ...left.tags, ...clockTags(clockSetByMs) } });
        if (end.exitCode === 0 && start !== null)
          void handle.supervisorGone.then(() => spent.add({ runId, folder, start }));
      })
      .catch(async (error: unknown) => {
        companion.leave();
        await stopSampling();
        await stopMeasures?.();
        if (!(error instanceof LeftRunning)) await fail(runId, entry, error);
      });
    entry.work = Promise.all([entry.work, done]).then(() => undefined);
    if (leaving.aborted) void watched.leave();
  }

  /** Lets the next begin, and go first where it is about to: its commit takes a turn more. */
  async function giveWay(runId: string): Promise<void> {
    queue.leave(runId);
    await nextTurn();
    if (isBeginning()) await nextTurn();
  }

  async function finish(
    runId: string,
    entry: LiveRun,
    end: RunEnd,
    left: LeftByRun = nothingLeft,
  ): Promise<void> {
    const { startedAt } = entry;
    const change = { ...end, ...(startedAt === null ? {} : { startedAt }) };
    await untilSpace(() => recorder.endRun(runId, change, left), leaving);
    if (entry.isAsked) removeRecord(runFolder(home, runId), 'asked');
    entry.status = 'over';
    live.delete(runId);
    entry.end.resolve(end);
    tell(entry);
    queue.leave(runId);
  }

  async function fail(runId: string, entry: LiveRun, error: unknown): Promise<void> {
    if (!live.has(runId)) {
      // It could not be recorded, so there is none.
      queue.leave(runId);
      removeFolder(runFolder(home, runId));
      throw error;
    }
    // The disk is full and this engine is leaving: the next one finds out how the run went.
    if (leaving.aborted && isDiskFull(error)) return;
    const what = error instanceof Error ? error.message : String(error);
    if (!(error instanceof BenchtopError))
      log.error('A run could not be followed to its end.', error, { runId });
    const end: RunEnd =
      entry.watched === null
        ? { status: 'failed', ending: `could not start: ${what}`, exitCode: null, endedAt: now() }
        : lost(what, now());
    try {
      await finish(runId, entry, end);
    } catch (second) {
      // The store itself refuses. Left unfinished there, the run is taken up by the next engine.
      log.error('The end of a run could not be recorded.', second, { runId });
      live.delete(runId);
      queue.leave(runId);
      entry.end.reject(second);
    }
  }

  return { follow, finish, fail };
}
