import type Database from 'better-sqlite3';
import type { StorageUsage } from '../../contract/index.ts';

type Kind = StorageUsage['kinds'][number]['kind'];

/** Queries for the ids of the stored files that each kind refers to. */
export type References = Readonly<Record<Kind, readonly string[]>>;

interface Sum {
  readonly files: number;
  readonly bytes: number;
}

/** What is stored, summed up from the index. Long over many files: for a reader thread. */
export function storageSums(
  db: Database.Database,
  { references }: { references: References },
): Omit<StorageUsage, 'onDisk'> {
  const sumOf = (where: string) =>
    db.prepare(`SELECT count(*) AS files, ifnull(sum(size_bytes), 0) AS bytes FROM ${where}`).get() as Sum;
  const kinds = Object.entries(references) as [Kind, readonly string[]][];
  const all = kinds.flatMap(([, queries]) => queries).join(' UNION ALL ');
  const packs = db
    .prepare(
      `SELECT count(*) AS count, ifnull(sum(size_bytes), 0) AS bytes, count(*) - count(verified_at) AS unread,
       min(verified_at) AS oldest FROM pack`,
    )
    .get() as { count: number; bytes: number; unread: number; oldest: number | null };
  return {
    kinds: kinds.map(([kind, queries]) => ({
      kind,
      ...sumOf(`object WHERE id IN (${queries.join(' UNION ALL ')})`),
    })),
    unreferenced: sumOf(`object WHERE id NOT IN (${all})`),
    recoverable: sumOf('swept_object'),
    stored: sumOf('object'),
    packs: {
      count: packs.count,
      bytes: packs.bytes,
      unread: packs.unread,
      oldestCheckAt: packs.unread > 0 ? null : packs.oldest,
    },
  };
}
