import { availableParallelism } from 'node:os';
import { BenchtopError, type Job, type RoomHandlers, type Run } from '../../contract/index.ts';
import type { Log } from '../log.ts';
import type { Objects } from '../objects/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { argumentParams, recordableCommand } from './argument-params.ts';
import { childEnvironment } from './child-environment.ts';
import { lost, recordedEnd, type RunEnd } from './ending.ts';
import { followMeasures } from './files/index.ts';
import { keepArtifacts } from './keep-artifacts.ts';
import { logHandlers } from './log-pages.ts';
import { createPosixSupervisor } from './posix-supervisor.ts';
import { bootId, oomKillCount } from './process-identity.ts';
import { createRunFolder, readRecord, runFolder, type RunRecord, writeRecord } from './run-folder.ts';
import { createRunSampler, type MachineMeter } from './resources/sample-runs.ts';
import { checkProgram, workingFolderOf } from './start-check.ts';
import type { Handle } from './supervisor.ts';
import { LeftRunning, type WatchedRun, watchRun } from './watch-run.ts';

/** What a run is started with; see the contract's `runner.start`. */
export interface RunRequest {
  projectId: string;
  command: string[];
  name?: string | undefined;
  workingFolder?: string | undefined;
  env?: Record<string, string>;
  params?: Record<string, string>;
  tags?: Record<string, string>;
  timeLimitMs?: number | undefined;
}

export interface Runner {
  readonly handlers: RoomHandlers<'runner'>;
  /** Records a run and starts it, or lets it wait for a slot. Throws `cannot-start` for a missing program or folder. */
  start(request: RunRequest): Promise<{ runId: string }>;
  /** Resolves when the run has ended and its record is whole. Throws `not-found` for an unknown run. */
  wait(runId: string): Promise<RunEnd>;
  /** Ends a run and all it has started. Resolves when nothing of it runs any more. */
  cancel(runId: string): Promise<void>;
  /** Takes up the runs of an engine before this one, or records how they ended. */
  recover(): Promise<void>;
  /** Stops following; the runs go on. */
  close(): Promise<void>;
}

/** A run from its start until its record is whole. */
interface LiveRun {
  readonly name: string;
  readonly projectId: string | null;
  status: 'queued' | 'running' | 'over';
  startedAt: number | null;
  watched: WatchedRun | null;
  isCancelled: boolean;
  /** Settles when nothing more is done for the run here. */
  work: Promise<void>;
  readonly end: PromiseWithResolvers<RunEnd>;
  readonly listeners: Set<() => void>;
}

export function createRunner(options: {
  home: string;
  recorder: Recorder;
  objects: Objects;
  /** The folder with the Python module `benchtop`. */
  helperPath: string;
  /** Throws `not-found` for an unknown project. */
  project: (projectId: string) => { path: string };
  /** The address at which a run's child finds this engine's MLflow dialect; null when it has none. */
  trackingUri?: (runId: string) => string | null;
  /** Told right after the child of a run was started, with its whole environment; must return at once. */
  onStarted?: (
    runId: string,
    started: {
      command: readonly string[];
      workingFolder: string;
      environment: Readonly<Record<string, string | undefined>>;
    },
  ) => void;
  /** Opens a meter of the whole machine, whose values stand beside those of each run. */
  openMachine: () => MachineMeter;
  /** Runs at once; more wait. */
  slots?: number;
  now?: () => number;
  log: Log;
}): Runner {
  const { home, recorder, objects, project, helperPath, trackingUri, onStarted, log } = options;
  const slots = options.slots ?? Math.max(2, availableParallelism());
  const now = options.now ?? Date.now;
  const supervisor = createPosixSupervisor(home);
  const sampler = createRunSampler({
    recorder,
    openMachine: options.openMachine,
    now,
    onError: (error) => log.error('What the runs use could not be recorded.', error),
  });
  const live = new Map<string, LiveRun>();
  const waiting: { runId: string; begin: () => Promise<void> }[] = [];
  let isClosed = false;

  function track(run: Run, status: LiveRun['status']): LiveRun {
    const entry: LiveRun = {
      name: run.name,
      projectId: run.projectId,
      status,
      startedAt: run.startedAt,
      watched: null,
      isCancelled: false,
      work: Promise.resolve(),
      end: Promise.withResolvers<RunEnd>(),
      listeners: new Set(),
    };
    entry.end.promise.catch(() => undefined); // Those who wait get the error; nobody has to wait.
    live.set(run.id, entry);
    return entry;
  }

  async function start(request: RunRequest): Promise<{ runId: string }> {
    const { projectId, command, name, env = {}, params = {}, tags = {}, timeLimitMs } = request;
    const workingFolder = workingFolderOf(project(projectId).path, request.workingFolder);
    checkProgram(command[0] ?? '', workingFolder, env['PATH'] ?? process.env['PATH'] ?? '');
    const fromArguments = argumentParams(command);
    const run = await recorder.createRun({
      ...(name === undefined ? {} : { name }),
      projectId,
      status: 'queued',
      command: recordableCommand(command),
      workingFolder,
      source: 'runner',
      createdAt: now(),
      startedAt: null,
      params: { ...fromArguments, ...params },
      tags: { ...tags, ...originTag(Object.keys(fromArguments), params) },
    });
    const entry = track(run, 'queued');
    const begin = () =>
      launch(run.id, entry, { command, workingFolder, env, timeLimitMs: timeLimitMs ?? null });
    waiting.push({ runId: run.id, begin });
    fillSlots();
    return { runId: run.id };
  }

  function fillSlots(): void {
    if (isClosed) return;
    while (waiting.length > 0 && busy() < slots) {
      const next = waiting.shift();
      const entry = next === undefined ? undefined : live.get(next.runId);
      if (next === undefined || entry === undefined) continue;
      entry.status = 'running';
      entry.work = next.begin().catch((error: unknown) => fail(next.runId, entry, error));
    }
  }

  const busy = () => [...live.values()].filter((entry) => entry.status === 'running').length;

  async function launch(
    runId: string,
    entry: LiveRun,
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
    });
    const spec = {
      command,
      workingFolder,
      environmentSet: set,
      timeLimitMs,
      bootId: bootId(),
      oomKills: oomKillCount(),
    };
    await createRunFolder(folder);
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
    fillSlots();
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
      entry.end.reject(second);
    }
  }

  function tell(entry: LiveRun): void {
    // A listener takes itself off the set, which a Set's iteration allows.
    for (const listener of entry.listeners) listener();
  }

  async function cancel(runId: string): Promise<void> {
    const entry = live.get(runId);
    if (entry === undefined) throw notGoingOn(runId);
    entry.isCancelled = true;
    const place = waiting.findIndex((next) => next.runId === runId);
    if (place >= 0) {
      waiting.splice(place, 1);
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
      else follow(run.id, entry, spec, supervisor.attach(run.id, folder));
    }
  }

  const changed = (runId: string, signal: AbortSignal) =>
    new Promise<void>((resolve) => {
      const entry = live.get(runId);
      if (entry === undefined || signal.aborted) return resolve();
      const done = () => {
        entry.listeners.delete(done);
        signal.removeEventListener('abort', done);
        resolve();
      };
      entry.listeners.add(done);
      signal.addEventListener('abort', done);
    });

  function jobs(): Job[] {
    return [...live].flatMap(([runId, { name, projectId, status, startedAt, watched }]) => {
      if (status === 'over') return [];
      const progress = watched?.progress() ?? null;
      const etaAt =
        progress === null || progress <= 0 || startedAt === null
          ? null
          : Math.round(startedAt + (now() - startedAt) / progress);
      return [{ runId, name, projectId, status, startedAt, progress, etaAt }];
    });
  }

  return {
    handlers: {
      start,
      async cancel({ runId }) {
        await cancel(runId);
        return {};
      },
      jobs,
      ...logHandlers({
        folderOf: (runId) => runFolder(home, runId),
        isLive: (runId) => live.has(runId),
        changed,
      }),
    },
    start,
    async wait(runId) {
      const entry = live.get(runId);
      return entry === undefined ? recordedEnd(recorder.run(runId)) : entry.end.promise;
    },
    cancel,
    recover,
    async close() {
      isClosed = true;
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
function originTag(
  fromArguments: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const names = fromArguments.filter((name) => !Object.hasOwn(given, name));
  return names.length === 0 ? {} : { 'benchtop.paramsFromArguments': names.join(', ').slice(0, 4000) };
}

function notGoingOn(runId: string): BenchtopError {
  return new BenchtopError({
    code: 'not-found',
    what: `Run ${runId} is not going on.`,
    next: 'Look at its page for how it ended.',
  });
}
