import type Database from 'better-sqlite3';

/** What runs take in the store: content, without the store's own overhead and without the files of their artifacts. */
export interface RunsContent {
  readonly runCount: number;
  readonly pointCount: number;
  readonly sizeBytes: number;
}

const wanted = 'SELECT id FROM run WHERE run_id IN (SELECT value FROM json_each($runIds))';
/** A row costs about this much beside its texts and bodies: keys, header and its place in the page. */
const rowBytes = 24;

/** What `deleteRunsForever` would remove. Unknown ids count nothing. */
export function previewDelete(db: Database.Database, runIds: readonly string[]): RunsContent {
  const numbers = db
    .prepare(
      `SELECT (SELECT count(*) FROM run WHERE id IN (${wanted})) AS runCount,
         (SELECT coalesce(sum(point_count), 0) FROM series WHERE run IN (${wanted})) AS pointCount,
         (SELECT coalesce(sum(length(g.body) + coalesce(length(g.marks), 0) + ${rowBytes}), 0)
            FROM series s JOIN segment g ON g.series = s.id WHERE s.run IN (${wanted})) AS segmentBytes,
         (SELECT count(*) * 2 * ${rowBytes} FROM series WHERE run IN (${wanted})) AS seriesBytes,
         (SELECT coalesce(sum(length(CAST(value AS BLOB)) + ${rowBytes}), 0) FROM param WHERE run IN (${wanted})) AS paramBytes,
         (SELECT coalesce(sum(length(CAST(value AS BLOB)) + ${rowBytes}), 0) FROM tag WHERE run IN (${wanted})) AS tagBytes,
         (SELECT coalesce(sum(length(command) + length(note) + length(name) + 4 * ${rowBytes}), 0) FROM run WHERE id IN (${wanted})) AS runBytes`,
    )
    .get({ runIds: JSON.stringify(runIds) }) as Record<string, number>;
  const { runCount = 0, pointCount = 0, ...bytes } = numbers;
  return { runCount, pointCount, sizeBytes: Object.values(bytes).reduce((sum, own) => sum + own, 0) };
}

/**
 * Removes runs and everything recorded about them from the store, for good. The objects of their artifacts stay until the
 * objects are swept. Returns what was removed; the space is used again by what is written next.
 */
export function deleteRunsForever(db: Database.Database, runIds: readonly string[]): RunsContent {
  const content = previewDelete(db, runIds);
  db.prepare(`DELETE FROM run WHERE id IN (${wanted})`).run({ runIds: JSON.stringify(runIds) });
  return content;
}
