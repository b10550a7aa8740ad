import type Database from 'better-sqlite3';
import { BenchtopError, type ErrorShape, type SyncTarget, type TargetKind } from '../../contract/index.ts';
import { prepared } from '../store/index.ts';
import { deliveryCounts } from './outbox/delivery-rows.ts';

/** A target as the rest of the room knows it. */
export interface Target {
  readonly id: number;
  readonly name: string;
  readonly kind: TargetKind;
  readonly address: string;
  readonly auth: SyncTarget['auth'];
  readonly user: string | null;
  readonly caPath: string | null;
  readonly maxBytesPerSecond: number | null;
  readonly isPaused: boolean;
  readonly pausesOnMetered: boolean;
  readonly trouble: ErrorShape | null;
  readonly failures: number;
  readonly attemptAt: number | null;
  readonly createdAt: number;
}

const columns = `id, name, kind, address, auth, user, ca_path AS caPath, max_bytes_per_second AS maxBytesPerSecond,
  is_paused AS isPaused, pauses_on_metered AS pausesOnMetered, trouble, failures, attempt_at AS attemptAt, created_at AS createdAt`;

type Row = Omit<Target, 'isPaused' | 'pausesOnMetered' | 'trouble'> & {
  isPaused: number;
  pausesOnMetered: number;
  trouble: string | null;
};

const targetOf = (row: Row): Target => ({
  ...row,
  isPaused: row.isPaused === 1,
  pausesOnMetered: row.pausesOnMetered === 1,
  trouble: row.trouble === null ? null : (JSON.parse(row.trouble) as ErrorShape),
});

export function allTargets(db: Database.Database): Target[] {
  return (
    prepared(
      db,
      `SELECT ${columns} FROM sync_target WHERE removed_at IS NULL ORDER BY name LIMIT 1000`,
    ).all() as Row[]
  ).map(targetOf);
}

/** @throws {BenchtopError} `not-found`. */
export function targetNamed(db: Database.Database, name: string): Target {
  const row = prepared(db, `SELECT ${columns} FROM sync_target WHERE name = ? AND removed_at IS NULL`).get(
    name,
  ) as Row | undefined;
  if (row !== undefined) return targetOf(row);
  throw new BenchtopError({
    code: 'not-found',
    what: `There is no target "${name}".`,
    next: '`benchtop target list` names them; `benchtop target add NAME ADDRESS` adds one.',
  });
}

/** @throws {BenchtopError} `not-found`. */
export function targetById(db: Database.Database, id: number): Target {
  const found = allTargets(db).find((target) => target.id === id);
  if (found !== undefined) return found;
  throw new BenchtopError({ code: 'not-found', what: 'The target was removed.' });
}

/** Stores a target, new or changed, and returns it. */
export function saveTarget(
  db: Database.Database,
  target: Omit<Target, 'id' | 'trouble' | 'failures' | 'attemptAt'>,
): Target {
  prepared(
    db,
    `INSERT INTO sync_target (name, kind, address, auth, user, ca_path, max_bytes_per_second, is_paused, pauses_on_metered, created_at)
     VALUES (@name, @kind, @address, @auth, @user, @caPath, @maxBytesPerSecond, @isPaused, @pausesOnMetered, @createdAt)
     ON CONFLICT (name) DO UPDATE SET kind = @kind, address = @address, auth = @auth, user = @user, ca_path = @caPath,
       max_bytes_per_second = @maxBytesPerSecond, is_paused = @isPaused, pauses_on_metered = @pausesOnMetered, trouble = NULL, failures = 0, attempt_at = NULL`,
  ).run({ ...target, isPaused: Number(target.isPaused), pausesOnMetered: Number(target.pausesOnMetered) });
  return targetNamed(db, target.name);
}

/** Takes a target out of sight, with its outbox. */
export function removeTarget(db: Database.Database, id: number, at: number): void {
  prepared(db, 'UPDATE sync_target SET removed_at = ? WHERE id = ?').run(at, id);
}

/** Brings back the target that was removed under a name. @throws {BenchtopError} `not-found`. */
export function restoreTarget(db: Database.Database, name: string): Target {
  const back = prepared(
    db,
    'UPDATE sync_target SET removed_at = NULL, attempt_at = NULL WHERE name = ? AND removed_at IS NOT NULL',
  ).run(name);
  if (back.changes === 1) return targetNamed(db, name);
  throw new BenchtopError({ code: 'not-found', what: `There is no removed target "${name}".` });
}

/** Forgets what was removed for good: of a name that is taken anew, or all of it. */
export function forgetRemoved(db: Database.Database, name: string | null): void {
  const ids = prepared(
    db,
    'SELECT id FROM sync_target WHERE removed_at IS NOT NULL AND (@name IS NULL OR name = @name)',
  )
    .pluck()
    .all({ name }) as number[];
  for (const id of ids) {
    // Deliveries name each other: first that is undone.
    prepared(db, 'UPDATE sync_delivery SET needs = NULL WHERE target = ?').run(id);
    prepared(db, 'DELETE FROM sync_target WHERE id = ?').run(id);
  }
}

/** Remembers that a target could not be reached, or (null) that it can. `attemptAt` null: not before somebody asks. */
export function setTrouble(
  db: Database.Database,
  id: number,
  trouble: { error: ErrorShape; attemptAt: number | null; failures: number } | null,
): void {
  prepared(db, 'UPDATE sync_target SET trouble = ?, failures = ?, attempt_at = ? WHERE id = ?').run(
    trouble === null ? null : JSON.stringify(trouble.error),
    trouble?.failures ?? 0,
    trouble?.attemptAt ?? null,
    id,
  );
}

/** How often in a row the line to a target failed, with nothing through in between. */
export const lineFailures = (db: Database.Database, id: number): number =>
  (prepared(db, 'SELECT failures FROM sync_target WHERE id = ?').pluck().get(id) as number | undefined) ?? 0;

/** The line failed, and that is no reason for all to wait: the target is there. */
export function countLineFailure(db: Database.Database, id: number, failures: number): void {
  prepared(db, 'UPDATE sync_target SET trouble = NULL, failures = ?, attempt_at = NULL WHERE id = ?').run(
    failures,
    id,
  );
}

/** Something came through. Returns whether the target was away before: what waited for it has its turn now. */
export function lineIsBack(db: Database.Database, id: number): boolean {
  const known = prepared(
    db,
    'SELECT failures, trouble IS NOT NULL AS isAway FROM sync_target WHERE id = ? AND (failures > 0 OR trouble IS NOT NULL)',
  ).get(id) as { isAway: number } | undefined;
  if (known === undefined) return false;
  setTrouble(db, id, null);
  if (known.isAway === 0) return false;
  prepared(db, "UPDATE sync_delivery SET attempt_at = NULL WHERE target = ? AND state = 'waiting'").run(id);
  return true;
}

/** As the contract has it. */
export function syncTargetOf(
  db: Database.Database,
  target: Target,
  secretIn: SyncTarget['secretIn'],
): SyncTarget {
  const { id, failures: _failures, attemptAt, ...rest } = target;
  return { ...rest, secretIn, counts: deliveryCounts(db, id), nextAttemptAt: attemptAt };
}
