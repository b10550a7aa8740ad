import type Database from 'better-sqlite3';
import { leftOutFile, type Snapshot } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { numberOfList } from './left-out-lists.ts';

/** Tables of this room that refer to stored files by their id. */
export const objectReferences = [
  "SELECT value ->> 'objectId' FROM left_out_list, json_each(text) WHERE value ->> 'objectId' IS NOT NULL",
] as const;

/** Files that are listed one by one; of the others only their number is kept. */
export const maxListed = 1000;

interface SnapshotRow {
  run_id: string;
  repository: Snapshot['repository'];
  repository_path: string;
  ref: string;
  root_path: string;
  commit_id: string | null;
  tree_id: string | null;
  parent_id: string | null;
  began_at: number;
  took_ms: number | null;
  more_left_out: number;
  changed_meanwhile: string;
  problem: string | null;
  files: string | null;
}

export function snapshotOf(db: Database.Database, runId: string): Snapshot | null {
  const row = prepared(
    db,
    'SELECT s.*, l.text AS files FROM snapshot s LEFT JOIN left_out_list l ON l.id = s.left_out WHERE s.run_id = ?',
  ).get(runId) as SnapshotRow | undefined;
  if (row === undefined) return null;
  return {
    runId,
    commitId: row.commit_id,
    treeId: row.tree_id,
    parentId: row.parent_id,
    repository: row.repository,
    repositoryPath: row.repository_path,
    ref: row.ref,
    rootPath: row.root_path,
    beganAt: row.began_at,
    tookMs: row.took_ms,
    leftOut: leftOutFile.array().parse(JSON.parse(row.files ?? '[]')),
    moreLeftOut: row.more_left_out,
    changedMeanwhile: JSON.parse(row.changed_meanwhile) as string[],
    problem: row.problem,
  };
}

/** Keeps what is known of a snapshot, in place of what was known before. */
export function keepSnapshot(db: Database.Database, snapshot: Snapshot): void {
  prepared(
    db,
    `INSERT INTO snapshot (run_id, repository, repository_path, ref, root_path, commit_id, tree_id, parent_id, began_at, took_ms,
       left_out, more_left_out, changed_meanwhile, problem) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id) DO UPDATE SET repository = excluded.repository, repository_path = excluded.repository_path,
       root_path = excluded.root_path, commit_id = excluded.commit_id, tree_id = excluded.tree_id, parent_id = excluded.parent_id,
       took_ms = excluded.took_ms, left_out = excluded.left_out, more_left_out = excluded.more_left_out,
       changed_meanwhile = excluded.changed_meanwhile, problem = excluded.problem`,
  ).run(
    snapshot.runId,
    snapshot.repository,
    snapshot.repositoryPath,
    snapshot.ref,
    snapshot.rootPath,
    snapshot.commitId,
    snapshot.treeId,
    snapshot.parentId,
    snapshot.beganAt,
    snapshot.tookMs,
    numberOfList(db, snapshot.leftOut),
    snapshot.moreLeftOut,
    JSON.stringify(snapshot.changedMeanwhile),
    snapshot.problem,
  );
}

/** Snapshots that an engine before this one began and did not finish: what lies there now is not what the run ran. */
export function closeUnfinished(db: Database.Database): void {
  db.prepare(
    "UPDATE snapshot SET problem = 'Benchtop ended while it was taken.' WHERE commit_id IS NULL AND problem IS NULL",
  ).run();
}

export interface ErasedSnapshot {
  readonly repositoryPath: string;
  readonly ref: string;
}

/** Snapshots that were erased and whose refs may still be there. */
export const erasedSnapshots = (db: Database.Database): ErasedSnapshot[] =>
  db
    .prepare('SELECT repository_path AS repositoryPath, ref FROM erased_snapshot LIMIT 10000')
    .all() as ErasedSnapshot[];

export function forgetErased(db: Database.Database, refs: readonly ErasedSnapshot[]): void {
  const remove = db.prepare('DELETE FROM erased_snapshot WHERE repository_path = ? AND ref = ?');
  for (const { repositoryPath, ref } of refs) remove.run(repositoryPath, ref);
}

export const isRepositoryUsed = (db: Database.Database, repositoryPath: string): boolean =>
  db.prepare('SELECT 1 FROM snapshot WHERE repository_path = ? LIMIT 1').get(repositoryPath) !== undefined;
