import type Database from 'better-sqlite3';
import type {
  Delivery,
  DeliveryState,
  ErrorShape,
  OperationKind,
  OperationState,
  SyncConflict,
  SyncOperation,
  SyncReceipt,
} from '../../../contract/index.ts';
import { prepared } from '../../store/index.ts';

/** A delivery as those who carry it out know it. */
export interface DeliveryRow {
  readonly id: number;
  readonly target: number;
  readonly kind: 'run' | 'version';
  readonly localId: string;
  readonly name: string;
  readonly copy: number;
  readonly keepsTheirs: boolean;
  readonly failures: number;
}

export interface OperationRow {
  readonly id: number;
  readonly kind: OperationKind;
  readonly subject: string;
  readonly detail: unknown;
  readonly state: OperationState;
  readonly attempts: number;
  readonly proof: unknown;
  readonly totalBytes: number;
}

/** One step of what is put into the outbox. */
export interface NewOperation {
  readonly kind: OperationKind;
  readonly subject: string;
  readonly detail?: unknown;
  readonly totalBytes: number;
}

/** A condition on deliveries: their target was not removed. */
export const ofTargetsHere = 'target NOT IN (SELECT id FROM sync_target WHERE removed_at IS NOT NULL)';

const json = <T>(text: string | null): T | null => (text === null ? null : (JSON.parse(text) as T));

const rowColumns = 'id, target, kind, local_id AS localId, name, copy, keeps_theirs AS keepsTheirs, failures';

/**
 * Puts a thing into the outbox of a target: anew, or again where it was sent before, with the steps that it takes now. What
 * somebody is just sending stays as it is.
 */
export function enqueue(
  db: Database.Database,
  thing: {
    target: number;
    kind: 'run' | 'version';
    localId: string;
    name: string;
    needs: number | null;
    /** Null where a person put it there: no rule takes that back. */
    rule: number | null;
    at: number;
  },
  operations: readonly NewOperation[],
): number {
  const id = prepared(
    db,
    `INSERT INTO sync_delivery (target, kind, local_id, name, needs, rule, state, created_at, updated_at)
     VALUES (@target, @kind, @localId, @name, @needs, @rule, 'waiting', @at, @at)
     ON CONFLICT DO UPDATE SET name = excluded.name, needs = excluded.needs,
       rule = iif(rule IS NULL AND state NOT IN ('verified', 'cancelled'), NULL, excluded.rule), state = 'waiting', failures = 0, attempt_at = NULL,
       error = NULL, conflict = NULL, updated_at = excluded.updated_at
     RETURNING id`,
  )
    .pluck()
    .get(thing) as number;
  const kept = JSON.stringify(operations.map(({ kind, subject }) => `${kind} ${subject}`));
  prepared(
    db,
    `DELETE FROM sync_operation WHERE delivery = ? AND kind || ' ' || subject NOT IN (SELECT value FROM json_each(?))`,
  ).run(id, kept);
  // In the order in which they are to be done, so new ones never come behind the last step.
  prepared(db, "DELETE FROM sync_operation WHERE delivery = ? AND kind = 'finish'").run(id);
  const insert = prepared(
    db,
    `INSERT INTO sync_operation (delivery, kind, subject, detail, state, total_bytes) VALUES (?, ?, ?, ?, 'waiting', ?)
     ON CONFLICT DO UPDATE SET detail = excluded.detail, state = 'waiting', attempts = 0, error = NULL,
       total_bytes = excluded.total_bytes`,
  );
  for (const { kind, subject, detail = {}, totalBytes } of operations)
    insert.run(id, kind, subject, JSON.stringify(detail), totalBytes);
  countDone(db, id);
  return id;
}

/** Brings the sums of a delivery up to its operations. */
export function countDone(db: Database.Database, delivery: number): void {
  prepared(
    db,
    `UPDATE sync_delivery SET (done, total, done_bytes, total_bytes) = (
       SELECT ifnull(sum(state = 'verified'), 0), count(*), ifnull(sum(iif(state = 'verified', total_bytes, 0)), 0), ifnull(sum(total_bytes), 0)
       FROM sync_operation WHERE delivery = sync_delivery.id) WHERE id = ?`,
  ).run(delivery);
}

/**
 * The first delivery of a target whose turn it is: what it needs is there. A child needs its parent to exist at the target, a
 * model version its run to be there whole.
 */
export function nextDelivery(
  db: Database.Database,
  target: number,
  now: number,
  busy: readonly number[],
): DeliveryRow | undefined {
  const row = prepared(
    db,
    `SELECT ${rowColumns} FROM sync_delivery d
     WHERE state = 'waiting' AND target = ? AND (attempt_at IS NULL OR attempt_at <= ?) AND id NOT IN (SELECT value FROM json_each(?))
       AND (needs IS NULL OR EXISTS (SELECT 1 FROM sync_delivery n WHERE n.id = d.needs AND (n.state = 'verified' OR (d.kind = 'run'
         AND EXISTS (SELECT 1 FROM sync_mapping m WHERE m.target = d.target AND m.kind = 'run' AND m.local_id = n.local_id)))))
     ORDER BY id LIMIT 1`,
  ).get(target, now, JSON.stringify(busy)) as
    | (Omit<DeliveryRow, 'keepsTheirs'> & { keepsTheirs: number })
    | undefined;
  return row === undefined ? undefined : { ...row, keepsTheirs: row.keepsTheirs === 1 };
}

/**
 * When the next delivery of a target wants to be tried that waits for its time; undefined when none does. What waits for
 * another delivery has no time: the end of that one is when it is looked at.
 */
export function nextAttempt(db: Database.Database, target: number, now: number): number | undefined {
  const [at, waiting] = prepared(
    db,
    `SELECT min(attempt_at) FILTER (WHERE attempt_at > @now), min(id) FROM sync_delivery WHERE state = 'waiting' AND target = @target`,
  )
    .raw()
    .get({ now, target }) as [at: number | null, waiting: number | null];
  return at ?? (waiting === null ? undefined : Number.POSITIVE_INFINITY);
}

export function operationsOf(db: Database.Database, delivery: number): OperationRow[] {
  const rows = prepared(
    db,
    `SELECT id, kind, subject, detail, state, attempts, proof, total_bytes AS totalBytes FROM sync_operation
     WHERE delivery = ? ORDER BY id`,
  ).all(delivery) as (Omit<OperationRow, 'detail' | 'proof'> & { detail: string; proof: string | null })[];
  return rows.map((row) => ({ ...row, detail: json(row.detail), proof: json(row.proof) }));
}

export function setOperation(
  db: Database.Database,
  id: number,
  change: { state: OperationState; error?: ErrorShape | null; proof?: unknown; isAttempt?: boolean },
): void {
  prepared(
    db,
    `UPDATE sync_operation SET state = @state, error = @error, proof = coalesce(@proof, proof), attempts = attempts + @attempt
     WHERE id = @id`,
  ).run({
    id,
    state: change.state,
    error: change.error === undefined || change.error === null ? null : JSON.stringify(change.error),
    proof: change.proof === undefined ? null : JSON.stringify(change.proof),
    attempt: Number(change.isAttempt ?? false),
  });
}

/** What became of a delivery that is on its way. One that was cancelled meanwhile stays so. */
export function setDelivery(
  db: Database.Database,
  id: number,
  change: {
    state: DeliveryState;
    at: number;
    attemptAt?: number | null;
    failures?: number;
    error?: ErrorShape | null;
    conflict?: SyncConflict | null;
    receipt?: SyncReceipt;
  },
): void {
  prepared(
    db,
    `UPDATE sync_delivery SET state = @state, updated_at = @at, attempt_at = @attemptAt, failures = @failures, error = @error,
       conflict = @conflict, receipt = coalesce(@receipt, receipt) WHERE id = @id AND state = 'sending'`,
  ).run({
    id,
    state: change.state,
    at: change.at,
    attemptAt: change.attemptAt ?? null,
    failures: change.failures ?? 0,
    error: change.error === undefined || change.error === null ? null : JSON.stringify(change.error),
    conflict:
      change.conflict === undefined || change.conflict === null ? null : JSON.stringify(change.conflict),
    receipt: change.receipt === undefined ? null : JSON.stringify(change.receipt),
  });
}

/** Takes a delivery up. False when it does not wait any more: somebody was faster, and cancelled it. */
export const beginDelivery = (db: Database.Database, id: number, at: number): boolean =>
  prepared(
    db,
    `UPDATE sync_delivery SET state = 'sending', updated_at = ?, attempt_at = NULL, error = NULL, conflict = NULL
     WHERE id = ? AND state = 'waiting'`,
  ).run(at, id).changes === 1;

/** Somebody cancelled it, or removed it, while it was on its way. */
export const isEnded = (db: Database.Database, id: number): boolean =>
  prepared(db, 'SELECT state FROM sync_delivery WHERE id = ?').pluck().get(id) !== 'sending';

export function addSentBytes(db: Database.Database, id: number, bytes: number): void {
  prepared(db, 'UPDATE sync_delivery SET sent_bytes = sent_bytes + ? WHERE id = ?').run(bytes, id);
}

/** What an engine that ended in the middle left: nobody is sending it now. All of it waits for nothing but its turn. */
export function takeUpAll(db: Database.Database): void {
  const sending = prepared(db, "SELECT id FROM sync_delivery WHERE state = 'sending'")
    .pluck()
    .all() as number[];
  takeUpAgain(db, sending);
  prepared(db, "UPDATE sync_delivery SET attempt_at = NULL WHERE state = 'waiting'").run();
  prepared(db, 'UPDATE sync_target SET attempt_at = NULL, failures = 0').run();
}

/** Deliveries of which nobody could write down how far they came: they wait again, with what they had begun. */
export function takeUpAgain(db: Database.Database, ids: readonly number[]): void {
  for (const id of ids) {
    prepared(
      db,
      "UPDATE sync_operation SET state = 'waiting' WHERE delivery = ? AND state IN ('sending', 'sent')",
    ).run(id);
    prepared(
      db,
      "UPDATE sync_delivery SET state = 'waiting', attempt_at = NULL WHERE id = ? AND state = 'sending'",
    ).run(id);
  }
}

interface WholeRow extends Omit<Delivery, 'error' | 'conflict' | 'rule'> {
  error: string | null;
  conflict: string | null;
  rule: string | null;
}

const wholeColumns = `d.id, t.name AS target, d.kind, d.local_id AS localId, d.name, d.state, d.created_at AS createdAt,
  d.updated_at AS updatedAt, d.attempt_at AS nextAttemptAt, d.error, d.conflict, d.done, d.total, d.done_bytes AS doneBytes,
  d.total_bytes AS totalBytes, d.sent_bytes AS sentBytes,
  (SELECT json_object('what', r.what, 'tag', r.tag) FROM sync_rule r WHERE r.id = d.rule) AS rule`;

const wholeOf = (row: WholeRow): Delivery => ({
  ...row,
  error: json(row.error),
  conflict: json(row.conflict),
  rule: json(row.rule),
});

/** A page of deliveries, the latest first. */
export function deliveryPage(
  db: Database.Database,
  input: { target: number | null; state: DeliveryState | null; after: number | null; limit: number },
): { deliveries: Delivery[]; next: number | null } {
  const rows = prepared(
    db,
    `SELECT ${wholeColumns} FROM sync_delivery d JOIN sync_target t ON t.id = d.target
     WHERE t.removed_at IS NULL AND d.id < @after ${input.state === null ? '' : 'AND d.state = @state'} ${input.target === null ? '' : 'AND d.target = @target'}
     ORDER BY d.id DESC LIMIT @limit`,
  ).all({
    after: input.after ?? Number.MAX_SAFE_INTEGER,
    limit: input.limit + 1,
    ...(input.state === null ? {} : { state: input.state }),
    ...(input.target === null ? {} : { target: input.target }),
  }) as WholeRow[];
  const deliveries = rows.slice(0, input.limit).map(wholeOf);
  return { deliveries, next: rows.length > input.limit ? (deliveries.at(-1)?.id ?? null) : null };
}

export function deliveryById(
  db: Database.Database,
  id: number,
): { delivery: Delivery; targetId: number; receipt: SyncReceipt | null } | undefined {
  const row = prepared(
    db,
    `SELECT ${wholeColumns}, d.receipt, d.target AS targetId FROM sync_delivery d JOIN sync_target t ON t.id = d.target WHERE d.id = ?`,
  ).get(id) as (WholeRow & { receipt: string | null; targetId: number }) | undefined;
  if (row === undefined) return undefined;
  const { receipt, targetId, ...rest } = row;
  return { delivery: wholeOf(rest), targetId, receipt: json(receipt) };
}

/** Bytes of an operation's file that are there in parts. */
const partBytes = `min(o.total_bytes, ifnull((SELECT count(p.etag) * u.part_bytes FROM sync_upload u JOIN sync_upload_part p ON p.upload = u.id
  WHERE u.operation = o.id), 0))`;

export function operationPage(
  db: Database.Database,
  { delivery, after, limit }: { delivery: number; after: number; limit: number },
): { operations: SyncOperation[]; next: number | null } {
  const rows = prepared(
    db,
    `SELECT id, kind, subject, state, attempts, error, iif(state = 'verified', total_bytes, ${partBytes}) AS doneBytes, total_bytes AS totalBytes
     FROM sync_operation o WHERE delivery = ? AND id > ? ORDER BY id LIMIT ?`,
  ).all(delivery, after, limit + 1) as (Omit<SyncOperation, 'error'> & { error: string | null })[];
  const operations = rows.slice(0, limit).map((row) => ({ ...row, error: json<ErrorShape>(row.error) }));
  return { operations, next: rows.length > limit ? (operations.at(-1)?.id ?? null) : null };
}

/** How many deliveries are in each state. */
export function deliveryCounts(
  db: Database.Database,
  target: number | null,
): Partial<Record<DeliveryState, number>> {
  const rows = prepared(
    db,
    `SELECT state, count(*) AS count FROM sync_delivery WHERE ${target === null ? ofTargetsHere : 'target = @target'} GROUP BY state`,
  ).all(target === null ? {} : { target }) as { state: DeliveryState; count: number }[];
  return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
}
