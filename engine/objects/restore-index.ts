import type Database from 'better-sqlite3';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { chunksInPart } from './chunk-session.ts';
import { putPacks } from './commit-objects.ts';
import type { FoundList, FoundPieces } from './find-pieces.ts';
import { layouts } from './locate.ts';
import { manifestBody } from './manifest-body.ts';
import { manifestCrc } from './manifest-rows.ts';
import type { ObjectRooms } from './object-rooms.ts';
import { workerCount } from './object-workers.ts';
import { packNumber } from './pack-format.ts';

interface Found {
  readonly pack: number;
  readonly position: number;
  readonly sizeBytes: number;
}

/** Chunks that are looked for in one walk over the packs, so that a large home takes bounded memory. */
const chunksInWalk = 200_000;

/**
 * Makes rows of the index anew from what the packs themselves say: of some objects, or (null) of everything that is whole there.
 * Nobody may store or collect meanwhile.
 * @param isOlder whether the index is older than the packs: then what lies behind what it knows of them counts too.
 * @returns the objects whose rows are right now.
 */
export async function restoreIndex(
  rooms: ObjectRooms,
  wanted: ReadonlySet<string> | null,
  isOlder: boolean,
): Promise<Set<string>> {
  const { store, workers, now } = rooms;
  for (let worker = 0; worker < workerCount; worker++) await workers.call(worker, 'release', null);
  const restored = new Set<string>();
  const lists = new Map<string, FoundList[]>();
  for await (const [pack, { wholes, lists: parts }] of inAllPacks(rooms, isOlder, wanted, new Set())) {
    for (const part of parts) {
      const before = lists.get(part.objectId);
      if (before === undefined) lists.set(part.objectId, [part]);
      else before.push(part);
    }
    await store.write('objects.restoreWhole', (db) => {
      for (const { objectId, position, sizeBytes } of wholes) {
        putPacks(db, new Map([[pack, position + sizeBytes]]), now());
        putRow(db, { objectId, sizeBytes, layout: layouts.whole, pack, position }, now());
        restored.add(objectId);
      }
    });
  }
  const left = [...lists].flatMap(([objectId, parts]) => {
    const chunks = wholeList(parts);
    return chunks === null || restored.has(objectId) ? [] : [{ objectId, chunks }];
  });
  while (left.length > 0) {
    const some: typeof left = [];
    for (let count = 0; left.length > 0 && count < chunksInWalk;) {
      const next = left.pop();
      if (next === undefined) break;
      some.push(next);
      count += next.chunks.length;
    }
    const proofs = new Set(some.flatMap(({ chunks }) => chunks.map(({ proof }) => proof)));
    const places = new Map<string, Found>();
    for await (const [pack, { chunks }] of inAllPacks(rooms, isOlder, new Set(), proofs))
      for (const { proof, position, sizeBytes } of chunks)
        places.set(`${proof} ${sizeBytes}`, { pack, position, sizeBytes });
    for (const { objectId, chunks } of some) {
      const found = chunks.flatMap(({ proof, sizeBytes }) => {
        const place = places.get(`${proof} ${sizeBytes}`);
        return place === undefined ? [] : [{ proof, ...place }];
      });
      if (found.length < chunks.length) continue;
      await store.write('objects.restoreChunked', (db) => putChunked(db, objectId, found, now()));
      // Each of its parts is sound; that they are all of it is seen by its name.
      if (await workers.call(0, 'isWhole', { objectId })) restored.add(objectId);
      else await store.write('objects.restoreFailed', (db) => removeRows(db, objectId));
    }
  }
  return restored;
}

/** What each pack on disk has of what is looked for. */
async function* inAllPacks(
  { store, workers, objectsPath }: ObjectRooms,
  isOlder: boolean,
  objectIds: ReadonlySet<string> | null,
  chunkProofs: ReadonlySet<string>,
): AsyncGenerator<[number, FoundPieces]> {
  const ends = new Map(
    store.now((db) => db.prepare('SELECT id, size_bytes FROM pack').raw().all() as [number, number][]),
  );
  for (const name of readdirSync(join(objectsPath, 'packs'))) {
    const pack = packNumber(name);
    if (pack === null) continue;
    const end = isOlder ? Infinity : (ends.get(pack) ?? Infinity);
    yield [pack, await workers.call(0, 'findPieces', { pack, end, objectIds, chunkProofs })];
  }
}

/** The chunks of an object from its first byte on; null where a part is missing in between. */
function wholeList(parts: readonly FoundList[]): FoundList['chunks'] | null {
  const byFirst = new Map(parts.map((part) => [part.first, part]));
  const chunks: FoundList['chunks'][number][] = [];
  let at = 0;
  for (let part = byFirst.get(0); part !== undefined; part = byFirst.get(at)) {
    if (part.chunks.length === 0) return null;
    for (const chunk of part.chunks) {
      chunks.push(chunk);
      at += chunk.sizeBytes;
    }
  }
  const last = Math.max(...byFirst.keys());
  return at > last ? chunks : null;
}

function putChunked(
  db: Database.Database,
  objectId: string,
  chunks: readonly (Found & { proof: string })[],
  nowMs: number,
): void {
  const known = db.prepare('SELECT id FROM chunk WHERE proof = ? AND size_bytes = ?').pluck();
  const move = db.prepare('UPDATE chunk SET pack = ?, position = ? WHERE id = ?');
  const add = db.prepare('INSERT INTO chunk (proof, pack, position, size_bytes) VALUES (?, ?, ?, ?)');
  const put = db.prepare('INSERT INTO manifest (object, first, body, crc) VALUES (?, ?, ?, ?)');
  db.prepare('DELETE FROM manifest WHERE object = ?').run(objectId);
  const ends = new Map<number, number>();
  const listed = chunks.map(({ proof, pack, position, sizeBytes }) => {
    ends.set(pack, Math.max(ends.get(pack) ?? 0, position + sizeBytes));
    const proofBlob = Buffer.from(proof, 'hex');
    const id = known.get(proofBlob, sizeBytes) as number | undefined;
    if (id === undefined)
      return { id: Number(add.run(proofBlob, pack, position, sizeBytes).lastInsertRowid), sizeBytes };
    move.run(pack, position, id);
    return { id, sizeBytes };
  });
  let first = 0;
  for (let from = 0; from < listed.length; from += chunksInPart) {
    const part = listed.slice(from, from + chunksInPart);
    const body = manifestBody(part);
    put.run(objectId, first, body, manifestCrc(objectId, first, body));
    first += part.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  }
  putPacks(db, ends, nowMs);
  putRow(db, { objectId, sizeBytes: first, layout: layouts.chunked, pack: null, position: null }, nowMs);
}

function putRow(
  db: Database.Database,
  row: { objectId: string; sizeBytes: number; layout: number; pack: number | null; position: number | null },
  nowMs: number,
): void {
  db.prepare('DELETE FROM swept_object WHERE id = ?').run(row.objectId);
  db.prepare(
    'INSERT OR REPLACE INTO object (id, size_bytes, created_at, layout, pack, position) VALUES (@objectId, @sizeBytes, @nowMs, @layout, @pack, @position)',
  ).run({ ...row, nowMs });
}

function removeRows(db: Database.Database, objectId: string): void {
  db.prepare('DELETE FROM manifest WHERE object = ?').run(objectId);
  db.prepare('DELETE FROM object WHERE id = ?').run(objectId);
}
