import type Database from 'better-sqlite3';
import type { LeftOutFile } from '../../contract/index.ts';
import { numberOfText, type Migration } from '../store/index.ts';

/** The files that a run left out were rows of its own; most runs leave out what the run before them did. */
export const leftOutLists: Migration = {
  number: 40,
  name: 'source: files left out, each list once',
  sql: `
    CREATE TABLE left_out_list (
      id INTEGER PRIMARY KEY,
      sha256 TEXT NOT NULL UNIQUE,      -- of the text
      text TEXT NOT NULL                -- JSON: the contract's LeftOutFile, by path
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
    for (const runId of runIds) refer.run(numberOfList(db, filesOf.all(runId) as LeftOutFile[]), runId);
    db.exec('DROP TABLE snapshot_left_out');
  },
};

/** The number of a list, which is kept where it is new; null for one that is empty. */
export function numberOfList(db: Database.Database, leftOut: readonly LeftOutFile[]): number | null {
  if (leftOut.length === 0) return null;
  const files = leftOut
    .map(({ path, reason, why, sizeBytes, objectId }) => ({ path, reason, why, sizeBytes, objectId }))
    .toSorted((one, other) => (one.path < other.path ? -1 : 1));
  return numberOfText(db, 'left_out_list', JSON.stringify(files));
}
