import type Database from 'better-sqlite3';
import { listIn, type ManifestRow } from './manifest-rows.ts';
import { pieceHeadBytes } from './pack-format.ts';

/** What of the packs is in use. */
export interface Survey {
  /** Chunks that no file has, at most a million. */
  readonly deadChunks: Float64Array<ArrayBuffer>;
  readonly packs: readonly { pack: number; sizeBytes: number; liveBytes: number }[];
  /** Objects in chunks whose list is damaged or names chunks that are not there. */
  readonly damagedLists: readonly string[];
}

const maxDead = 1_000_000;

/** Marks: walks the chunk lists of all files, swept ones too, and sums up what each pack holds of them. */
export function survey(db: Database.Database): Survey {
  const { last, count } = db
    .prepare('SELECT ifnull(max(id), 0) AS last, count(*) AS count FROM chunk')
    .get() as { last: number; count: number };
  // A number far beyond the others is a damaged one: what is listed under it counts as not there.
  const sizes = new Uint32Array(Math.min(last + 1, 100 * count + 1_000_000));
  const isUsed = new Uint8Array(sizes.length);
  for (const { id, sizeBytes } of db
    .prepare('SELECT id, size_bytes AS sizeBytes FROM chunk')
    .iterate() as Iterable<{ id: number; sizeBytes: number }>)
    if (id > 0 && id < sizes.length) sizes[id] = sizeBytes;
  const damagedLists = new Set<string>();
  const end = { object: '', bytes: 0, sizeBytes: 0 };
  const endObject = () => {
    if (end.bytes !== end.sizeBytes) damagedLists.add(end.object);
  };
  for (const { sizeBytes, ...row } of db
    .prepare(
      `SELECT m.object, m.first, m.body, m.crc, ifnull(o.size_bytes, s.size_bytes) AS sizeBytes
       FROM manifest m LEFT JOIN object o ON o.id = m.object LEFT JOIN swept_object s ON s.id = m.object
       WHERE o.id IS NOT NULL OR s.id IS NOT NULL ORDER BY m.object, m.first`,
    )
    .iterate() as Iterable<ManifestRow & { sizeBytes: number }>) {
    if (row.object !== end.object) {
      endObject();
      Object.assign(end, { object: row.object, bytes: 0, sizeBytes });
    }
    const list = listIn(row);
    if (list === null || row.first !== end.bytes) damagedLists.add(row.object);
    for (const listed of list ?? []) {
      end.bytes += listed.sizeBytes;
      if (sizes[listed.id] === listed.sizeBytes) isUsed[listed.id] = 1;
      else damagedLists.add(row.object);
    }
  }
  endObject();
  const dead: number[] = [];
  const live = new Map<number, number>();
  const add = (pack: number, bytes: number) => live.set(pack, (live.get(pack) ?? 0) + bytes + pieceHeadBytes);
  for (const { id, pack, sizeBytes } of db
    .prepare('SELECT id, pack, size_bytes AS sizeBytes FROM chunk')
    .iterate() as Iterable<{ id: number; pack: number; sizeBytes: number }>) {
    if (isUsed[id] === 1) add(pack, sizeBytes);
    else if (dead.length < maxDead) dead.push(id);
  }
  for (const table of ['object', 'swept_object'])
    for (const { pack, sizeBytes } of db
      .prepare(`SELECT pack, size_bytes AS sizeBytes FROM ${table} WHERE pack IS NOT NULL`)
      .iterate() as Iterable<{ pack: number; sizeBytes: number }>)
      add(pack, sizeBytes);
  const packs = db.prepare('SELECT id AS pack, size_bytes AS sizeBytes FROM pack').all() as {
    pack: number;
    sizeBytes: number;
  }[];
  return {
    deadChunks: Float64Array.from(dead),
    packs: packs.map((pack) => ({ ...pack, liveBytes: live.get(pack.pack) ?? 0 })),
    damagedLists: [...damagedLists],
  };
}
