import type Database from 'better-sqlite3';

/** A row costs about this much beside its bytes: keys, header and its place in the page. */
const rowBytes = 30;

/** Bytes that the metric points of runs take in the store, by the runs' numbers. Deleting a run frees them with it. */
export function pointBytesOfRuns(db: Database.Database, runs: readonly number[]): number {
  return db
    .prepare(
      `SELECT coalesce(sum(length(g.body) + coalesce(length(g.marks), 0) + ${rowBytes}), 0)
         FROM series s JOIN segment g ON g.series = s.id WHERE s.run IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .get(JSON.stringify(runs)) as number;
}
