import type { Hono } from 'hono';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import {
  BenchtopError,
  firstRooms,
  serveContract,
  type EngineInfo,
  type Handlers,
  type Port,
} from '../contract/index.ts';
import { createData } from './data/index.ts';
import type { EngineOptions } from './engine-options.ts';
import { createEnvironments } from './environments/index.ts';
import { httpPaths } from './http-paths.ts';
import type { LaterRooms } from './later-rooms.ts';
import { createLog } from './log.ts';
import { migrations } from './migrations.ts';
import { createObjects, scrubWhenIdle } from './objects/index.ts';
import { latestIncident } from './monitoring/index.ts';
import { createPipelines, createStaleness } from './pipelines/index.ts';
import { createPreferences, createProjects, makeSample } from './projects/index.ts';
import { createRunner, interpreterPath, removeStrayFolders } from './runner/index.ts';
import { createSource } from './source/index.ts';
import { holdHome, openStore, type Home } from './store/index.ts';
import {
  createGpuWatch,
  createMachineMeter,
  createNetworkMeter,
  createSystem,
  createKeepAwake,
  freeMemoryBytes,
  isOnMains,
} from './system/index.ts';
import { allRunIds, artifactsOf, createTracking, setArtifactRoot } from './tracking/index.ts';
import type { WrittenBy } from './written-paths.ts';

/** When the rooms come to life that nobody has asked for yet, in milliseconds: an engine that was started for one command has answered it. */
const bringToLifeAfterMs = 1000;

/** The product, without a window: answers HTTP requests and RPC ports, whatever host they come from. */
export interface Engine {
  readonly home: Home;
  readonly info: EngineInfo;
  /** Answers one HTTP request. The host has let it in: nothing is checked here again. */
  fetch(request: Request): Promise<Response>;
  /** All that `fetch` answers lies at or below one of these. */
  readonly paths: readonly string[];
  /** The paths that `fetch` answers, with their methods, as patterns. */
  routes(): Promise<readonly { method: string; path: string }[]>;
  /** Answers the contract over a port until it closes. */
  connect(port: Port): void;
  /** Runs that have not ended. */
  jobCount(): number;
  /** Leaves running children running; the next engine takes them up again. */
  close(): Promise<void>;
}

/**
 * Takes the home, opens its store and brings every room to life.
 * @throws {BenchtopError} `home-in-use`, `store-damaged`.
 */
export async function createEngine({
  homePath,
  version,
  resourcesPath,
  artifactRoot = null,
  holdAwake,
  startTables,
  keychain = null,
  now = Date.now,
}: EngineOptions): Promise<Engine> {
  const home = holdHome(homePath);
  const log = createLog(join(home.path, 'engine.log'));
  const unexpected = (error: unknown, where?: string) => log.error('unexpected', error, { where });
  try {
    const store = await openStore({
      home,
      migrations,
      readerEntry: new URL('./reader.ts', import.meta.url),
      onSlow: (name, elapsedMs) => log.info('slow query', { name, elapsedMs: Math.round(elapsedMs) }),
      onDamage: (evidence) => log.error('the store failed its check after an unclean end', evidence),
      onUnexpected: unexpected,
    });
    const info: EngineInfo = {
      version,
      home: home.path,
      platform: process.platform,
      pid: process.pid,
      startedAt: now(),
      readOnlyReason: store.readOnlyReason,
    };
    const objects = createObjects(home, store, now);
    const tracking = createTracking(store, now);
    const projects = createProjects({
      store,
      now,
      onChange: tracking.projectsChanged,
      makeSample: (register) =>
        makeSample({
          sampleSource: join(resourcesPath, 'sample'),
          home,
          store,
          recorder: tracking,
          objects,
          register,
        }),
    });
    const preferences = createPreferences(store);
    const environments = createEnvironments({
      store,
      now,
      project: projects.project,
      preferences,
      environmentsPath: join(home.path, 'environments'),
      readerPath: join(resourcesPath, 'python', 'script_arguments.py'),
      onUnexpected: unexpected,
    });
    const data = createData({
      homePath: home.path,
      store,
      objects,
      now,
      projects: projects.places,
      run: tracking.bareRun,
      onUnexpected: unexpected,
      ...(startTables === undefined ? {} : { startTables }),
    });
    const writtenBy: WrittenBy = (group) => pipelines.writtenBy(group);
    const source = createSource({
      home,
      store,
      objects,
      now,
      run: tracking.run,
      project: projects.project,
      writtenBy,
      onUnexpected: unexpected,
    });
    const staleness = createStaleness({
      store,
      objects,
      data,
      environments,
      environmentOf: (projectId, asked) => ({
        ...process.env,
        ...interpreterPath(environments.chosenInterpreter(projectId)),
        ...asked,
      }),
      runs: tracking,
      now,
    });
    const gpus = createGpuWatch();
    const runner = createRunner({
      home: home.path,
      recorder: tracking,
      objects,
      interpreterOf: environments.chosenInterpreter,
      gpuCount: gpus.count,
      memory: () => ({ freeBytes: freeMemoryBytes() }),
      helperPath: join(resourcesPath, 'python'),
      project: projects.project,
      onStarted(runId, started) {
        data.runs.started(runId, started, runner.ended(runId)); // first what the program may change first
        source.runStarted(runId, started);
        environments.runStarted(runId, started);
      },
      onTakenUp: (runId) => data.runs.takenUp(runId, runner.ended(runId)),
      onFilesOpen(runId, paths) {
        data.runs.opened(runId, paths);
        staleness.opened(runId, paths);
      },
      writtenBy,
      trackingUri: (runId) => trackingUri(home, runId),
      openMachine: () => {
        const measure = createMachineMeter(home.path, gpus);
        const traffic = createNetworkMeter();
        const release = gpus.hold();
        return {
          measure: async () => ({ ...(await measure()), network: await traffic(), gpus: gpus.latest() }),
          release,
        };
      },
      log,
    });
    const keepAwake =
      holdAwake === undefined
        ? null
        : createKeepAwake({ runningCount: runner.runningCount, isOnMains, hold: holdAwake });
    const pipelines = createPipelines({
      homePath: home.path,
      store,
      version,
      now,
      project: projects.project,
      run: tracking.run,
      runner,
      isOnMains,
      latestData: data.latestVersion,
      latestIncident: (monitorId) => store.now((db) => latestIncident(db, monitorId)),
      observed: {
        runsOf: (projectId, limit) => tracking.earlierRuns(projectId, () => true, limit),
        dataOf: data.ofRun,
        artifactsOf: (runId, folder) => artifactsOf(store, runId, folder),
      },
      gpuCount: gpus.count,
      memoryBytes: totalmem(),
      staleness,
      onUnexpected: unexpected,
    });
    if (store.readOnlyReason === null) {
      if (artifactRoot !== null)
        await store.write('engine.artifactRoot', (db) => setArtifactRoot(db, 0, artifactRoot));
      await source.recover();
      await data.recover();
      if (home.wasUnclean) removeStrayFolders(home.runsPath, store.now(allRunIds));
      await runner.recover();
      await pipelines.resume();
    }

    const scrub = scrubWhenIdle({
      objects,
      isIdle: () => !objects.isBusy() && runner.runningCount() === 0 && isOnMains(),
      now,
      onDamage: (where) => log.error('what is stored is damaged', where),
      onUnexpected: unexpected,
    });
    let isClosing = false;
    let rooms: Promise<LaterRooms> | undefined;
    /** Loaded for the first who asks one of them: the first answer of an engine that just starts is waited for. */
    const laterRooms = (): Promise<LaterRooms> => {
      if (isClosing) throw new BenchtopError({ code: 'cancelled', what: 'The engine is ending.' });
      return (rooms ??= import('./later-rooms.ts').then(({ createLaterRooms }) =>
        createLaterRooms({
          home,
          store,
          isReadOnly: store.readOnlyReason !== null,
          now,
          objects,
          tracking,
          project: projects.project,
          environments,
          data,
          source,
          runner,
          pipelines,
          resourcesPath,
          keychain,
          onUnexpected: unexpected,
        }),
      ));
    };
    let answers: Promise<Hono> | undefined;
    const httpAnswers = (): Promise<Hono> =>
      (answers ??= import('./http-answers.ts').then(async ({ createHttpAnswers }) => {
        const { registry } = await laterRooms();
        const logged = { artifactRoot, onSourcesLogged: data.runs.logged };
        return createHttpAnswers({ store, tracking, registry, objects, ...logged, now }, unexpected);
      }));
    // What they have to go on with must not wait for somebody to ask.
    const bringToLife = setTimeout(() => {
      httpAnswers().catch((error: unknown) => {
        if (!isClosing) unexpected(error);
      });
    }, bringToLifeAfterMs).unref();
    const handlers: Handlers<typeof firstRooms> = {
      system: createSystem(info, gpus).handlers,
      preferences: preferences.handlers,
      projects: projects.handlers,
      tracking: tracking.handlers,
      runner: runner.handlers,
      environments: environments.handlers,
      data: data.handlers,
      pipelines: pipelines.handlers,
      source: source.handlers,
    };

    return {
      home,
      info,
      fetch: async (request) => (await httpAnswers()).fetch(request),
      paths: httpPaths,
      routes: async () => (await httpAnswers()).routes.map(({ method, path }) => ({ method, path })),
      connect: (port) => serveContract(port, firstRooms, handlers, unexpected, laterRooms),
      jobCount: () => tracking.unfinishedRuns().length,
      async close() {
        isClosing = true;
        clearTimeout(bringToLife);
        keepAwake?.close();
        await (await rooms?.catch(() => undefined))?.close();
        await pipelines.close();
        await runner.close();
        await environments.close();
        await data.close();
        await source.close();
        await scrub.close();
        await objects.close();
        await store.close();
        home.release();
      },
    };
  } catch (error) {
    home.release();
    throw error;
  }
}

/**
 * The address at which the program of a run finds this engine's MLflow dialect; null while no host has given it one. The
 * run is its user part, so that the program's first MLflow run is that very run.
 */
function trackingUri(home: Home, runId: string): string | null {
  const address = home.announced();
  if (address === null) return null;
  return `http://${runId}:${address.token ?? 'none'}@127.0.0.1:${address.port}`;
}
