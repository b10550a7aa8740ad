import type Database from 'better-sqlite3';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BinUsage, RoomHandlers } from '../../contract/index.ts';
import { folderBytes } from '../folder-bytes.ts';
import type { Objects } from '../objects/index.ts';
import type { Home, Store } from '../store/index.ts';
import {
  binnedRuns,
  bytesOfRuns,
  eraseRuns,
  putFileAt,
  type BinnedRun,
  type FileBelow,
  type Tracking,
} from '../tracking/index.ts';

const dayMs = 86_400_000;

/** The bin of runs: what erasing would free, and the erasing. */
export function createBin({
  home,
  store,
  tracking,
  objects,
  references,
  keptBeyondRuns,
  onErased,
  now,
}: {
  home: Home;
  store: Store;
  tracking: Tracking;
  objects: Objects;
  /** Of every room its queries for the ids of the stored files that it refers to. */
  references: readonly string[];
  /** Files of runs that others need when the runs are gone, by their paths below the proxy. */
  keptBeyondRuns: (db: Database.Database, runIds: readonly string[]) => readonly FileBelow[];
  /** Told when runs were erased, for what else is theirs. */
  onErased: () => Promise<void>;
  now: () => number;
}): { handlers: RoomHandlers<'bin'> } {
  type Choice = Parameters<RoomHandlers<'bin'>['preview']>[0];

  const chosen = (choice: Choice): BinnedRun[] =>
    store.now((db) =>
      binnedRuns(db, 'runIds' in choice ? choice : { deletedBefore: now() - choice.olderThanDays * dayMs }),
    );

  async function usageOf(runs: readonly BinnedRun[]): Promise<BinUsage> {
    const runIds = runs.map(({ runId }) => runId);
    const { pointBytes, objectIds, kept } = store.now((db) => ({
      ...bytesOfRuns(db, runs),
      kept: new Set(keptBeyondRuns(db, runIds).map(({ objectId }) => objectId)),
    }));
    let logBytes = 0;
    for (const { runId } of runs) logBytes += await folderBytes(join(home.runsPath, runId));
    return {
      runIds,
      pointBytes,
      logBytes,
      fileBytes: objects.sizeOf(objectIds.filter((id) => !kept.has(id))),
      strayFileBytes: objects.unreferenced(references).sizeBytes,
      recoverableBytes: objects.recoverable().bytes,
    };
  }

  return {
    handlers: {
      preview: (choice) => usageOf(chosen(choice)),
      async erase(choice) {
        const runs = chosen(choice);
        const usage = await usageOf(runs);
        // Some at a time, so that whoever records meanwhile does not wait.
        for (let from = 0; from < runs.length; from += 20) {
          const some = runs.slice(from, from + 20);
          const runIds = some.map(({ runId }) => runId);
          await tracking.record('eraseRuns', (db) => {
            const kept = keptBeyondRuns(db, runIds);
            const value = eraseRuns(db, some);
            // With the runs gone, these paths are among the files of no run.
            for (const file of kept) putFileAt(db, file.path, file);
            return { value, runIds };
          });
          for (const { runId } of some)
            await rm(join(home.runsPath, runId), { recursive: true, force: true });
        }
        await onErased();
        await objects.removeUnreferenced(references);
        return usage;
      },
      reclaim: async () => ({ freedBytes: await objects.reclaim() }),
      undo: () => objects.undoRemoval(),
    },
  };
}
