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
  readonly trouble: ErrorShape | null;
  readonly failures: number;
  readonly attemptAt: number | null;
  readonly createdAt: number;
}

const columns = `id, name, kind, address, auth, user, ca_path AS caPath, max_bytes_per_second AS maxBytesPerSecond,
  is_paused AS isPaused, trouble, failures, attempt_at AS attemptAt, created_at AS createdAt`;

type Row = Omit<Target, 'isPaused' | 'trouble'> & { isPaused: number; trouble: string | null };

const targetOf = (row: Row): Target => ({
  ...row,
  isPaused: row.isPaused === 1,
  trouble: row.trouble === null ? null : (JSON.parse(row.trouble) as ErrorShape),
});

export function allTargets(db: Database.Database): Target[] {
  return (prepared(db, `SELECT ${columns} FROM sync_target ORDER BY name LIMIT 1000`).all() as Row[]).map(
    targetOf,
  );
}

/** @throws {BenchtopError} `not-found`. */
export function targetNamed(db: Database.Database, name: string): Target {
  const row = prepared(db, `SELECT ${columns} FROM sync_target WHERE name = ?`).get(name) as Row | undefined;
  if (row !== undefined) return targetOf(row);
  throw new BenchtopError({
    code: 'not-found',
    what: `There is no target "${name}".`,
    next: '`benchtop target list` names them; `benchtop target add NAME ADDRESS` adds one.',
  });
}

/** Stores a target, new or changed, and returns it. */
export function saveTarget(
  db: Database.Database,
  target: Omit<Target, 'id' | 'trouble' | 'failures' | 'attemptAt'>,
): Target {
  prepared(
    db,
    `INSERT INTO sync_target (name, kind, address, auth, user, ca_path, max_bytes_per_second, is_paused, created_at)
     VALUES (@name, @kind, @address, @auth, @user, @caPath, @maxBytesPerSecond, @isPaused, @createdAt)
     ON CONFLICT (name) DO UPDATE SET kind = @kind, address = @address, auth = @auth, user = @user, ca_path = @caPath,
       max_bytes_per_second = @maxBytesPerSecond, is_paused = @isPaused, trouble = NULL, failures = 0, attempt_at = NULL`,
  ).run({ ...target, isPaused: Number(target.isPaused) });
  return targetNamed(db, target.name);
}

export function removeTarget(db: Database.Database, id: number): void {
  // Deliveries name each other: first that is undone.
  prepared(db, 'UPDATE sync_delivery SET needs = NULL WHERE target = ?').run(id);
  prepared(db, 'DELETE FROM sync_target WHERE id = ?').run(id);
}

/** Remembers that a target could not be reached, or (null) that it could. `attemptAt` null: not before somebody asks. */
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

/** As the contract has it. */
export function syncTargetOf(
  db: Database.Database,
  target: Target,
  secretIn: SyncTarget['secretIn'],
): SyncTarget {
  const { id, failures: _failures, attemptAt, ...rest } = target;
  return { ...rest, secretIn, counts: deliveryCounts(db, id), nextAttemptAt: attemptAt };
}
