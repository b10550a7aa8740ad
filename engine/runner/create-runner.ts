import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BenchtopError, type Run } from '../../contract/index.ts';
import { isDiskFull, untilSpace } from '../disk-full.ts';
import { recordableCommand } from './argument-params.ts';
import { cancelledBeforeStart, lost, recordedEnd, type RunEnd } from './ending.ts';
import { createDeclaredOutputs } from './declared-outputs.ts';
import { createFolderLists } from './folder-lists.ts';
import { createGapNotes } from './gap-notes.ts';
import { createFileClock } from './file-clock.ts';
import { followMeasures, type MeasuredRun } from './files/index.ts';
import { type LeftByRun, nothingLeft } from './keep-artifacts.ts';
import { createNeeds } from './needs.ts';
import { changed, type LiveRun, liveRun, tell } from './live-run.ts';
import { logHandlers } from './log-pages.ts';
import { lookThrough } from './look-through.ts';
import { clockTags, environmentSetTag } from './own-tags.ts';
import { notGoingOn } from './job-problems.ts';
import { createPosixSupervisor } from './posix-supervisor.ts';
import { queueState } from './queue-state.ts';
import { removeFolder, removeRecord, runFolder, type RunRecord } from './run-folder.ts';
import { readyRun, type ReadyRun } from './ready-run.ts';
import { requestedRun } from './requested-run.ts';
import { recoverRuns } from './recover-runs.ts';
import { createRunSampler } from './resources/sample-runs.ts';
import { steadyClocks } from './resources/slept-between.ts';
import { createRunQueue, type Place } from './run-queue.ts';
import type { Runner, RunnerOptions, RunRequest } from './runner.ts';
import { createSpentRecords } from './spent-records.ts';
import type { Handle } from './supervisor.ts';
import { type AskedRun, createWaitingRuns, type Recording } from './waiting-runs.ts';
import { LeftRunning, watchRun } from './watch-run.ts';

export function createRunner(options: RunnerOptions): Runner {
  const {
    home,
    recorder,
    objects,
    project,
    helperPath,
    interpreterOf,
    gpuCount,
    memory,
    trackingUri,
    onStarted,
    onTakenUp,
    log,
  } = options;
  const clocks = options.clocks ?? steadyClocks;
  const slots = options.slots ?? Math.max(2, availableParallelism());
  const now = options.now ?? Date.now;
  const supervisor = createPosixSupervisor(home);
  const gapNotes = createGapNotes({ recorder, clocks, now, log });
  const sampler = createRunSampler({
    home,
    recorder,
    openMachine: options.openMachine,
    now,
    clocks,
    onSampled: () => queue.look(),
    onFilesOpen: options.onFilesOpen ?? (() => undefined),
    onSlept: (sleptMs) => gapNotes.slept(live, sleptMs),
    onError: (error) => log.error('What the runs use could not be recorded.', error),
  });
  const live = new Map<string, LiveRun>();
  const declared = createDeclaredOutputs();
  const lists = createFolderLists();
  const needs = createNeeds({ recorder, memory, live, usedBytes: sampler.memoryBytes });
  let gpus = 0;
  const queue = createRunQueue(slots, () => gpus, needs.freeBytes);
  const closing = new AbortController();
  const spent = createSpentRecords();
  const fileClock = createFileClock(join(home, 'runs', '.clock'));
  const waiting = createWaitingRuns({
    home,
    queue,
    live,
    recorder,
    leaving: closing.signal,
    launch,
    fail,
  });

  const entryOf = (run: Parameters<typeof liveRun>[0] & Pick<Run, 'command'>, status: LiveRun['status']) =>
    liveRun(run, status, () => needs.of(run.projectId, run.command));

  function track(run: Run, status: LiveRun['status']): LiveRun {
    live.set(run.id, entryOf(run, status));
    return goingOn(run.id);
  }

  async function start(request: RunRequest): Promise<{ runId: string }> {
    const askedAt = fileClock.now();
    const { run, asked } = await requestedRun(request, { project, interpreterOf, now });
    gpus = await gpuCount();
    const { id: runId } = run;
    const entry = entryOf(run, 'queued');
    const record: Recording = async (tags) => {
      await recorder.createRun({ ...run, tags: { ...run.tags, ...tags } });
      live.set(runId, entry);
    };
    // Where there is room it is recorded when it is about to begin: one commit, where there would be two.
    waiting.enqueue({ runId, entry, asked, record, askedAt });
    if (entry.status === 'queued') await waiting.keep({ runId, entry, asked, record });
    else await entry.begun;
    return { runId };
  }

  async function launch(
    { runId, entry, asked, record, askedAt = fileClock.now() }: AskedRun,
    place: Place,
  ): Promise<void> {
    const folder = runFolder(home, runId);
    let ready: ReadyRun;
    try {
      ready = await readyRun(runId, asked, {
        folder,
        supervisor,
        trackingUri: trackingUri?.(runId) ?? null,
        helperPath,
        place,
        hasGpus: gpus > 0,
        asleepMs: gapNotes.asleepMs(),
        legacy: spent.legacy,
      });
    } catch (error) {
      // One that cannot begin is recorded all the same, with why.
      await record({});
      throw error;
    }
    try {
      const onDisk = spent.beforeDisk();
      // Written before anything begins, and unless it is repeatable on disk by then: not even after a power failure is it begun
      // twice (left-run.ts).
      await record({ [environmentSetTag]: ready.spec.environmentSet.join(', ') });
      // The tick of that clock has mostly passed meanwhile.
      const beganAt = await fileClock.after(askedAt);
      // Beside the run: whoever finds no records to take makes some.
      recorder
        .durableSoon()
        .then(onDisk, () => undefined)
        .catch((error: unknown) => log.error('A folder could not be made ready for the next run.', error));
      if (entry.isCancelled) {
        ready.release();
        return await finish(runId, entry, cancelledBeforeStart(now()));
      }
      follow(runId, entry, ready.spec, ready.begin());
      const { name, projectId } = entry;
      onStarted?.(runId, {
        ...asked,
        name,
        projectId,
        recordedCommand: recordableCommand(asked.command),
        environment: ready.environment,
        beganAt,
      });
    } catch (error) {
      if (entry.watched === null) ready.release();
      throw error;
    }
  }

  function follow(runId: string, entry: LiveRun, spec: RunRecord<'spec'>, handle: Handle): void {
    const folder = runFolder(home, runId);
    const { group } = spec;
    if (group !== null) declared.declare(group, runId, spec.outputs);
    let stopSampling = () => Promise.resolve();
    let stopMeasures: (() => Promise<void>) | null = null;
    const measured = (startedAt: number): MeasuredRun => ({
      runId,
      folder,
      workingFolder: spec.workingFolder,
      startedAt,
      recorder,
      leaving: closing.signal,
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
        await untilSpace(() => recorder.updateRun(runId, { status: 'running', startedAt }), closing.signal);
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
          group,
          declared,
          lists,
          areMeasuresRead: stopMeasures !== null,
          objects,
          onUnreadable: (path, why) => log.error('An artifact could not be stored.', why, { runId, path }),
        });
        await finish(runId, entry, end, { ...left, tags: { ...left.tags, ...clockTags(clockSetByMs) } });
        if (end.exitCode === 0 && start !== null)
          void handle.supervisorGone.then(() => spent.add({ runId, folder, start }));
      })
      .catch(async (error: unknown) => {
        await stopSampling();
        await stopMeasures?.();
        if (!(error instanceof LeftRunning)) await fail(runId, entry, error);
      });
    entry.work = Promise.all([entry.work, done]).then(() => undefined);
    if (closing.signal.aborted) void watched.leave();
  }

  /** Lets the next begin, and go first: its commit takes one turn. */
  async function giveWay(runId: string): Promise<void> {
    queue.leave(runId);
    for (let turn = 0; turn < 2; turn++) await nextTurn();
  }

  /** The last write of a run: who sees its end sees everything that belongs to it. */
  async function finish(
    runId: string,
    entry: LiveRun,
    end: RunEnd,
    left: LeftByRun = nothingLeft,
  ): Promise<void> {
    const { startedAt } = entry;
    const change = { ...end, ...(startedAt === null ? {} : { startedAt }) };
    await untilSpace(() => recorder.endRun(runId, change, left), closing.signal);
    if (entry.isAsked) removeRecord(runFolder(home, runId), 'asked');
    entry.status = 'over';
    live.delete(runId);
    entry.end.resolve(end);
    tell(entry);
    queue.leave(runId);
  }

  /** A defect, or a start the system refused. The run must not stay "running" for ever. */
  async function fail(runId: string, entry: LiveRun, error: unknown): Promise<void> {
    if (!live.has(runId)) {
      // It could not be recorded, so there is none.
      queue.leave(runId);
      removeFolder(runFolder(home, runId));
      throw error;
    }
    // The disk is full and this engine is leaving: the next one finds out how the run went.
    if (closing.signal.aborted && isDiskFull(error)) return;
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

  function goingOn(runId: string): LiveRun {
    const entry = live.get(runId);
    if (entry === undefined) throw notGoingOn(runId);
    return entry;
  }

  async function ended(runId: string): Promise<RunEnd> {
    const entry = live.get(runId);
    return entry === undefined ? recordedEnd(recorder.run(runId)) : entry.end.promise;
  }

  async function cancel(runId: string): Promise<void> {
    const entry = goingOn(runId);
    entry.isCancelled = true;
    if (queue.waiting().includes(runId)) {
      queue.leave(runId);
      await finish(runId, entry, cancelledBeforeStart(now()));
      return;
    }
    await entry.watched?.cancel('user');
    await entry.end.promise;
    await recorder.durable();
  }

  return {
    handlers: {
      start,
      async cancel({ runId }) {
        await cancel(runId);
        return {};
      },
      queue: () => queueState({ live, queue, needs, slots, gpuCount: gpus, now: now() }),
      needs: needs.answer,
      async setQueueHeld({ isHeld }) {
        await waiting.setHeld(isHeld);
        return {};
      },
      async moveJob({ runId, before }) {
        await waiting.move(runId, before);
        return {};
      },
      async setPaused({ runId, isPaused }) {
        await gapNotes.setPaused(runId, goingOn(runId), isPaused);
        return {};
      },
      ...logHandlers({
        folderOf: (runId) => runFolder(home, runId),
        isLive: (runId) => live.has(runId),
        // Its folder has gone to another (spent-records.ts).
        hasPrintedNothing(runId) {
          const { source, status } = recorder.run(runId);
          return source === 'runner' && status === 'finished' && !existsSync(runFolder(home, runId).path);
        },
        changed: (runId, signal) => changed(live.get(runId), signal),
      }),
    },
    slots,
    declare: (group, outputs) => declared.declare(group, null, outputs),
    start,
    ended,
    exited: (runId) => live.get(runId)?.exit.promise ?? new Promise(() => undefined),
    async wait(runId) {
      const end = await ended(runId);
      await recorder.durable();
      return end;
    },
    cancel,
    runningCount: () =>
      [...live.values()].filter(({ status, isPaused }) => status === 'running' && !isPaused).length,
    recover: () =>
      recoverRuns({
        home,
        runs: recorder.unfinishedRuns().filter(({ id, source }) => source === 'runner' && !live.has(id)),
        attach: (runId, folder) => supervisor.attach(runId, folder),
        queue,
        readOrder: waiting.readOrder,
        now,
        track,
        async takeUp(runId, entry, { spec, place, cancel: reason }, handle) {
          queue.hold(runId, place);
          await gapNotes.missed(runId, runFolder(home, runId), entry, spec);
          follow(runId, entry, spec, handle);
          onTakenUp?.(runId);
          // The engine before this one was killed while it ended the run.
          if (reason !== null) void entry.watched?.cancel(reason.reason);
        },
        async waitAgain(left) {
          gpus = await gpuCount();
          for (const run of left) waiting.enqueueAgain(run);
        },
        finish,
      }),
    async close() {
      closing.abort();
      queue.setHeld(true);
      const all = [...live.values()];
      await Promise.all(all.map(async (entry) => entry.watched?.leave()));
      // Twice: a start that was under way may have begun to follow meanwhile.
      for (let round = 0; round < 2; round++) await Promise.all(all.map((entry) => entry.work));
      supervisor.close();
      fileClock.close();
      for (const entry of live.values()) {
        entry.end.reject(
          new BenchtopError({ code: 'disconnected', what: 'The engine stopped; the run goes on.' }),
        );
        tell(entry);
      }
    },
  };
}
