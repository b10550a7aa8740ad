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
/** Where nobody can cancel. */
const patient = { signal: new AbortController().signal };

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
  const snapshotOf = async (runId: string) => source.handlers.snapshot({ runId }, patient);
  const readBy = async (runId: string) => data.handlers.ofRun({ runId }, patient);
  const artifacts = (runId: string) => store.now((db) => runArtifacts(db, runId));
  /** The files that two runs left, by their places in the snapshots. */
  async function madeBy(...runIds: readonly string[]): Promise<ReadonlySet<string>> {
    const made = new Set<string>();
    for (const runId of runIds) {
      const { workingFolder } = tracking.run(runId);
      const snapshot = await snapshotOf(runId);
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
      compareCode(await snapshotOf(a), await snapshotOf(b), await madeBy(a, b), async () =>
        source.handlers.compare(
          { a: { runId: a, at: 'snapshot' }, b: { runId: b, at: 'snapshot' }, limit: 500 },
          patient,
        ),
      ),
    data: async (a, b) =>
      compareData(
        { run: tracking.run(a), read: await readBy(a) },
        { run: tracking.run(b), read: await readBy(b) },
        {
          files: async (before, after) => data.handlers.compare({ before, after }, patient),
          rows: async (before, after, path) => {
            const signal = AbortSignal.timeout(rowsWithinMs);
            try {
              return await data.handlers.compareTables({ before, after, path }, { signal });
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
      snapshotOf,
      inputsOf: readBy,
      environmentOf: environments.ofRun,
      currentEnvironment: environments.current,
      rebuiltEnvironment: environments.rebuilt,
      runner,
      restoreCode: async (runId, folder) => source.handlers.restore({ runId, folder }, patient),
      checkoutData: data.place,
      dataVersionAt: data.versionAt,
    },
  });
  return { comparison, reproduction };
}
