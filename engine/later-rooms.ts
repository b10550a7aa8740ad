import { laterRooms, type Answered } from '../contract/index.ts';
import { createBin } from './bin/index.ts';
import { objectReferences as dataReferences } from './data/index.ts';
import { latestEvaluated, objectReferences as gateReferences } from './gates/index.ts';
import { readTraceFilter } from './mlflow/index.ts';
import { createMonitoring } from './monitoring/index.ts';
import { createStorage, type Objects } from './objects/index.ts';
import type { Pipelines } from './pipelines/index.ts';
import { createRegistry, registeredFiles, type Registry } from './registry/index.ts';
import { objectReferences as sourceReferences } from './source/index.ts';
import { createSql } from './sql/index.ts';
import type { Home } from './store/index.ts';
import { createTraces } from './traces/index.ts';
import {
  artifactOriginals,
  objectReferences as trackingReferences,
  runsWithObject,
} from './tracking/index.ts';
import { createVersionRooms, type RoomsBelow } from './version-rooms.ts';

export interface LaterRooms extends Answered<typeof laterRooms> {
  readonly registry: Registry;
  /** Before the rooms that they stand on. */
  close(): Promise<void>;
}

/**
 * The rooms that no run and no pipeline waits for. Goes on with what the engine before this one left unfinished in them.
 * @param isReadOnly nothing can be gone on with
 */
export async function createLaterRooms({
  home,
  isReadOnly,
  pipelines,
  onUnexpected,
  ...below
}: Omit<RoomsBelow, 'registry' | 'objects' | 'onUnexpected'> & {
  home: Home;
  isReadOnly: boolean;
  objects: Objects;
  pipelines: Pick<Pipelines, 'lookOut'>;
  onUnexpected: (error: unknown, where?: string) => void;
}): Promise<LaterRooms> {
  const { store, objects, tracking, environments, source, data, project, now } = below;
  const registry = createRegistry({
    homePath: home.path,
    store,
    objects,
    records: {
      run: tracking.run,
      dataOf: data.ofRun,
      environmentOf: environments.ofRun,
      snapshotOf: source.snapshot,
      project,
      judged: (version) => store.now((db) => latestEvaluated(db, version)),
    },
    onChange: tracking.modelsChanged,
    now,
  });
  const { comparison, reproduction, gates, sync } = createVersionRooms({
    ...below,
    home,
    registry,
    onUnexpected,
  });
  const monitoring = createMonitoring({
    store,
    data,
    project,
    lookOut: pipelines.lookOut,
    importanceOf: gates.importanceOf,
    now,
    onChange: tracking.monitorsChanged,
    onUnexpected,
  });
  const sql = createSql(home.databasePath, store.publish);
  const references = {
    artifacts: [...trackingReferences, ...gateReferences],
    data: dataReferences,
    code: sourceReferences,
  };
  const storage = createStorage({
    home,
    store,
    objects,
    references,
    originals: [artifactOriginals],
    runsWith: (damaged) => store.now((db) => runsWithObject(db, damaged)),
  });
  const bin = createBin({
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
  });
  if (!isReadOnly) {
    await monitoring.begin();
    reproduction.resume();
    await sync.resume();
  }
  return {
    contract: laterRooms,
    handlers: {
      registry: registry.handlers,
      monitoring: monitoring.handlers,
      comparison: comparison.handlers,
      reproduction: reproduction.handlers,
      gates: gates.handlers,
      sync: sync.handlers,
      objects: storage.handlers,
      sql: sql.handlers,
      bin: bin.handlers,
      traces: createTraces(store, readTraceFilter).handlers,
    },
    registry,
    async close() {
      await sync.close();
      await monitoring.close();
      reproduction.close();
      await sql.close();
    },
  };
}
