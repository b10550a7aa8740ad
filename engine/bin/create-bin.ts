import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { BinUsage, RoomHandlers } from '../../contract/index.ts';
import { folderBytes } from '../folder-bytes.ts';
import type { Objects } from '../objects/index.ts';
import type { Home, Store } from '../store/index.ts';
import { binnedRuns, bytesOfRuns, eraseRuns, type BinnedRun, type Tracking } from '../tracking/index.ts';

const dayMs = 86_400_000;

/** The bin of runs: what erasing would free, and the erasing. */
export function createBin({
  home,
  store,
  tracking,
  objects,
  references,
  onErased,
  now,
}: {
  home: Home;
  store: Store;
  tracking: Tracking;
  objects: Objects;
  /** Of every room its queries for the ids of the stored files that it refers to. */
  references: readonly string[];
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
    const { pointBytes, objectIds } = store.now((db) => bytesOfRuns(db, runs));
    let logBytes = 0;
    for (const { runId } of runs) logBytes += await folderBytes(join(home.runsPath, runId));
    return {
      runIds: runs.map(({ runId }) => runId),
      pointBytes,
      logBytes,
      fileBytes: objects.sizeOf(objectIds),
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
          await tracking.record('eraseRuns', (db) => ({
            value: eraseRuns(db, some),
            runIds: some.map(({ runId }) => runId),
          }));
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
