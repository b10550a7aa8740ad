import type Database from 'better-sqlite3';
import { readManifestBody } from './manifest-body.ts';
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
  const sizes = new Map<number, number>();
  const last = db.prepare('SELECT ifnull(max(id), 0) FROM chunk').pluck().get() as number;
  /** 1: there; 2: in use. */
  const marks = new Uint8Array(last + 1);
  for (const id of db.prepare('SELECT id FROM chunk').pluck().iterate() as Iterable<number>) marks[id] = 1;
  const damagedLists = new Set<string>();
  for (const { object, body } of db.prepare('SELECT object, body FROM manifest').iterate() as Iterable<{
    object: string;
    body: Buffer;
  }>) {
    const ids = listedIds(body);
    if (ids === null || ids.some((id) => !marks[id])) damagedLists.add(object);
    for (const id of ids ?? []) if (marks[id]) marks[id] = 2;
  }
  const dead: number[] = [];
  const live = new Map<number, number>();
  const add = (pack: number, bytes: number) => live.set(pack, (live.get(pack) ?? 0) + bytes + pieceHeadBytes);
  for (const { id, pack, sizeBytes } of db
    .prepare('SELECT id, pack, size_bytes AS sizeBytes FROM chunk')
    .iterate() as Iterable<{ id: number; pack: number; sizeBytes: number }>) {
    if (marks[id] === 2) add(pack, sizeBytes);
    else if (dead.length < maxDead) dead.push(id);
  }
  for (const table of ['object', 'swept_object'])
    for (const { pack, sizeBytes } of db
      .prepare(`SELECT pack, size_bytes AS sizeBytes FROM ${table} WHERE pack IS NOT NULL`)
      .iterate() as Iterable<{ pack: number; sizeBytes: number }>)
      add(pack, sizeBytes);
  for (const { pack, sizeBytes } of db
    .prepare('SELECT id AS pack, size_bytes AS sizeBytes FROM pack')
    .all() as { pack: number; sizeBytes: number }[])
    sizes.set(pack, sizeBytes);
  return {
    deadChunks: Float64Array.from(dead),
    packs: Array.from(sizes, ([pack, sizeBytes]) => ({ pack, sizeBytes, liveBytes: live.get(pack) ?? 0 })),
    damagedLists: [...damagedLists],
  };
}

function listedIds(body: Buffer): number[] | null {
  try {
    return readManifestBody(body).map(({ id }) => id);
  } catch {
    return null; // told as a damaged list
  }
}
