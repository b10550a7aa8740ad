import { join } from 'node:path';
import { BenchtopError, type ProjectPlace } from '../contract/index.ts';
import {
  compareCode,
  compareData,
  createComparison,
  type Comparison,
  type RunCode,
} from './comparison/index.ts';
import type { Data } from './data/index.ts';
import type { Environments } from './environments/index.ts';
import { createGates, modelSample, type Gates } from './gates/index.ts';
import type { Objects } from './objects/index.ts';
import type { Registry } from './registry/index.ts';
import { createSync, type Keychain, type Sync } from './sync/index.ts';
import { isWithin } from './is-within.ts';
import { createReproduction, prepareGround, type ReproductionRoom } from './reproduction/index.ts';
import type { Runner } from './runner/index.ts';
import type { Source } from './source/index.ts';
import type { Home, Store } from './store/index.ts';
import { readMetered } from './system/index.ts';
import { runArtifacts, type Tracking } from './tracking/index.ts';

/** Rows are told where that takes no longer; the page of the data has all the time there is. */
const rowsWithinMs = 8000;
/** Of what a run printed last, as evidence. */
const lastOutputBytes = 1500;
/** Files of the code that are told by name. */
const changesAtMost = 500;

/** What the rooms stand on that come to life after the others. */
export interface RoomsBelow {
  readonly home: Pick<Home, 'path'>;
  readonly store: Store;
  readonly now: () => number;
  readonly tracking: Tracking;
  readonly objects: Pick<Objects, 'read' | 'stream' | 'putFile' | 'putStream' | 'writeFiles'>;
  readonly project: (projectId: string) => ProjectPlace;
  readonly registry: Registry;
  readonly resourcesPath: string;
  readonly runner: Runner;
  readonly environments: Environments;
  readonly source: Source;
  readonly data: Data;
  readonly keychain: Keychain | null;
  readonly onUnexpected: (error: unknown, where: string) => void;
}

/** The rooms that stand on what others keep: what differs between runs, bringing one back, judging what it made, and handing it over. */
export function createVersionRooms({
  home,
  store,
  now,
  tracking,
  objects,
  project,
  registry,
  resourcesPath,
  runner,
  environments,
  source,
  data,
  keychain,
  onUnexpected,
}: RoomsBelow): { comparison: Comparison; reproduction: ReproductionRoom; gates: Gates; sync: Sync } {
  const artifacts = (runId: string) => store.now((db) => runArtifacts(db, runId));
  const codeOf = async (runId: string): Promise<RunCode> => ({
    run: tracking.run(runId),
    snapshot: await source.snapshot(runId),
    left: artifacts(runId).map(({ path }) => path),
    data: data.ofRun(runId),
  });
  const readObject = async (objectId: string, sizeBytes: number) =>
    (await objects.read(objectId, 0, sizeBytes)).bytes;
  const scratchPath = join(home.path, 'scratch');
  const kept = { restoreCode: source.restore, checkoutData: data.place, dataVersionAt: data.versionAt };
  const comparison = createComparison({
    recorder: tracking,
    environmentOf: environments.ofRun,
    code: async (a, b) =>
      compareCode(await codeOf(a), await codeOf(b), () =>
        source.compare({ runId: a, at: 'snapshot' }, { runId: b, at: 'snapshot' }, changesAtMost),
      ),
    data: async (a, b, withRows, signal) =>
      compareData(
        { run: tracking.run(a), read: data.ofRun(a) },
        { run: tracking.run(b), read: data.ofRun(b) },
        {
          files: data.compare,
          async rows(before, after, path) {
            if (!withRows) return null;
            const patience = AbortSignal.any([signal, AbortSignal.timeout(rowsWithinMs)]);
            try {
              return await data.tables.compare({ before, after, path }, patience);
            } catch {
              return null; // too large to wait for, or no table after all: the page of the data says why
            }
          },
        },
      ),
  });
  const reproduction = createReproduction({
    store,
    now,
    scratchPath,
    onUnexpected,
    rooms: {
      run: tracking.run,
      record: tracking.record,
      setTags: tracking.setTags,
      artifacts,
      readObject,
      snapshotOf: source.snapshot,
      inputsOf: async (runId) => data.ofRun(runId),
      environmentOf: environments.ofRun,
      currentEnvironment: environments.current,
      rebuiltEnvironment: environments.rebuilt,
      runner,
      ...kept,
    },
  });
  const cardOf = async (name: string, version: number) =>
    registry.handlers.card({ name, version }, { signal: AbortSignal.timeout(rowsWithinMs) });
  const gates = createGates({
    store,
    now,
    rooms: {
      registry,
      run(runId) {
        try {
          return tracking.run(runId);
        } catch (error) {
          if (error instanceof BenchtopError && error.code === 'not-found') return null;
          throw error;
        }
      },
      artifacts,
      snapshotOf: source.snapshot,
      environmentOf: environments.ofRun,
      dataOf: data.ofRun,
      recordedDataOf: data.recordedOf,
      project,
      tables: data.tables,
      keepData: data.keep,
      dataVersionAt: data.versionAt,
      manifestOf: data.manifest,
      compareRuns: (a, b, signal) => comparison.compare({ a, b, withRows: false }, signal),
      contentOf: async (name, version) =>
        registry.handlers.content({ name, version }, { signal: AbortSignal.timeout(rowsWithinMs) }),
      putFile: objects.putFile,
      readObject,
      writeFile: (objectId, path) => objects.writeFiles([{ objectId, path, mode: 0o600 }]),
      modelPath: registry.pathOf,
      cardOf,
      pythonFor: environments.pythonFor,
      licences: environments.licences,
      prepareGround: ({ inputs, ...asked }) =>
        prepareGround({
          ...asked,
          // What lay elsewhere is read where it lies, if it is read at all.
          inputs: inputs.filter(({ path }) => isWithin(asked.snapshot.rootPath, path)),
          kept,
        }),
      runner,
      async lastOutput(runId) {
        const asked = { runId, offset: -lastOutputBytes, limit: lastOutputBytes };
        const { bytes } = await runner.handlers.log(asked, { signal: AbortSignal.timeout(rowsWithinMs) });
        return new TextDecoder().decode(bytes);
      },
      scratchPath,
      predictorPath: join(resourcesPath, 'python', 'predict_rows.py'),
      importancePath: join(resourcesPath, 'python', 'column_importance.py'),
    },
  });
  const sync = createSync({
    homePath: home.path,
    store,
    objects,
    records: {
      environmentOf: environments.ofRun,
      cardOf: async (name, version) => (await cardOf(name, version)).markdown,
      changeRegistry: registry.change,
      causeOf: registry.causeOf,
      changes: (signal) => tracking.handlers.changes({}, { signal, after: undefined }),
      sampleOf: (version) => modelSample({ store, objects, manifest: data.manifest }, version),
    },
    now,
    keychain,
    readMetered,
    onUnexpected,
  });
  return { comparison, reproduction, gates, sync };
}
