import type Database from 'better-sqlite3';
import type { HistoryEntry, HistoryEvidence, HistoryKind } from '../../contract/index.ts';
import { historyEntryOf, type HistoryRow } from './history.ts';

interface Page {
  /** Of all that were ever called so; null for all. */
  readonly name: string | null;
  readonly version: number | null;
  readonly limit: number;
}

/** The histories of all models that have a name, or ever had it. */
const ofName = 'subject IN (SELECT DISTINCT subject FROM registry_history WHERE model = @name)';

/** What is looked through for a text. */
const texts = ['who', 'via', 'model', 'item', 'before_value', 'after_value', 'reason'] as const;

/** Entries before a seq, the latest first. */
export function historyBefore(
  db: Database.Database,
  {
    name,
    version,
    limit,
    before,
    kinds,
    text,
  }: Page & { before: number | null; kinds: readonly HistoryKind[] | null; text: string },
): HistoryEntry[] {
  const conditions = [
    'seq < @before',
    ...(name === null ? [] : [ofName]),
    ...(version === null ? [] : ['version = @version']),
    ...(kinds === null ? [] : ['kind IN (SELECT value FROM json_each(@kinds))']),
    ...(text === ''
      ? []
      : [`(${texts.map((column) => `instr(lower(coalesce(${column}, '')), @text) > 0`).join(' OR ')})`]),
  ];
  const rows = db
    .prepare(
      `SELECT * FROM registry_history WHERE ${conditions.join(' AND ')} ORDER BY seq DESC LIMIT @limit`,
    )
    .all({
      before: before ?? Number.MAX_SAFE_INTEGER,
      limit,
      ...(name === null ? {} : { name }),
      ...(version === null ? {} : { version }),
      ...(kinds === null ? {} : { kinds: JSON.stringify(kinds) }),
      ...(text === '' ? {} : { text: text.toLowerCase() }),
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

/** The evidence of the last deletion of a model, or of a version of it; null where there was none. */
export function newestDeletion(
  db: Database.Database,
  modelId: number,
  version: number | null,
): HistoryEvidence | null {
  const row = db
    .prepare(
      `SELECT h.* FROM registered_model m JOIN registry_history h ON h.subject = m.history
       WHERE m.id = @modelId AND h.kind = @kind AND h.version IS @version ORDER BY h.seq DESC LIMIT 1`,
    )
    .get({ modelId, kind: version === null ? 'model-deleted' : 'version-deleted', version }) as
    | HistoryRow
    | undefined;
  return row === undefined ? null : historyEntryOf(row).evidence;
}
