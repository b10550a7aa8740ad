import { availableParallelism } from 'node:os';
import { BenchtopError, type Run, type RunQueueState } from '../../contract/index.ts';
import { argumentParams, recordableCommand } from './argument-params.ts';
import { childEnvironment, interpreterPath, visibleGpus } from './child-environment.ts';
import { lost, recordedEnd, type RunEnd } from './ending.ts';
import { configParams } from './config-params.ts';
import { createGapNotes } from './gap-notes.ts';
import { followMeasures } from './files/index.ts';
import { keepArtifacts } from './keep-artifacts.ts';
import { createNeeds } from './needs.ts';
import { changed, jobOf, type LiveRun, liveRun, tell } from './live-run.ts';
import { logHandlers } from './log-pages.ts';
import { createPosixSupervisor } from './posix-supervisor.ts';
import { bootId, oomKillCount } from './process-identity.ts';
import { createRunFolder, readRecord, runFolder, type RunRecord, writeRecord } from './run-folder.ts';
import { createRunSampler } from './resources/sample-runs.ts';
import { steadyClocks } from './resources/slept-between.ts';
import { createRunQueue, type Place } from './run-queue.ts';
import type { Runner, RunnerOptions, RunRequest } from './runner.ts';
import { checkProgram, workingFolderOf } from './start-check.ts';
import type { Handle } from './supervisor.ts';
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
    log,
  } = options;
  const clocks = options.clocks ?? steadyClocks;
  const slots = options.slots ?? Math.max(2, availableParallelism());
  const now = options.now ?? Date.now;
  const supervisor = createPosixSupervisor(home);
  const gapNotes = createGapNotes({ recorder, clocks, now, log });
  const sampler = createRunSampler({
    recorder,
    openMachine: options.openMachine,
    now,
    clocks,
    onSampled: () => queue.look(),
    onSlept: (sleptMs) => gapNotes.slept(live, sleptMs),
    onError: (error) => log.error('What the runs use could not be recorded.', error),
  });
  const live = new Map<string, LiveRun>();
  const needs = createNeeds({ recorder, memory, live, usedBytes: sampler.memoryBytes });
  let gpus = 0;
  const queue = createRunQueue(slots, () => gpus, needs.freeBytes);
  let isClosed = false;

  function track(run: Run, status: LiveRun['status']): LiveRun {
    const entry = liveRun(run, status, needs.of(run.projectId, run.command));
    live.set(run.id, entry);
    return entry;
  }

  async function start(request: RunRequest): Promise<{ runId: string }> {
    const { projectId, command, name, params = {}, tags = {}, timeLimitMs } = request;
    const workingFolder = workingFolderOf(project(projectId).path, request.workingFolder);
    const env = { ...interpreterPath(interpreterOf(projectId)), ...request.env };
    checkProgram(command[0] ?? '', workingFolder, env['PATH'] ?? process.env['PATH'] ?? '');
    const fromArguments = argumentParams(command);
    const fromFiles = await configParams(command, workingFolder);
    const run = await recorder.createRun({
      ...(name === undefined ? {} : { name }),
      projectId,
      status: 'queued',
      command: recordableCommand(command),
      workingFolder,
      source: 'runner',
      createdAt: now(),
      startedAt: null,
      params: { ...fromFiles.params, ...fromArguments, ...params },
      tags: { ...tags, ...paramsTags(fromFiles.files, Object.keys(fromArguments), params) },
    });
    const entry = track(run, 'queued');
    const asked = { command, workingFolder, env, timeLimitMs: timeLimitMs ?? null };
    gpus = await gpuCount();
    const wish = {
      gpus: request.gpus ?? defaultGpus({ ...process.env, ...env }),
      memoryBytes: entry.needs.memoryBytes ?? 0,
      priority: (entry.priority = request.priority ?? 'normal'),
    };
    queue.add(run.id, wish, (place) => {
      entry.status = 'running';
      entry.work = launch(run.id, entry, place, asked).catch((error: unknown) => fail(run.id, entry, error));
    });
    return { runId: run.id };
  }

  async function launch(
    runId: string,
    entry: LiveRun,
    place: Place,
    asked: {
      command: string[];
      workingFolder: string;
      env: Record<string, string>;
      timeLimitMs: number | null;
    },
  ): Promise<void> {
    const { command, workingFolder, timeLimitMs } = asked;
    const folder = runFolder(home, runId);
    const { environment, set } = childEnvironment(process.env, asked.env, {
      id: runId,
      trackingUri: trackingUri?.(runId) ?? null,
      told: folder.told,
      helperPath,
      gpus: gpus === 0 ? null : place.gpus,
    });
    const spec = {
      command,
      workingFolder,
      environmentSet: set,
      timeLimitMs,
      bootId: bootId(),
      oomKills: oomKillCount(),
      asleepMs: gapNotes.asleepMs(),
    };
    await createRunFolder(folder);
    await writeRecord(folder, 'place', { gpus: [...place.gpus] }, false);
    await writeRecord(folder, 'spec', spec, true);
    if (entry.isCancelled) return finish(runId, entry, cancelledBeforeStart());
    const handle = await supervisor.launch({
      runId,
      folder,
      command,
      workingFolder,
      environment,
      timeLimitMs,
    });
    follow(runId, entry, spec, handle);
    onStarted?.(runId, { command, workingFolder, environment });
    await recorder.setTags(runId, { 'benchtop.environmentSet': set.join(', ') });
  }

  function follow(runId: string, entry: LiveRun, spec: RunRecord<'spec'>, handle: Handle): void {
    const folder = runFolder(home, runId);
    let stopSampling = () => Promise.resolve();
    let stopMeasures = () => Promise.resolve();
    const watched = watchRun({
      runId,
      folder,
      spec,
      handle,
      recorder,
      now,
      async onStarted({ pid, startTicks, at: startedAt }) {
        entry.startedAt = startedAt;
        stopSampling = sampler.follow({ runId, root: { pid, startTicks }, startedAt });
        stopMeasures = followMeasures({
          runId,
          folder,
          workingFolder: spec.workingFolder,
          startedAt,
          recorder,
          onError: (error) =>
            log.error('The files of a run could not be read for measures.', error, { runId }),
        }).stop;
        await recorder.updateRun(runId, { status: 'running', startedAt });
      },
      onGrown: () => tell(entry),
    });
    entry.watched = watched;
    if (entry.isCancelled) void watched.cancel('user');
    const done = watched.ended
      .then(async ({ startedAt, ...end }) => {
        await stopSampling();
        await stopMeasures();
        await keepArtifacts({
          runId,
          workingFolder: spec.workingFolder,
          sinceMs: startedAt,
          recorder,
          objects,
          onUnreadable: (path, error) =>
            log.error('An artifact could not be stored.', error, { runId, path }),
        });
        await finish(runId, entry, end);
      })
      .catch(async (error: unknown) => {
        await stopSampling();
        await stopMeasures();
        if (!(error instanceof LeftRunning)) await fail(runId, entry, error);
      });
    entry.work = Promise.all([entry.work, done]).then(() => undefined);
    if (isClosed) void watched.leave();
  }

  /** The last write of a run: who sees its end sees everything that belongs to it. */
  async function finish(runId: string, entry: LiveRun, end: RunEnd): Promise<void> {
    const { status, ending, exitCode, endedAt } = end;
    await recorder.updateRun(runId, { status, ending, exitCode, endedAt });
    entry.status = 'over';
    live.delete(runId);
    entry.end.resolve(end);
    tell(entry);
    queue.leave(runId);
  }

  /** A defect, or a start the system refused. The run must not stay "running" for ever. */
  async function fail(runId: string, entry: LiveRun, error: unknown): Promise<void> {
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

  async function cancel(runId: string): Promise<void> {
    const entry = live.get(runId);
    if (entry === undefined) throw notGoingOn(runId);
    entry.isCancelled = true;
    if (queue.waiting().includes(runId)) {
      queue.leave(runId);
      await finish(runId, entry, cancelledBeforeStart());
      return;
    }
    await entry.watched?.cancel('user');
    await entry.end.promise;
  }

  const cancelledBeforeStart = (): RunEnd => ({
    status: 'killed',
    ending: 'cancelled before it started',
    exitCode: null,
    endedAt: now(),
  });

  async function recover(): Promise<void> {
    for (const run of recorder.unfinishedRuns()) {
      if (run.source !== 'runner' || live.has(run.id)) continue;
      const entry = track(run, 'running');
      const folder = runFolder(home, run.id);
      const spec = await readRecord(folder, 'spec');
      // The environment it was to have is not kept on disk, so a run that still waited cannot be started faithfully.
      if (spec === null) await finish(run.id, entry, lost('Benchtop ended before it started', now()));
      else {
        queue.hold(run.id, (await readRecord(folder, 'place')) ?? { gpus: [] });
        await gapNotes.missed(run.id, folder, entry, spec);
        follow(run.id, entry, spec, supervisor.attach(run.id, folder));
      }
    }
  }

  async function setPaused(runId: string, isPaused: boolean): Promise<void> {
    const entry = live.get(runId);
    if (entry === undefined || entry.watched === null) throw notGoingOn(runId);
    if (entry.isPaused === isPaused) return;
    const pauses = await entry.watched.setPaused(isPaused);
    entry.isPaused = isPaused;
    await gapNotes.paused(runId, entry, pauses);
  }

  function queueState(): RunQueueState {
    const order = [...live.keys()].filter((runId) => !queue.waiting().includes(runId));
    const jobs = [...order, ...queue.waiting()].flatMap((runId) => {
      const entry = live.get(runId);
      if (entry === undefined) return [];
      const waitsFor = queue.waitsFor(runId);
      return (
        jobOf(runId, entry, {
          place: queue.placeOf(runId),
          waitsFor: needs.inWords(entry.needs, waitsFor),
          now: now(),
        }) ?? []
      );
    });
    return { jobs, slots, gpuCount: gpus, isHeld: queue.isHeld };
  }

  return {
    handlers: {
      start,
      async cancel({ runId }) {
        await cancel(runId);
        return {};
      },
      queue: queueState,
      needs: needs.answer,
      setQueueHeld({ isHeld }) {
        queue.setHeld(isHeld);
        return {};
      },
      moveJob({ runId, before }) {
        if (!queue.move(runId, before)) throw notWaiting(before ?? runId);
        return {};
      },
      async setPaused({ runId, isPaused }) {
        await setPaused(runId, isPaused);
        return {};
      },
      ...logHandlers({
        folderOf: (runId) => runFolder(home, runId),
        isLive: (runId) => live.has(runId),
        changed: (runId, signal) => changed(live.get(runId), signal),
      }),
    },
    start,
    async wait(runId) {
      const entry = live.get(runId);
      return entry === undefined ? recordedEnd(recorder.run(runId)) : entry.end.promise;
    },
    cancel,
    runningCount: () =>
      [...live.values()].filter(({ status, isPaused }) => status === 'running' && !isPaused).length,
    recover,
    async close() {
      isClosed = true;
      queue.setHeld(true);
      const all = [...live.values()];
      await Promise.all(all.map(async (entry) => entry.watched?.leave()));
      // Twice: a start that was under way may have begun to follow meanwhile.
      for (let round = 0; round < 2; round++) await Promise.all(all.map((entry) => entry.work));
      for (const entry of live.values()) {
        entry.end.reject(
          new BenchtopError({ code: 'disconnected', what: 'The engine stopped; the run goes on.' }),
        );
        tell(entry);
      }
    },
  };
}

/** Where params came from, for those that nobody named: params given outright win over the command line's. */
function paramsTags(
  files: readonly string[],
  fromArguments: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = fromArguments.filter((name) => !Object.hasOwn(given, name));
  return {
    ...(names.length === 0 ? {} : { 'benchtop.paramsFromArguments': names.join(', ').slice(0, 4000) }),
    ...(files.length === 0 ? {} : { 'benchtop.paramsFromFiles': files.join(', ').slice(0, 4000) }),
  };
}

/** A run gets one GPU where there are some, unless its environment says which it may use. */
const defaultGpus = (environment: NodeJS.ProcessEnv) => (environment[visibleGpus] === undefined ? 1 : 0);

function notWaiting(runId: string): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `Run ${runId} does not wait.`,
    next: 'Look at the queue again: it may have begun or been cancelled meanwhile.',
  });
}

function notGoingOn(runId: string): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `Run ${runId} is not going on.`,
    next: 'Look at its page for how it ended.',
  });
}
