import type Database from 'better-sqlite3';
import { filesBelow, fileAt, proxiedPath, type FileBelow } from '../tracking/index.ts';

/**
 * Files that versions point to in some runs, by their paths below the proxy: they have to stay when the runs are erased.
 */
export function registeredFiles(db: Database.Database, runIds: readonly string[]): FileBelow[] {
  const locations = db
    .prepare(
      `SELECT DISTINCT storage_location FROM model_version
       WHERE run_id IN (SELECT value FROM json_each(?)) AND run_id != '' AND NOT is_deleted`,
    )
    .pluck()
    .all(JSON.stringify(runIds)) as string[];
  return locations.flatMap((location) => {
    const path = proxiedPath(location);
    if (path === null) return [];
    const single = fileAt(db, path);
    return single === undefined
      ? filesBelow(db, path).map((file) => ({ ...file, path: `${path}/${file.path}` }))
      : [{ ...single, path }];
  });
}
