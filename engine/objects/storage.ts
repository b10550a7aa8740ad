import { join } from 'node:path';
import type { RoomHandlers, StorageProblems, StorageUsage } from '../../contract/index.ts';
import { fileBytes, folderBytes } from '../folder-bytes.ts';
import type { Home, Store } from '../store/index.ts';
import { withProgress } from '../with-progress.ts';
import type { Objects } from './objects.ts';
import { queries } from './queries.ts';
import type { References } from './usage.ts';

type Runs = StorageProblems['damaged'][number]['objects'][number]['runs'];

/** What the window and the command line ask about all that is stored. */
export function createStorage({
  home,
  store,
  objects,
  references,
  originals,
  runsWith,
}: {
  home: Home;
  store: Store;
  objects: Objects;
  references: References;
  /** Query for the paths where files with a content (`@object`) were found when they were stored. */
  originals: readonly string[];
  /** The runs whose artifact each object is. */
  runsWith: <T extends { readonly objectId: string }>(damaged: readonly T[]) => (T & { runs: Runs })[];
}): { handlers: RoomHandlers<'objects'> } {
  async function onDisk(): Promise<StorageUsage['onDisk']> {
    const store = await Promise.all(
      ['', '-wal', '-shm'].map((end) => fileBytes(`${home.databasePath}${end}`)),
    );
    const all = [{ name: 'store' as const, bytes: store.reduce((sum, bytes) => sum + bytes, 0) }];
    const folders = [
      'objects',
      'runs',
      'source',
      'environments',
      'models',
      'scratch',
      'references',
      'backups',
    ] as const;
    const others = folders.map(async (name) => ({ name, bytes: await folderBytes(join(home.path, name)) }));
    return [...all, ...(await Promise.all(others))];
  }

  return {
    handlers: {
      read: ({ objectId, offset, limit }) => objects.read(objectId, offset, limit),
      verify: ({ repair, from = null }, { signal }) =>
        withProgress(signal, async (tell, ended) => {
          const report = await objects.verify({
            repair,
            from,
            originals,
            references: Object.values(references).flat(),
            signal: ended,
            onProgress: (done) => tell({ kind: 'progress', ...done }),
          });
          return { kind: 'done', ...report, damaged: runsWith(report.damaged) };
        }),
      async usage() {
        const [sums, folders] = await Promise.all([
          store.query(queries, 'storageSums', { references }),
          onDisk(),
        ]);
        return { ...sums, onDisk: folders };
      },
      async problems() {
        const { isOlderThanPacks, damaged } = objects.problems();
        return {
          isOlderThanPacks,
          damaged: damaged.map(({ pack, pieces, objectIds }) => ({
            where: `objects/packs/${pack}.pack`,
            what: `${pieces} damaged ${pieces === 1 ? 'piece' : 'pieces'}`,
            objects: runsWith(objectIds.map((objectId) => ({ objectId }))),
          })),
        };
      },
    },
  };
}
