import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';

/** A file that a run left, by content. */
export interface RunArtifact {
  readonly path: string;
  readonly objectId: string;
  readonly sizeBytes: number;
}

/** All files of a run that are kept by content, by path. */
export function runArtifacts(db: Database.Database, runId: string): RunArtifact[] {
  return prepared(
    db,
    `SELECT a.path, a.object_id AS objectId, a.size_bytes AS sizeBytes
     FROM artifact a JOIN run r ON r.id = a.run WHERE r.run_id = ? ORDER BY a.path`,
  ).all(runId) as RunArtifact[];
}
