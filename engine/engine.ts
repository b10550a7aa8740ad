import { Hono } from 'hono';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import {
  BenchtopError,
  contract,
  errorShapeOf,
  serveContract,
  type EngineHandlers,
  type EngineInfo,
  type Port,
} from '../contract/index.ts';
import { createBin } from './bin/index.ts';
import { createData, objectReferences as dataReferences } from './data/index.ts';
import type { EngineOptions } from './engine-options.ts';
import { createEnvironments } from './environments/index.ts';
import { latestEvaluated, objectReferences as gateReferences } from './gates/index.ts';
import { createLog } from './log.ts';
import { migrations } from './migrations.ts';
import { mlflowRoutes, readTraceFilter } from './mlflow/index.ts';
import {
  createObjects,
  createStorage,
  objectResponse,
  scrubWhenIdle,
  type Objects,
} from './objects/index.ts';
import { createMonitoring, latestIncident } from './monitoring/index.ts';
import { createPipelines, createStaleness } from './pipelines/index.ts';
import { createPreferences, createProjects, makeSample } from './projects/index.ts';
import { createRegistry, registeredFiles } from './registry/index.ts';
import { createRunner, interpreterPath, removeStrayFolders } from './runner/index.ts';
import { createSource, objectReferences as sourceReferences } from './source/index.ts';
import { createSql } from './sql/index.ts';
import { announcedAddress, holdHome, openStore, type Home } from './store/index.ts';
import {
  createGpuWatch,
  createMachineMeter,
  createNetworkMeter,
  createSystem,
  createKeepAwake,
  freeMemoryBytes,
  isOnMains,
} from './system/index.ts';
import { createTraces } from './traces/index.ts';
import {
  allRunIds,
  artifactOriginals,
  artifactsOf,
  createTracking,
  objectReferences as trackingReferences,
  runsWithObject,
  setArtifactRoot,
} from './tracking/index.ts';
import { createVersionRooms } from './version-rooms.ts';

/** The product, without a window: answers HTTP requests and RPC ports, whatever host they come from. */
export interface Engine {
  readonly home: Home;
  readonly info: EngineInfo;
  /** Answers one HTTP request. The host has let it in: nothing is checked here again. */
  fetch(request: Request): Promise<Response>;
  /** The paths that `fetch` answers, with their methods, as patterns. */
  readonly routes: readonly { method: string; path: string }[];
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
    const source = createSource({
      home,
      store,
      objects,
      now,
      run: tracking.run,
      project: projects.project,
      madeBy: (group) => pipelines.outputsOf(group),
      onUnexpected: unexpected,
    });
    const registry = createRegistry({
      homePath: home.path,
      store,
      objects,
      records: {
        run: tracking.run,
        dataOf: data.ofRun,
        environmentOf: environments.ofRun,
        snapshotOf: source.snapshot,
        project: projects.project,
        judged: (version) => store.now((db) => latestEvaluated(db, version)),
      },
      onChange: tracking.modelsChanged,
      now,
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
    const monitoring = createMonitoring({
      store,
      data,
      project: projects.project,
      lookOut: pipelines.lookOut,
      importanceOf: (...asked) => gates.importanceOf(...asked),
      now,
      onChange: tracking.monitorsChanged,
      onUnexpected: unexpected,
    });
    const { comparison, reproduction, gates, sync } = createVersionRooms({
      home,
      store,
      now,
      tracking,
      objects,
      project: projects.project,
      registry,
      resourcesPath,
      runner,
      environments,
      source,
      data,
      keychain,
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
      await monitoring.begin();
      reproduction.resume();
      await sync.resume();
    }

    const references = {
      artifacts: [...trackingReferences, ...gateReferences],
      data: dataReferences,
      code: sourceReferences,
    };
    const scrub = scrubWhenIdle({
      objects,
      isIdle: () => !objects.isBusy() && runner.runningCount() === 0 && isOnMains(),
      now,
      onDamage: (where) => log.error('what is stored is damaged', where),
      onUnexpected: unexpected,
    });
    const sql = createSql(home.databasePath, store.publish);
    const handlers: EngineHandlers = {
      system: createSystem(info, gpus).handlers,
      preferences: preferences.handlers,
      projects: projects.handlers,
      tracking: tracking.handlers,
      objects: createStorage({
        home,
        store,
        objects,
        references,
        originals: [artifactOriginals],
        runsWith: (damaged) => store.now((db) => runsWithObject(db, damaged)),
      }).handlers,
      runner: runner.handlers,
      environments: environments.handlers,
      comparison: comparison.handlers,
      reproduction: reproduction.handlers,
      gates: gates.handlers,
      data: data.handlers,
      pipelines: pipelines.handlers,
      monitoring: monitoring.handlers,
      registry: registry.handlers,
      source: source.handlers,
      sql: sql.handlers,
      sync: sync.handlers,
      bin: createBin({
        home,
        store,
        tracking,
        objects,
        references: Object.values(references).flat(),
        keptBeyondRuns: registeredFiles,
        async onErased() {
          await source.removeErased();
          registry.removeUnusedCopies();
        },
        now,
      }).handlers,
      traces: createTraces(store, readTraceFilter).handlers,
    };
    const http = httpOf(objects, unexpected);
    http.route(
      '/',
      mlflowRoutes(
        { store, tracking, registry, objects, artifactRoot, onSourcesLogged: data.runs.logged, now },
        unexpected,
      ),
    );

    return {
      home,
      info,
      fetch: async (request) => http.fetch(request),
      routes: http.routes.map(({ method, path }) => ({ method, path })),
      connect: (port) => serveContract(port, contract, handlers, unexpected),
      jobCount: () => tracking.unfinishedRuns().length,
      async close() {
        keepAwake?.close();
        await sync.close();
        await monitoring.close();
        await pipelines.close();
        reproduction.close();
        await runner.close();
        await environments.close();
        await data.close();
        await source.close();
        await sql.close();
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
  const address = announcedAddress(home.path);
  if (address === null || address.pid !== process.pid) return null;
  return `http://${runId}:${address.token ?? 'none'}@127.0.0.1:${address.port}`;
}

function httpOf(objects: Objects, unexpected: (error: unknown, where: string) => void): Hono {
  const http = new Hono();
  http.get('/objects/:id', (context) =>
    objectResponse(
      objects,
      context.req.raw,
      { objectId: context.req.param('id'), name: null },
      // The address is the content's hash, so it can never go stale.
      { 'cache-control': 'private, max-age=31536000, immutable' },
    ),
  );
  http.notFound((context) =>
    context.json({ code: 'not-found', what: `There is nothing at ${context.req.path}.` }, 404),
  );
  http.onError((error, context) => {
    const expected = error instanceof BenchtopError;
    if (!expected) unexpected(error, context.req.path);
    return context.json(
      errorShapeOf(error),
      error instanceof BenchtopError ? (error.code === 'not-found' ? 404 : 400) : 500,
    );
  });
  return http;
}
