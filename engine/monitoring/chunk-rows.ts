import type Database from 'better-sqlite3';
import { BenchtopError, type DriftColumn, type JudgedChunk } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import type { ToldBefore } from './follow-incident.ts';
import type { JudgedColumn } from './judge-chunk.ts';

/** Keys are told in this order: part 10 comes after part 9. */
const keyOrder = new Intl.Collator('en', { numeric: true });
export const inKeyOrder = (a: { readonly key: string }, b: { readonly key: string }): number =>
  keyOrder.compare(a.key, b.key) || (a.key < b.key ? -1 : Number(a.key > b.key));

/** Of a key the row that was added last. */
const latest = `id IN (SELECT max(id) FROM monitor_chunk WHERE monitor_id = $monitor GROUP BY key)`;

export function addChunk(
  db: Database.Database,
  monitorId: string,
  content: string,
  { key, judgedAt, verdict, ...facts }: Omit<JudgedChunk, 'id'>,
  columns: readonly JudgedColumn[],
): void {
  const { lastInsertRowid: chunkId } = prepared(
    db,
    'INSERT INTO monitor_chunk (monitor_id, key, content, judged_at, verdict, facts) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(monitorId, key, content, judgedAt, verdict, JSON.stringify(facts));
  const add = prepared(
    db,
    `INSERT INTO monitor_column (chunk_id, name, panel, verdict, is_alarm, moved, size, evidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  for (const { panel, isAlarm, column } of columns)
    add.run(
      chunkId,
      column.name,
      panel,
      column.verdict,
      Number(isAlarm),
      column.effect?.moved ?? null,
      column.effect?.size ?? null,
      JSON.stringify(column),
    );
}

/** What was judged last of each chunk: of which content, and how. */
export function judgedContents(
  db: Database.Database,
  monitorId: string,
): Map<string, { content: string } & ToldBefore> {
  const rows = prepared(
    db,
    `SELECT key, content, verdict, facts ->> '$.alarms[0].severity' AS severity FROM monitor_chunk WHERE ${latest} LIMIT 100000`,
  ).all({ monitor: monitorId }) as ({ key: string; content: string } & ToldBefore)[];
  return new Map(rows.map(({ key, ...judged }) => [key, judged]));
}

/** How many chunks there are, and how many of them alarm. */
export function chunkCounts(db: Database.Database, monitorId: string): { all: number; alarmed: number } {
  return prepared(
    db,
    `SELECT count(*) AS "all", coalesce(sum(verdict IN ('alarm', 'failed')), 0) AS alarmed FROM monitor_chunk WHERE ${latest}`,
  ).get({ monitor: monitorId }) as { all: number; alarmed: number };
}

/** Chunks as they were judged last, in the order of keys. @param atMost those that were judged last; all when left out */
export function judgedChunks(db: Database.Database, monitorId: string, atMost = 100_000): JudgedChunk[] {
  const rows = prepared(
    db,
    `SELECT id, key, judged_at AS judgedAt, verdict, facts FROM monitor_chunk WHERE ${latest} ORDER BY id DESC LIMIT $limit`,
  ).all({ monitor: monitorId, limit: atMost }) as (Pick<
    JudgedChunk,
    'id' | 'key' | 'judgedAt' | 'verdict'
  > & {
    facts: string;
  })[];
  return rows
    .map(({ facts, ...row }) => ({
      ...(JSON.parse(facts) as Omit<JudgedChunk, 'id' | 'key' | 'judgedAt' | 'verdict'>),
      ...row,
    }))
    .toSorted(inKeyOrder);
}

export interface ColumnCell {
  readonly chunkId: number;
  readonly name: string;
  readonly panel: 'input' | 'output';
  readonly verdict: DriftColumn['verdict'];
  readonly isAlarm: 0 | 1;
  readonly moved: number | null;
  readonly size: NonNullable<DriftColumn['effect']>['size'] | null;
}

/** The columns of some chunks, without their evidence. */
export const columnCells = (db: Database.Database, chunkIds: readonly number[]): ColumnCell[] =>
  prepared(
    db,
    `SELECT chunk_id AS chunkId, name, panel, verdict, is_alarm AS isAlarm, moved, size FROM monitor_column
     WHERE chunk_id IN (SELECT value FROM json_each(?)) LIMIT 1000000`,
  ).all(JSON.stringify(chunkIds)) as ColumnCell[];

/** @throws {BenchtopError} `not-found`. */
export function columnEvidence(db: Database.Database, chunkId: number, name: string): DriftColumn {
  const evidence = prepared(db, 'SELECT evidence FROM monitor_column WHERE chunk_id = ? AND name = ?')
    .pluck()
    .get(chunkId, name);
  if (typeof evidence === 'string') return JSON.parse(evidence) as DriftColumn;
  throw new BenchtopError({ code: 'not-found', what: `The chunk ${chunkId} has no column "${name}".` });
}
