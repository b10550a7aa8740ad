import type Database from 'better-sqlite3';
import type { HistoryEntry } from '../../contract/index.ts';
import { historyEntryOf, type HistoryRow } from './history.ts';

interface Page {
  /** Of all that were ever called so; null for all. */
  readonly name: string | null;
  readonly version: number | null;
  readonly limit: number;
}

/** The histories of all models that have a name, or ever had it. */
const ofName = 'subject IN (SELECT DISTINCT subject FROM registry_history WHERE model = @name)';

/** Entries before a seq, the latest first. */
export function historyBefore(
  db: Database.Database,
  { name, version, limit, before }: Page & { before: number | null },
): HistoryEntry[] {
  const rows = db
    .prepare(
      `SELECT * FROM registry_history WHERE seq < @before ${name === null ? '' : `AND ${ofName}`}
       ${version === null ? '' : 'AND version = @version'} ORDER BY seq DESC LIMIT @limit`,
    )
    .all({
      before: before ?? Number.MAX_SAFE_INTEGER,
      limit,
      ...(name === null ? {} : { name }),
      ...(version === null ? {} : { version }),
    }) as HistoryRow[];
  return rows.map(historyEntryOf);
}

/** Entries after a seq as they are stored, the oldest first. */
export function historyAfter(
  db: Database.Database,
  { name, after, limit }: Pick<Page, 'name' | 'limit'> & { after: number },
): HistoryRow[] {
  return db
    .prepare(
      `SELECT * FROM registry_history WHERE seq > @after ${name === null ? '' : `AND ${ofName}`} ORDER BY seq LIMIT @limit`,
    )
    .all({ after, limit, ...(name === null ? {} : { name }) }) as HistoryRow[];
}
