import type Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import type { Store } from '../store/index.ts';
import { putPacks } from './commit-objects.ts';
import { layouts } from './locate.ts';
import { commitMoved, type MovedPieces } from './move-pieces.ts';
import { workerCount, type ObjectWorkers } from './object-workers.ts';
import { ownFilePath } from './own-file.ts';
import { packPath } from './pack-format.ts';

/** So long may pass between storing a file and the row that refers to it, in milliseconds. */
const graceMs = 3_600_000;
/** So long a swept object can come back, in milliseconds. */
export const undoMs = 7 * 86_400_000;
const rowsAtOnce = 2000;

interface Rooms {
  readonly store: Store;
  readonly workers: ObjectWorkers;
  readonly objectsPath: string;
  readonly now: () => number;
}

export interface Unreferenced {
  readonly id: string;
  readonly sizeBytes: number;
}

/**
 * Objects that none of the references (queries for object ids) names, those of the last hour left out: whoever stored them may
 * be about to say what for.
 */
export function unreferencedIn(
  db: Database.Database,
  nowMs: number,
  references: readonly string[],
): Unreferenced[] {
  return db
    .prepare(
      `SELECT id, size_bytes AS sizeBytes FROM object WHERE created_at < ? AND id NOT IN (${references.join(' UNION ALL ')}) LIMIT 100000`,
    )
    .all(nowMs - graceMs) as Unreferenced[];
}

/** Takes what nobody refers to out of the objects. Its bytes stay, for `unsweep`. Resolves to how many they are. */
export function sweep({ store, now }: Rooms, references: readonly string[]): Promise<number> {
  return store.write('objects.sweep', (db) => {
    const found = unreferencedIn(db, now(), references);
    const take = db.prepare(
      'INSERT INTO swept_object (id, size_bytes, layout, pack, position, swept_at) SELECT id, size_bytes, layout, pack, position, ? FROM object WHERE id = ?',
    );
    const remove = db.prepare('DELETE FROM object WHERE id = ?');
    for (const { id } of found) {
      take.run(now(), id);
      remove.run(id);
    }
    return found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  });
}

/** Brings back everything that was swept and not purged. Resolves to how many objects and bytes. */
export function unsweep({ store, now }: Rooms): Promise<{ files: number; bytes: number }> {
  return store.write('objects.unsweep', (db) => {
    const swept = sweptBytes(db);
    db.prepare(
      'INSERT INTO object (id, size_bytes, created_at, layout, pack, position) SELECT id, size_bytes, ?, layout, pack, position FROM swept_object',
    ).run(now());
    db.prepare('DELETE FROM swept_object').run();
    return swept;
  });
}

export const sweptBytes = (db: Database.Database): { files: number; bytes: number } =>
  db.prepare('SELECT count(*) AS files, ifnull(sum(size_bytes), 0) AS bytes FROM swept_object').get() as {
    files: number;
    bytes: number;
  };

/**
 * Ends what was swept before a moment for good, and gives its room on the disk back: packs in which nothing is in use are
 * removed, and those in which less than half is are written anew. Nobody may store anything meanwhile.
 * Resolves to the bytes by which the packs and files have shrunk.
 */
export async function purge(rooms: Rooms, sweptBefore: number): Promise<number> {
  const { store, workers, objectsPath } = rooms;
  const gone = await store.write('objects.purge', (db) => {
    const found = db
      .prepare('SELECT id, size_bytes AS sizeBytes, layout FROM swept_object WHERE swept_at <= ?')
      .all(sweptBefore) as (Unreferenced & { layout: number })[];
    const removeList = db.prepare('DELETE FROM manifest WHERE object = ?');
    const remove = db.prepare('DELETE FROM swept_object WHERE id = ?');
    for (const { id } of found) {
      removeList.run(id);
      remove.run(id);
    }
    return found;
  });
  let freed = 0;
  for (const { id, sizeBytes, layout } of gone) {
    if (layout !== layouts.ownFile) continue;
    rmSync(ownFilePath(objectsPath, id), { force: true });
    freed += sizeBytes;
  }
  for (let worker = 0; worker < workerCount; worker++) await workers.call(worker, 'release', null);
  const { deadChunks, packs } = await workers.call(0, 'survey', null);
  for (let from = 0; from < deadChunks.length; from += rowsAtOnce)
    await store.write('objects.purgeChunks', (db) => {
      const remove = db.prepare('DELETE FROM chunk WHERE id = ?');
      for (const id of deadChunks.subarray(from, from + rowsAtOnce)) remove.run(id);
    });
  for (const { pack, sizeBytes, liveBytes } of packs) {
    if (liveBytes * 2 >= sizeBytes) continue;
    const rewritten = liveBytes === 0 ? { moved: [], era: 0 } : await workers.call(0, 'rewrite', { pack });
    if (rewritten === null) continue; // damaged: `verify` names it
    await commitMoves(rooms, rewritten, pack);
    rmSync(packPath(objectsPath, pack), { force: true });
    freed += sizeBytes - liveBytes;
  }
  return freed;
}

/** Syncs what was moved by worker 0, and tells the index in one transaction. @param emptied a pack that is not needed then. */
export async function commitMoves(
  { store, workers, now }: Rooms,
  { moved, era }: MovedPieces,
  emptied: number | null,
): Promise<void> {
  if (moved.length > 0) await workers.call(0, 'sync', { since: era });
  const ends = new Map<number, number>();
  for (const { piece, to } of moved)
    ends.set(to.pack, Math.max(ends.get(to.pack) ?? 0, to.position + piece.sizeBytes));
  await store.write('objects.moved', (db) => {
    putPacks(db, ends, now());
    commitMoved(db, moved);
    if (emptied !== null) db.prepare('DELETE FROM pack WHERE id = ?').run(emptied);
  });
}
