import type Database from 'better-sqlite3';
import type { WayOut } from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';
import { countDone, ofTargetsHere } from './delivery-rows.ts';

interface Chosen {
  readonly target: number | null;
  readonly deliveryIds: readonly number[] | undefined;
}

function chosenIds(db: Database.Database, { target, deliveryIds }: Chosen, states: string): number[] {
  return prepared(
    db,
    `SELECT id FROM sync_delivery WHERE state IN (${states}) AND ${ofTargetsHere} AND (@target IS NULL OR target = @target)
       AND (@ids IS NULL OR id IN (SELECT value FROM json_each(@ids)))`,
  )
    .pluck()
    .all({ target, ids: deliveryIds === undefined ? null : JSON.stringify(deliveryIds) }) as number[];
}

/** Puts what waits, was refused or cancelled to the front of time. Returns how many. */
export function retryDeliveries(db: Database.Database, chosen: Chosen, at: number): number {
  const ids = chosenIds(db, chosen, "'waiting', 'refused', 'cancelled'");
  for (const id of ids) {
    prepared(
      db,
      "UPDATE sync_delivery SET state = 'waiting', attempt_at = NULL, failures = 0, error = NULL, updated_at = ? WHERE id = ?",
    ).run(at, id);
    prepared(
      db,
      "UPDATE sync_operation SET state = 'waiting', attempts = 0, error = NULL WHERE delivery = ? AND state != 'verified'",
    ).run(id);
  }
  prepared(
    db,
    'UPDATE sync_target SET attempt_at = NULL, failures = 0 WHERE @target IS NULL OR id = @target',
  ).run({ target: chosen.target });
  return ids.length;
}

/** Ends what is not at its target yet. Returns the ids. */
export function cancelDeliveries(db: Database.Database, chosen: Chosen, at: number): number[] {
  const ids = chosenIds(db, chosen, "'waiting', 'sending', 'conflict', 'refused'");
  for (const id of ids) endDelivery(db, id, at);
  return ids;
}

function endDelivery(db: Database.Database, id: number, at: number): void {
  prepared(
    db,
    "UPDATE sync_delivery SET state = 'cancelled', attempt_at = NULL, conflict = NULL, updated_at = ? WHERE id = ?",
  ).run(at, id);
  prepared(
    db,
    "UPDATE sync_operation SET state = 'cancelled' WHERE delivery = ? AND state != 'verified'",
  ).run(id);
}

/** Takes one way out of a delivery's conflict. */
export function resolveConflict(db: Database.Database, id: number, wayOut: WayOut, at: number): void {
  if (wayOut === 'skip') {
    endDelivery(db, id, at);
    return;
  }
  const again =
    "UPDATE sync_delivery SET state = 'waiting', conflict = NULL, error = NULL, attempt_at = NULL, updated_at = @at";
  if (wayOut === 'both') {
    forgetRemote(db, id);
    prepared(db, `${again}, copy = copy + 1 WHERE id = @id`).run({ id, at });
    return;
  }
  prepared(db, `${again}, keeps_theirs = @keeps WHERE id = @id`).run({
    id,
    at,
    keeps: Number(wayOut === 'theirs'),
  });
  if (wayOut === 'ours')
    prepared(
      db,
      `UPDATE sync_operation SET detail = json_set(detail, '$.isForced', json('true')) WHERE delivery = ? AND state = 'conflict'`,
    ).run(id);
  prepared(
    db,
    "UPDATE sync_operation SET state = 'waiting', error = NULL WHERE delivery = ? AND state = 'conflict'",
  ).run(id);
}

/** Begins a delivery from nothing: what it was called at the target is forgotten. */
export function forgetRemote(db: Database.Database, id: number): void {
  prepared(
    db,
    `DELETE FROM sync_mapping WHERE (target, kind, local_id) IN (SELECT target, kind, local_id FROM sync_delivery WHERE id = ?)
       OR (target, kind, local_id) IN (SELECT d.target, o.kind, o.subject FROM sync_operation o JOIN sync_delivery d ON d.id = o.delivery
         WHERE o.delivery = ? AND o.kind = 'model')`,
  ).run(id, id);
  prepared(db, 'DELETE FROM sync_series WHERE delivery = ?').run(id);
  prepared(
    db,
    "UPDATE sync_operation SET state = 'waiting', error = NULL, proof = NULL WHERE delivery = ?",
  ).run(id);
  countDone(db, id);
}
