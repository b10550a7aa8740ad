import type Database from 'better-sqlite3';
import { hash } from 'node:crypto';
import type { LeftOutFile } from '../../contract/index.ts';
import { prepared, type Migration } from '../store/index.ts';

/** The files that a run left out were rows of its own; most runs leave out what the run before them did. */
export const leftOutLists: Migration = {
  number: 40,
  name: 'source: files left out, each list once',
  sql: `
    CREATE TABLE left_out_list (
      id INTEGER PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE,      -- of files
      files TEXT NOT NULL               -- JSON: the contract's LeftOutFile, by path
    ) STRICT;
    ALTER TABLE snapshot ADD COLUMN left_out INTEGER REFERENCES left_out_list (id); -- NULL: nothing
    CREATE INDEX snapshot_by_left_out ON snapshot (left_out) WHERE left_out IS NOT NULL;
    CREATE TRIGGER left_out_list_unused AFTER DELETE ON snapshot WHEN OLD.left_out IS NOT NULL BEGIN
      DELETE FROM left_out_list
        WHERE id = OLD.left_out AND NOT EXISTS (SELECT 1 FROM snapshot WHERE left_out = OLD.left_out);
    END;
  `,
  run(db) {
    const runIds = db.prepare('SELECT DISTINCT run_id FROM snapshot_left_out').pluck().all() as string[];
    const filesOf = db.prepare(
      `SELECT path, reason, why, size_bytes AS sizeBytes, object_id AS objectId FROM snapshot_left_out
       WHERE run_id = ? ORDER BY path`,
    );
    const refer = db.prepare('UPDATE snapshot SET left_out = ? WHERE run_id = ?');
    for (const runId of runIds) refer.run(keepList(db, filesOf.all(runId) as LeftOutFile[]), runId);
    db.exec('DROP TABLE snapshot_left_out');
  },
};

/** Keeps a list, unless it is there. @returns its number; null for one that is empty. */
export function keepList(db: Database.Database, leftOut: readonly LeftOutFile[]): number | bigint | null {
  if (leftOut.length === 0) return null;
  const files = JSON.stringify(
    leftOut
      .map(({ path, reason, why, sizeBytes, objectId }) => ({ path, reason, why, sizeBytes, objectId }))
      .toSorted((one, other) => (one.path < other.path ? -1 : 1)),
  );
  const sha256 = hash('sha256', files);
  const known = prepared(db, 'SELECT id FROM left_out_list WHERE sha256 = ?').pluck().get(sha256) as
    | number
    | undefined;
  return (
    known ??
    prepared(db, 'INSERT INTO left_out_list (sha256, files) VALUES (?, ?)').run(sha256, files).lastInsertRowid
  );
}
