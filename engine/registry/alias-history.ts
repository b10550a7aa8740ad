import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';
import { historyEntryOf, type HistoryRow } from './history.ts';
import type { HistoryEntry } from '../../contract/index.ts';

const aliasKinds = "kind IN ('alias-set', 'alias-rolled-back', 'alias-removed')";

/** The identity in the history of the model that has a name, or had it last; null when none ever had. */
export function subjectNamed(db: Database.Database, name: string): number | null {
  const named = prepared(db, 'SELECT history FROM registered_model WHERE name = ?').pluck().get(name);
  if (typeof named === 'number') return named;
  const last = prepared(
    db,
    'SELECT subject FROM registry_history WHERE model = ? ORDER BY seq DESC LIMIT 1',
  ).pluck();
  return (last.get(name) as number | undefined) ?? null;
}

/**
 * Who had an alias at a time: the last entry about it up to then. `isKnown` is false for a time before the history of a model
 * that was found when histories began.
 */
export function holderOn(
  db: Database.Database,
  { subject, alias, atMs }: { subject: number; alias: string; atMs: number },
): { version: number | null; entry: HistoryEntry | null; isKnown: boolean } {
  const row = prepared(
    db,
    `SELECT * FROM registry_history WHERE subject = ? AND item = ? AND at_ms <= ? AND ${aliasKinds}
     ORDER BY at_ms DESC, seq DESC LIMIT 1`,
  ).get(subject, alias, atMs) as HistoryRow | undefined;
  if (row !== undefined)
    return {
      version: row.after_value === null ? null : Number(row.after_value),
      entry: historyEntryOf(row),
      isKnown: true,
    };
  const first = prepared(db, 'SELECT kind, at_ms FROM registry_history WHERE seq = ?').get(subject) as
    | Pick<HistoryRow, 'kind' | 'at_ms'>
    | undefined;
  return { version: null, entry: null, isKnown: !(first?.kind === 'model-found' && atMs < first.at_ms) };
}

/**
 * The version to which an alias goes back: the one that had it before the one that has it now; where nobody has it, the last
 * that had it. After a rollback the next one goes further back, not forth again.
 * @param isThere whether a version can have an alias.
 */
export function earlierHolder(
  db: Database.Database,
  { subject, alias }: { subject: number; alias: string },
  isThere: (version: number) => boolean,
): number | null {
  const rows = prepared(
    db,
    `SELECT kind, after_value FROM registry_history INDEXED BY registry_history_by_subject
     WHERE subject = ? AND item = ? AND ${aliasKinds} ORDER BY seq`,
  ).all(subject, alias) as Pick<HistoryRow, 'kind' | 'after_value'>[];
  const held: number[] = [];
  let current: number | null = null;
  for (const { kind, after_value: after } of rows) {
    current = after === null ? null : Number(after);
    if (current === null) continue;
    if (kind === 'alias-rolled-back') held.length = Math.max(0, held.lastIndexOf(current));
    if (held.at(-1) !== current) held.push(current);
  }
  // One look at the tables is enough, mostly: a history may be long.
  return held.toReversed().find((version) => version !== current && isThere(version)) ?? null;
}
