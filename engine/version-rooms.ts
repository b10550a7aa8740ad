import { join, relative, sep } from 'node:path';
import { compareCode, compareData, createComparison, type Comparison } from './comparison/index.ts';
import type { Data } from './data/index.ts';
import type { Environments } from './environments/index.ts';
import type { Objects } from './objects/index.ts';
import { createReproduction, type ReproductionRoom } from './reproduction/index.ts';
import type { Runner } from './runner/index.ts';
import type { Source } from './source/index.ts';
import type { Home, Store } from './store/index.ts';
import { runArtifacts, type Tracking } from './tracking/index.ts';

/** Rows are told where that takes no longer; the page of the data has all the time there is. */
const rowsWithinMs = 8000;
/** Files of the code that are told by name. */
const changesAtMost = 500;

/** The rooms that stand on kept code, data and environments: what differs between runs, and bringing one back. */
export function createVersionRooms({
  home,
  store,
  now,
  tracking,
  objects,
  runner,
  environments,
  source,
  data,
  onUnexpected,
}: {
  home: Pick<Home, 'path'>;
  store: Store;
  now: () => number;
  tracking: Tracking;
  objects: Pick<Objects, 'read'>;
  runner: Runner;
  environments: Environments;
  source: Source;
  data: Data;
  onUnexpected: (error: unknown, where: string) => void;
}): { comparison: Comparison; reproduction: ReproductionRoom } {
  const artifacts = (runId: string) => store.now((db) => runArtifacts(db, runId));
  /** The files that two runs left, by their places in the snapshots. */
  async function madeBy(...runIds: readonly string[]): Promise<ReadonlySet<string>> {
    const made = new Set<string>();
    for (const runId of runIds) {
      const { workingFolder } = tracking.run(runId);
      const snapshot = await source.snapshot(runId);
      if (workingFolder === null || snapshot === null) continue;
      for (const { path } of artifacts(runId))
        made.add(relative(snapshot.rootPath, join(workingFolder, path)).split(sep).join('/'));
    }
    return made;
  }
  const comparison = createComparison({
    recorder: tracking,
    environmentOf: environments.ofRun,
    code: async (a, b) =>
      compareCode(await source.snapshot(a), await source.snapshot(b), await madeBy(a, b), () =>
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
              return await data.compareTables({ before, after, path }, patience);
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
    scratchPath: join(home.path, 'scratch'),
    onUnexpected,
    rooms: {
      run: tracking.run,
      record: tracking.record,
      setTags: tracking.setTags,
      artifacts,
      readObject: async (objectId, sizeBytes) => (await objects.read(objectId, 0, sizeBytes)).bytes,
      snapshotOf: source.snapshot,
      inputsOf: async (runId) => data.ofRun(runId),
      environmentOf: environments.ofRun,
      currentEnvironment: environments.current,
      rebuiltEnvironment: environments.rebuilt,
      runner,
      restoreCode: source.restore,
      checkoutData: data.place,
      dataVersionAt: data.versionAt,
    },
  });
  return { comparison, reproduction };
}
