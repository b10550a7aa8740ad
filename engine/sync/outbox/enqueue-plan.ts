import type Database from 'better-sqlite3';
import type { PlannedDelivery } from '../plan-push.ts';
import { enqueue } from './delivery-rows.ts';

/** Puts all of a plan into the outbox of a target, each behind what it needs. Returns the numbers of the deliveries. */
export function enqueuePlan(
  db: Database.Database,
  deliveries: readonly PlannedDelivery[],
  { target, rule, at }: { target: number; rule: number | null; at: number },
): number[] {
  const ids = new Map<string, number>();
  for (const { kind, localId, name, needs, operations } of deliveries) {
    const first = needs === null ? null : (ids.get(`run ${needs}`) ?? null);
    ids.set(
      `${kind} ${localId}`,
      enqueue(db, { target, kind, localId, name, needs: first, rule, at }, operations),
    );
  }
  return [...ids.values()];
}
