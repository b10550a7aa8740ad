import type Database from 'better-sqlite3';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DamagedObject, VerifyReport } from '../../contract/index.ts';
import { storeQueries, type Store } from '../store/index.ts';
import { commitMoves } from './collect.ts';
import { copiesInHome } from './copies-in-home.ts';
import type { IndexedPiece } from './indexed-pieces.ts';
import { layouts } from './locate.ts';
import { readManifestBody } from './manifest-body.ts';
import type { Copy } from './move-pieces.ts';
import { workerCount, type ObjectWorkers } from './object-workers.ts';
import { ownFilePath } from './own-file.ts';

interface Rooms {
  readonly store: Store;
  readonly workers: ObjectWorkers;
  readonly objectsPath: string;
  readonly now: () => number;
}

export interface VerifyOptions {
  readonly repair: boolean;
  /** A folder to look for copies in: another home, or one with the original files. Null for none. */
  readonly from: string | null;
  /** Query for the paths where files with a content (`@object`) were found when they were stored. */
  readonly originals: readonly string[];
}

/**
 * Reads everything that is stored again and holds it against its hash; with `repair` looks for another copy of what is damaged
 * and puts it in its place. Nobody may collect meanwhile.
 */
export async function verify(
  rooms: Rooms,
  { repair, from, originals }: VerifyOptions,
): Promise<Omit<VerifyReport, 'damaged'> & { damaged: Omit<DamagedObject, 'runs'>[] }> {
  const { store, workers, now } = rooms;
  const startedAt = now();
  const storeSays = await store.query(storeQueries, 'quickCheck', null);
  const packs = store.now(
    (db) =>
      db
        .prepare('SELECT id, verified_at AS verifiedAt FROM pack ORDER BY ifnull(verified_at, 0), id')
        .all() as {
        id: number;
        verifiedAt: number | null;
      }[],
  );
  const bad: IndexedPiece[] = [];
  let readBytes = 0;
  let next = 0;
  await Promise.all(
    Array.from({ length: workerCount }, async (_, worker) => {
      for (let pack = packs[next++]; pack !== undefined; pack = packs[next++]) {
        const { damaged, readBytes: bytes } = await workers.call(worker, 'scrub', { pack: pack.id });
        readBytes += bytes;
        bad.push(...damaged);
        await markPack(store, pack.id, now(), damaged.length);
      }
    }),
  );
  const ownFiles = await damagedOwnFiles(rooms);
  readBytes += ownFiles.readBytes;
  const { damagedLists } = await workers.call(0, 'survey', null);
  const lostLists = store.now((db) => objectsWithoutList(db));

  const mended = new Set<IndexedPiece>();
  const owners = ownersOf(store, bad);
  if (repair && bad.length > 0) {
    const copies = bad.map((piece) => ({
      piece,
      copies: copiesOf(rooms, piece, owners.get(piece) ?? [], { from, originals }),
    }));
    const result = await workers.call(0, 'mend', { pieces: copies });
    await commitMoves(rooms, result, null);
    // A piece comes back from the worker as a copy of itself.
    const places = new Set(result.moved.map(({ piece }) => `${piece.pack} ${piece.position}`));
    for (const piece of bad) if (places.has(`${piece.pack} ${piece.position}`)) mended.add(piece);
    for (const pack of new Set(bad.map((piece) => piece.pack)))
      if (bad.every((piece) => piece.pack !== pack || mended.has(piece)))
        await markPack(store, pack, now(), 0);
  }

  const damaged = new Map<string, Omit<DamagedObject, 'runs'>>();
  for (const piece of bad)
    for (const { objectId } of owners.get(piece) ?? []) {
      const before = damaged.get(objectId);
      const isMended = mended.has(piece);
      damaged.set(objectId, {
        objectId,
        where: before?.where ?? `objects/packs/${piece.pack}.pack from byte ${piece.position}`,
        isRepaired: isMended && (before?.isRepaired ?? true),
      });
    }
  for (const objectId of ownFiles.damaged)
    damaged.set(objectId, { objectId, where: ownFilePath('objects', objectId), isRepaired: false });
  for (const objectId of [...damagedLists, ...lostLists])
    damaged.set(objectId, { objectId, where: 'its list of chunks in benchtop.db', isRepaired: false });
  return {
    store: storeSays,
    packCount: packs.length,
    readBytes,
    elapsedMs: now() - startedAt,
    oldestCheckAt: packs.reduce<number | null>(
      (oldest, { verifiedAt }) =>
        verifiedAt === null ? oldest : oldest === null ? verifiedAt : Math.min(oldest, verifiedAt),
      null,
    ),
    damaged: [...damaged.values()],
  };
}

const markPack = (store: Store, pack: number, nowMs: number, damagedCount: number) =>
  store.write('objects.verified', (db) =>
    damagedCount === 0
      ? db.prepare('UPDATE pack SET verified_at = ?, damage = NULL WHERE id = ?').run(nowMs, pack)
      : db
          .prepare('UPDATE pack SET damage = ? WHERE id = ?')
          .run(`${damagedCount} damaged ${damagedCount === 1 ? 'piece' : 'pieces'}`, pack),
  );

/** Which objects a piece is part of, and where in them it begins. */
interface Owner {
  readonly objectId: string;
  readonly sizeBytes: number;
  readonly first: number;
}

function ownersOf(store: Store, pieces: readonly IndexedPiece[]): Map<IndexedPiece, Owner[]> {
  const owners = new Map<IndexedPiece, Owner[]>(
    pieces.map((piece) => [
      piece,
      piece.objectId === null ? [] : [{ objectId: piece.objectId, sizeBytes: piece.sizeBytes, first: 0 }],
    ]),
  );
  const byChunk = new Map(pieces.flatMap((piece) => (piece.chunk === null ? [] : [[piece.chunk, piece]])));
  if (byChunk.size === 0) return owners;
  store.now((db) => {
    const rows = db.prepare(
      'SELECT m.object AS objectId, m.first, m.body, o.size_bytes AS sizeBytes FROM manifest m JOIN object o ON o.id = m.object',
    );
    for (const { objectId, first, body, sizeBytes } of rows.iterate() as Iterable<{
      objectId: string;
      first: number;
      body: Buffer;
      sizeBytes: number;
    }>) {
      let at = first;
      for (const chunk of listOf(body)) {
        const piece = byChunk.get(chunk.id);
        if (piece !== undefined) owners.get(piece)?.push({ objectId, sizeBytes, first: at });
        at += chunk.sizeBytes;
      }
    }
  });
  return owners;
}

function listOf(body: Buffer): ReturnType<typeof readManifestBody> {
  try {
    return readManifestBody(body);
  } catch {
    return []; // told as a damaged list
  }
}

/** Where a piece may be found once more, the likeliest first. Whether its bytes are the right ones is seen when they are read. */
function copiesOf(
  { store, objectsPath }: Rooms,
  piece: IndexedPiece,
  owners: readonly Owner[],
  { from, originals }: Omit<VerifyOptions, 'repair'>,
): Copy[] {
  const files = owners.flatMap(({ objectId, sizeBytes, first }) => {
    const recorded = store.now((db) =>
      originals.flatMap((query) => db.prepare(query).pluck().all({ object: objectId }) as (string | null)[]),
    );
    const given = from === null ? [] : filesOfSize(from, sizeBytes);
    return [ownFilePath(objectsPath, objectId), ...recorded, ...given].flatMap((path) =>
      path === null ? [] : [{ path, position: first }],
    );
  });
  return from === null ? files : [...copiesInHome(from, piece), ...files];
}

/** Files below a folder that are so long. */
function filesOfSize(folder: string, sizeBytes: number): string[] {
  if (existsSync(join(folder, 'benchtop.db'))) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    if (!entry.isFile()) return [];
    const path = join(entry.parentPath, entry.name);
    return statSync(path, { throwIfNoEntry: false })?.size === sizeBytes ? [path] : [];
  });
}

async function damagedOwnFiles({ store, workers }: Rooms): Promise<{ damaged: string[]; readBytes: number }> {
  const ids = store.now(
    (db) => db.prepare('SELECT id FROM object WHERE layout = ?').pluck().all(layouts.ownFile) as string[],
  );
  const damaged: string[] = [];
  let readBytes = 0;
  for (const objectId of ids) {
    const scrubbed = await workers.call(0, 'scrubOwnFile', { objectId });
    readBytes += scrubbed.readBytes;
    if (!scrubbed.isSound) damaged.push(objectId);
  }
  return { damaged, readBytes };
}

/** Objects in chunks of which the index has no list, or one of another length. */
const objectsWithoutList = (db: Database.Database): string[] =>
  db
    .prepare(
      'SELECT id FROM object o WHERE layout = ? AND NOT EXISTS (SELECT 1 FROM manifest m WHERE m.object = o.id AND m.first = 0)',
    )
    .pluck()
    .all(layouts.chunked) as string[];
