import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { BenchtopError, type Run } from '../../contract/index.ts';
import { recordableCommand } from './argument-params.ts';
import { cancelledBeforeStart, recordedEnd, type RunEnd } from './ending.ts';
import { createGapNotes } from './gap-notes.ts';
import { createFileClock } from './file-clock.ts';
import { createFollowedRuns } from './follow-runs.ts';
import { createNeeds } from './needs.ts';
import { changed, type LiveRun, liveRun, tell } from './live-run.ts';
import { logHandlers } from './log-pages.ts';
import { environmentSetTag } from './own-tags.ts';
import { notGoingOn } from './job-problems.ts';
import { createPosixSupervisor } from './posix-supervisor.ts';
import { queueState } from './queue-state.ts';
import { runFolder } from './run-folder.ts';
import { readyRun, type ReadyRun } from './ready-run.ts';
import { requestedRun } from './requested-run.ts';
import { recoverRuns } from './recover-runs.ts';
import { createRunSampler } from './resources/sample-runs.ts';
import { steadyClocks } from './resources/slept-between.ts';
import { createRunQueue, type Place } from './run-queue.ts';
import type { Runner, RunnerOptions, RunRequest } from './runner.ts';
import { createSpentRecords } from './spent-records.ts';
import { type AskedRun, createWaitingRuns, type Recording } from './waiting-runs.ts';

export function createRunner(options: RunnerOptions): Runner {
  const {
    home,
    recorder,
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
  const needs = createNeeds({ recorder, memory, live, usedBytes: sampler.memoryBytes });
  let gpus = 0;
  /** Runs that are about to begin. */
  let beginning = 0;
  const queue = createRunQueue(slots, () => gpus, needs.freeBytes);
  const closing = new AbortController();
  const spent = createSpentRecords();
  const fileClock = createFileClock(join(home, 'runs', '.clock'));
  const { follow, finish, fail } = createFollowedRuns({
    ...options,
    now,
    live,
    queue,
    sampler,
    spent,
    isBeginning: () => beginning > 0,
    leaving: closing.signal,
  });
  const waiting = createWaitingRuns({
    home,
    queue,
    live,
    recorder,
    leaving: closing.signal,
    launch: (run, place) => toBegin(() => launch(run, place)),
    fail,
  });

  const entryOf = (run: Parameters<typeof liveRun>[0] & Pick<Run, 'command'>, status: LiveRun['status']) =>
    liveRun(run, status, () => needs.of(run.projectId, run.command));

  function track(run: Run, status: LiveRun['status']): LiveRun {
    live.set(run.id, entryOf(run, status));
    return goingOn(run.id);
  }

  /** Does what ends with the beginning of a run, or without. */
  async function toBegin<Result>(work: () => Promise<Result>): Promise<Result> {
    beginning++;
    try {
      return await work();
    } finally {
      beginning--;
    }
  }

  const start = (request: RunRequest) => toBegin(() => startNow(request));

  async function startNow(request: RunRequest): Promise<{ runId: string }> {
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
          return () => {
            follow(runId, entry, spec, handle);
            onTakenUp?.(runId);
            // The engine before this one was killed while it ended the run.
            if (reason !== null) void entry.watched?.cancel(reason.reason);
          };
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
      await gapNotes.settled();
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
