import type Database from 'better-sqlite3';
import { BenchtopError, type DamagedObject, type VerifyReport } from '../../contract/index.ts';
import { storeQueries } from '../store/index.ts';
import { commitMoves } from './collect.ts';
import type { IndexedPiece } from './indexed-pieces.ts';
import { layouts } from './locate.ts';
import type { ObjectRooms } from './object-rooms.ts';
import { workerCount } from './object-workers.ts';
import { copiesOf, ownersOf, type Owner } from './owners.ts';
import { ownFilePath } from './own-file.ts';
import { markPack } from './pack-damage.ts';
import { restoreIndex } from './restore-index.ts';

export interface VerifyOptions {
  readonly repair: boolean;
  /** A folder to look for copies in: another home, or one with the original files. Null for none. */
  readonly from: string | null;
  /** Query for the paths where files with a content (`@object`) were found when they were stored. */
  readonly originals: readonly string[];
  /** Queries for the ids of the objects that somebody refers to: they should be there. */
  readonly references: readonly string[];
  /** Ends the reading early, with `cancelled`. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readBytes: number; totalBytes: number }) => void;
}

/** What was found by reading everything. */
interface Findings {
  /** Pieces whose bytes are not those that were stored. */
  readonly bad: readonly IndexedPiece[];
  readonly owners: ReadonlyMap<IndexedPiece, readonly Owner[]>;
  readonly ownFiles: readonly string[];
  /** Objects of which the index does not say, or not rightly, what they consist of. */
  readonly badLists: readonly string[];
  /** Objects that somebody refers to, and that the index does not have. */
  readonly missing: readonly string[];
}

/**
 * Reads everything that is stored again and holds it against its hash; with `repair` makes lost rows of the index anew from the
 * packs, looks for another copy of what is damaged and puts it in its place. Nobody stores meanwhile only while it repairs.
 * @throws {BenchtopError} `cancelled`.
 */
export async function verify(
  rooms: ObjectRooms,
  options: VerifyOptions,
): Promise<Omit<VerifyReport, 'damaged'> & { damaged: Omit<DamagedObject, 'runs'>[] }> {
  const { store, gate, starts, now } = rooms;
  const startedAt = now();
  const isOlder = starts.isOlder();
  const packs = store.now(packsByAge);
  const { storeSays, readBytes, findings } = await gate.share(() => readAll(rooms, packs, options));
  const { bad, owners, ownFiles, badLists, missing } = findings;
  const mended = new Set<IndexedPiece>();
  const restored = new Set<string>();
  const somethingIsWrong = bad.length + ownFiles.length + badLists.length + missing.length > 0;
  if (options.repair && (somethingIsWrong || isOlder))
    await gate.alone(() => repair(rooms, options, findings, { mended, restored }));

  const damaged = new Map<string, Omit<DamagedObject, 'runs'>>();
  const tell = (objectId: string, where: string, isMended: boolean) => {
    const before = damaged.get(objectId);
    const isRepaired = restored.has(objectId) || (isMended && (before?.isRepaired ?? true));
    damaged.set(objectId, { objectId, where: before?.where ?? where, isRepaired });
  };
  for (const piece of bad)
    for (const { objectId } of owners.get(piece) ?? [])
      tell(objectId, `objects/packs/${piece.pack}.pack from byte ${piece.position}`, mended.has(piece));
  for (const objectId of ownFiles) tell(objectId, ownFilePath('objects', objectId), false);
  for (const objectId of badLists) tell(objectId, 'its list of chunks in benchtop.db', false);
  for (const objectId of missing) tell(objectId, 'its row in benchtop.db, which is not there', false);
  return {
    store: storeSays,
    isOlderThanPacks: starts.isOlder(),
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

/** Those that were never read first. A pack whose own row is lost is one too. */
const packsByAge = (db: Database.Database) =>
  db
    .prepare(
      `SELECT i.pack AS id, ifnull(p.size_bytes, 0) AS sizeBytes, p.verified_at AS verifiedAt
       FROM (SELECT id AS pack FROM pack UNION SELECT DISTINCT pack FROM chunk UNION SELECT DISTINCT pack FROM object WHERE pack IS NOT NULL) i
       LEFT JOIN pack p ON p.id = i.pack ORDER BY ifnull(p.verified_at, 0), i.pack`,
    )
    .all() as { id: number; sizeBytes: number; verifiedAt: number | null }[];

async function readAll(
  rooms: ObjectRooms,
  packs: readonly { id: number; sizeBytes: number }[],
  { references, signal, onProgress }: VerifyOptions,
): Promise<{ storeSays: string; readBytes: number; findings: Findings }> {
  const { store, workers } = rooms;
  const storeSays = await store.query(storeQueries, 'quickCheck', null);
  const totalBytes = packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const owners = new Map<IndexedPiece, readonly Owner[]>();
  let readBytes = 0;
  let doneBytes = 0;
  let next = 0;
  const scrubAll = async (worker: number) => {
    for (let pack = packs[next++]; pack !== undefined; pack = packs[next++]) {
      if (signal?.aborted === true) throw new BenchtopError({ code: 'cancelled', what: 'It was cancelled.' });
      const found = await scrub(rooms, worker, pack.id);
      readBytes += found.readBytes;
      for (const [piece, owned] of found.owners) owners.set(piece, owned);
      onProgress?.({ readBytes: (doneBytes += pack.sizeBytes), totalBytes });
    }
  };
  const ended = await Promise.allSettled(
    Array.from({ length: workerCount }, (_, worker) => scrubAll(worker)),
  );
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  const ownFiles = await damagedOwnFiles(rooms);
  readBytes += ownFiles.readBytes;
  const { damagedLists } = await workers.call(0, 'survey', null);
  const badLists = new Set([...damagedLists, ...store.now(objectsWithoutList)]);
  return {
    storeSays,
    readBytes,
    findings: {
      bad: [...owners.keys()],
      owners,
      ownFiles: ownFiles.damaged,
      badLists: [...badLists],
      missing: store.now((db) => missingFrom(db, references)),
    },
  };
}

/** Reads one pack again, and notes in its row what came of it. */
export async function scrub(
  { store, workers, now }: Pick<ObjectRooms, 'store' | 'workers' | 'now'>,
  worker: number,
  pack: number,
): Promise<{ readBytes: number; owners: Map<IndexedPiece, Owner[]> }> {
  const { readBytes, damaged } = await workers.call(worker, 'scrub', { pack });
  const owners = damaged.length === 0 ? new Map<IndexedPiece, Owner[]>() : ownersOf(store, damaged);
  const objectIds = new Set([...owners.values()].flat().map(({ objectId }) => objectId));
  const found = damaged.length === 0 ? null : { pieces: damaged.length, objectIds: [...objectIds] };
  await markPack(store, pack, now(), found);
  return { readBytes, owners };
}

async function repair(
  rooms: ObjectRooms,
  options: VerifyOptions,
  { bad, owners, badLists, missing }: Findings,
  { mended, restored }: { mended: Set<IndexedPiece>; restored: Set<string> },
): Promise<void> {
  const { store, workers, starts, now } = rooms;
  const ofBad = bad.flatMap((piece) => (owners.get(piece) ?? []).map(({ objectId }) => objectId));
  const wanted = starts.isOlder() ? null : new Set([...badLists, ...missing, ...ofBad]);
  if (wanted === null || wanted.size > 0)
    for (const objectId of await restoreIndex(rooms, wanted, starts.isOlder())) restored.add(objectId);
  if (starts.isOlder()) await starts.caughtUp();
  const isRestored = (piece: IndexedPiece) =>
    (owners.get(piece) ?? []).every(({ objectId }) => restored.has(objectId));
  const left = bad.filter((piece) => !isRestored(piece));
  if (left.length > 0) {
    const copies = left.map((piece) => ({
      piece,
      copies: copiesOf(rooms, piece, owners.get(piece) ?? [], options),
    }));
    const result = await workers.call(0, 'mend', { pieces: copies });
    await commitMoves(rooms, result, null);
    // A piece comes back from the worker as a copy of itself.
    const places = new Set(result.moved.map(({ piece }) => `${piece.pack} ${piece.position}`));
    for (const piece of left) if (places.has(`${piece.pack} ${piece.position}`)) mended.add(piece);
  }
  for (const pack of new Set(bad.map((piece) => piece.pack)))
    if (bad.every((piece) => piece.pack !== pack || mended.has(piece) || isRestored(piece)))
      await markPack(store, pack, now(), null);
}

async function damagedOwnFiles({
  store,
  workers,
}: ObjectRooms): Promise<{ damaged: string[]; readBytes: number }> {
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

/** Objects that somebody refers to and that are not there, neither stored nor swept; at most a thousand. */
const missingFrom = (db: Database.Database, references: readonly string[]): string[] =>
  references.length === 0
    ? []
    : (db
        .prepare(
          `SELECT DISTINCT id FROM (SELECT NULL AS id WHERE 0 UNION ALL ${references.join(' UNION ALL ')})
           WHERE id IS NOT NULL AND id NOT IN (SELECT id FROM object) AND id NOT IN (SELECT id FROM swept_object) LIMIT 1000`,
        )
        .pluck()
        .all() as string[]);
