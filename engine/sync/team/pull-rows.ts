import type Database from 'better-sqlite3';
import { BenchtopError, type ErrorShape, type Pull, type PullOrigin } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';

const columns = `id, target, name, version, alias, state, file_count AS fileCount, done_bytes AS doneBytes,
  total_bytes AS totalBytes, verified_by AS verifiedBy, error, origin, destination, register_as AS registerAs, registered_as AS registeredAs,
  created_at AS createdAt, updated_at AS updatedAt`;

type Row = Omit<Pull, 'error' | 'origin'> & { error: string | null; origin: string };

const pullOf = (row: Row): Pull => ({
  ...row,
  error: row.error === null ? null : (JSON.parse(row.error) as ErrorShape),
  origin: JSON.parse(row.origin) as PullOrigin,
});

/** @throws {BenchtopError} `not-found`. */
export function pullById(db: Database.Database, id: number): Pull {
  const row = prepared(db, `SELECT ${columns} FROM sync_pull WHERE id = ? AND removed_at IS NULL`).get(id) as
    | Row
    | undefined;
  if (row !== undefined) return pullOf(row);
  throw new BenchtopError({ code: 'not-found', what: `There is no fetch ${id}.` });
}

export const latestPulls = (db: Database.Database, limit: number): Pull[] =>
  (
    prepared(
      db,
      `SELECT ${columns} FROM sync_pull WHERE removed_at IS NULL ORDER BY updated_at DESC, id DESC LIMIT ?`,
    ).all(limit) as Row[]
  ).map(pullOf);

/** Begins a fetch, or takes up an earlier one of the same version. Returns its number. */
export function beginPull(
  db: Database.Database,
  {
    target,
    alias,
    origin,
    destination,
    registerAs,
    at,
  }: {
    target: string;
    alias: string | null;
    origin: PullOrigin;
    destination: string | null;
    registerAs: string | null;
    at: number;
  },
): number {
  return prepared(
    db,
    `INSERT INTO sync_pull (target, name, version, alias, state, origin, destination, register_as, created_at, updated_at)
     VALUES (@target, @name, @version, @alias, 'pulling', @origin, @destination, @registerAs, @at, @at)
     ON CONFLICT DO UPDATE SET alias = excluded.alias, state = 'pulling', origin = excluded.origin, error = NULL,
       verified_by = NULL, removed_at = NULL, registered_as = iif(removed_at IS NULL, registered_as, NULL), destination = excluded.destination,
       register_as = excluded.register_as, updated_at = excluded.updated_at
     RETURNING id`,
  )
    .pluck()
    .get({
      target,
      name: origin.name,
      version: origin.version,
      alias,
      origin: JSON.stringify(origin),
      destination,
      registerAs,
      at,
    }) as number;
}

export function setPull(
  db: Database.Database,
  id: number,
  change: Partial<
    Pick<Pull, 'state' | 'fileCount' | 'doneBytes' | 'totalBytes' | 'verifiedBy' | 'error' | 'registeredAs'>
  >,
  at: number,
): void {
  const { error, ...rest } = change;
  prepared(
    db,
    `UPDATE sync_pull SET state = coalesce(@state, state), file_count = coalesce(@fileCount, file_count),
       done_bytes = coalesce(@doneBytes, done_bytes), total_bytes = coalesce(@totalBytes, total_bytes),
       verified_by = coalesce(@verifiedBy, verified_by), error = coalesce(@error, error),
       registered_as = coalesce(@registeredAs, registered_as), updated_at = @at WHERE id = @id`,
  ).run({
    state: null,
    fileCount: null,
    doneBytes: null,
    totalBytes: null,
    verifiedBy: null,
    registeredAs: null,
    ...rest,
    error: error === undefined || error === null ? null : JSON.stringify(error),
    id,
    at,
  });
}

/** Takes a fetch out of sight, or (null) back into it. */
export function markRemoved(db: Database.Database, id: number, at: number | null): void {
  prepared(db, 'UPDATE sync_pull SET removed_at = ? WHERE id = ?').run(at, id);
}

/** What an engine that ended in the middle left. */
export const unfinishedPulls = (db: Database.Database): Pull[] =>
  (
    prepared(
      db,
      `SELECT ${columns} FROM sync_pull WHERE state = 'pulling' AND removed_at IS NULL ORDER BY id LIMIT 1000`,
    ).all() as Row[]
  ).map(pullOf);
