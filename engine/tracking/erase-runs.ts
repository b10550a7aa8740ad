import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';
import { pointBytesOfRuns } from './points/bytes-of-runs.ts';

/** Tables of this room that refer to stored files by their id. */
export const objectReferences = [
  'SELECT object_id FROM artifact',
  'SELECT object_id FROM proxied_file',
] as const;

export interface BinnedRun {
  readonly id: number;
  readonly runId: string;
}

/** Runs of the bin that went into it before a moment, or those of some ids; at most 1000, the oldest first. */
export function binnedRuns(
  db: Database.Database,
  choice: { runIds: readonly string[] } | { deletedBefore: number },
): BinnedRun[] {
  return 'runIds' in choice
    ? (prepared(
        db,
        `SELECT id, run_id AS runId FROM run WHERE deleted_at IS NOT NULL AND run_id IN (SELECT value FROM json_each(?)) LIMIT 1000`,
      ).all(JSON.stringify(choice.runIds)) as BinnedRun[])
    : (prepared(
        db,
        'SELECT id, run_id AS runId FROM run WHERE deleted_at <= ? ORDER BY deleted_at LIMIT 1000',
      ).all(choice.deletedBefore) as BinnedRun[]);
}

/** The bytes of the runs' metric points, and of the files that only they hold. */
export function bytesOfRuns(
  db: Database.Database,
  runs: readonly BinnedRun[],
): { pointBytes: number; objectIds: string[] } {
  const ids = JSON.stringify(runs.map(({ id }) => id));
  const objectIds = prepared(
    db,
    `SELECT DISTINCT object_id FROM artifact WHERE run IN (SELECT value FROM json_each(?))
     EXCEPT SELECT object_id FROM artifact WHERE run NOT IN (SELECT value FROM json_each(?))
     EXCEPT SELECT object_id FROM proxied_file`,
  )
    .pluck()
    .all(ids, ids) as string[];
  return {
    pointBytes: pointBytesOfRuns(
      db,
      runs.map(({ id }) => id),
    ),
    objectIds,
  };
}

/** Erases runs with everything recorded of them. Runs outside the bin are left alone. Returns how many went. */
export function eraseRuns(db: Database.Database, runs: readonly BinnedRun[]): number {
  const erase = prepared(db, 'DELETE FROM run WHERE id = ? AND deleted_at IS NOT NULL');
  const isBinned = prepared(db, 'SELECT 1 FROM run WHERE id = ? AND deleted_at IS NOT NULL').pluck();
  let erased = 0;
  for (const { id } of runs) {
    if (isBinned.get(id) === undefined) continue;
    erased += erase.run(id).changes;
  }
  return erased;
}
