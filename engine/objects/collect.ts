import type Database from 'better-sqlite3';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { putPacks } from './commit-objects.ts';
import { commitMoved, type MovedPieces } from './move-pieces.ts';
import type { ObjectRooms } from './object-rooms.ts';
import { workerCount } from './object-workers.ts';
import { packPath } from './pack-format.ts';
import type { Place } from './pack-writer.ts';
import { shrinkStatCache } from './stat-cache.ts';
import { strayPacks } from './stray-packs.ts';

/** So long may pass between storing a file and the row that refers to it, in milliseconds. */
const graceMs = 3_600_000;
/** So long a swept object can come back, in milliseconds. */
export const undoMs = 7 * 86_400_000;
const rowsAtOnce = 2000;

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
export function sweep({ store, now }: ObjectRooms, references: readonly string[]): Promise<number> {
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
    shrinkStatCache(db, now());
    return found.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  });
}

/** Brings back everything that was swept and not purged. Resolves to how many objects and bytes. */
export function unsweep({ store, now }: ObjectRooms): Promise<{ files: number; bytes: number }> {
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
export async function purge(rooms: ObjectRooms, sweptBefore: number): Promise<number> {
  const { store, workers, objectsPath } = rooms;
  if (rooms.starts.isOlder()) return 0;
  await store.write('objects.purge', (db) => {
    const found = db
      .prepare('SELECT id FROM swept_object WHERE swept_at <= ?')
      .pluck()
      .all(sweptBefore) as string[];
    const removeList = db.prepare('DELETE FROM manifest WHERE object = ?');
    const remove = db.prepare('DELETE FROM swept_object WHERE id = ?');
    for (const id of found) {
      removeList.run(id);
      remove.run(id);
    }
  });
  const strays = strayOwnFiles(rooms);
  let freed = strays.reduce((sum, path) => sum + statSync(path).size, 0);
  if (strays.length > 0) await workers.call(0, 'remove', { paths: strays });
  for (let worker = 0; worker < workerCount; worker++) await workers.call(worker, 'release', null);
  const { deadChunks, packs } = await workers.call(0, 'survey', null);
  for (let from = 0; from < deadChunks.length; from += rowsAtOnce)
    await store.write('objects.purgeChunks', (db) => {
      const remove = db.prepare('DELETE FROM chunk WHERE id = ?');
      for (const id of deadChunks.subarray(from, from + rowsAtOnce)) remove.run(id);
    });
  for (const { pack, sizeBytes, liveBytes } of packs) {
    if (liveBytes * 2 >= sizeBytes) continue;
    const rewritten = await workers.call(0, 'rewrite', { pack });
    if (rewritten === null) continue; // damaged: `verify` names it
    await commitMoves(rooms, rewritten, pack);
    await workers.call(0, 'remove', { paths: [packPath(objectsPath, pack)] });
    freed += sizeBytes - liveBytes;
  }
  // Those that an earlier removal has failed at.
  const left = strayPacks(store, objectsPath);
  if (left.length > 0) await workers.call(0, 'remove', { paths: left });
  return freed;
}

/** Files of their own that no row names any more: those of what was ended, and what an earlier removal has left. */
function strayOwnFiles({ store, objectsPath }: ObjectRooms): string[] {
  const folders = readdirSync(objectsPath).filter((name) => /^[0-9a-f]{2}$/.test(name));
  return store.now((db) => {
    const isNamed = db
      .prepare(
        'SELECT EXISTS (SELECT 1 FROM object WHERE id = @id UNION ALL SELECT 1 FROM swept_object WHERE id = @id)',
      )
      .pluck();
    return folders.flatMap((folder) =>
      readdirSync(join(objectsPath, folder))
        .filter((id) => isNamed.get({ id }) === 0)
        .map((id) => join(objectsPath, folder, id)),
    );
  });
}

/** Syncs what was moved by worker 0, and tells the index in one transaction. @param emptied a pack that is not needed then. */
export async function commitMoves(
  { store, workers, now }: Pick<ObjectRooms, 'store' | 'workers' | 'now'>,
  { moved, lists, era }: MovedPieces,
  emptied: number | null,
): Promise<void> {
  if (moved.length + lists.length > 0) await workers.call(0, 'sync', { since: era });
  const ends = new Map<number, number>();
  const reach = (to: Place, sizeBytes: number) =>
    ends.set(to.pack, Math.max(ends.get(to.pack) ?? 0, to.position + sizeBytes));
  for (const { piece, to } of moved) reach(to, piece.sizeBytes);
  for (const { to, sizeBytes } of lists) reach(to, sizeBytes);
  await store.write('objects.moved', (db) => {
    putPacks(db, ends, now());
    commitMoved(db, moved);
    if (emptied !== null) db.prepare('DELETE FROM pack WHERE id = ?').run(emptied);
  });
}
