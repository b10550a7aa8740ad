import type Database from 'better-sqlite3';
import { statCacheReader, type StatCacheReader } from './stat-cache.ts';

/** What a worker looks up while it stores files; it sees what has been committed. */
export interface ObjectIndex {
  /** When a stored object was last stored, ms UTC; null when it is not stored. */
  storedAt(objectId: string): number | null;
  chunksByProof(proof: Uint8Array): { id: number; pack: number; position: number; sizeBytes: number }[];
  /** For one piece of work: what is known of files that have not changed since they were read. */
  contents(nowMs: number): StatCacheReader;
  /** Many look-ups see one state of the index, and cost a fifth: each alone takes and gives back the locks of the store. */
  together<T>(work: () => T): T;
}

export function createObjectIndex(db: Database.Database): ObjectIndex {
  const storedAt = db.prepare('SELECT created_at FROM object WHERE id = ?').pluck();
  const byProof = db.prepare(
    'SELECT id, pack, position, size_bytes AS sizeBytes FROM chunk WHERE proof = ? LIMIT 8',
  );
  return {
    storedAt: (objectId) => (storedAt.get(objectId) as number | undefined) ?? null,
    chunksByProof: (proof) => byProof.all(proof) as ReturnType<ObjectIndex['chunksByProof']>,
    contents: (nowMs) => statCacheReader(db, nowMs),
    together: (work) => db.transaction(work)(),
  };
}
