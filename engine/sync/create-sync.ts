import {
  BenchtopError,
  type OutboxProgress,
  type PushPlan,
  type RoomHandlers,
} from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { createTargets } from './create-targets.ts';
import { versionByReference } from '../registry/index.ts';
import { openTarget } from './open-target.ts';
import { cancelDeliveries, resolveConflict, retryDeliveries } from './outbox/change-deliveries.ts';
import {
  deliveryById,
  deliveryCounts,
  deliveryPage,
  ofTargetsHere,
  operationPage,
  takeUpAll,
} from './outbox/delivery-rows.ts';
import { enqueuePlan } from './outbox/enqueue-plan.ts';
import { createProgressFeed } from './outbox/progress-feed.ts';
import { createTidyTargets } from './outbox/tidy-targets.ts';
import { createWorker } from './outbox/worker.ts';
import { planPush, pushPlanOf } from './plan-push.ts';
import type { SyncRecords } from './records.ts';
import { createRules } from './rules/create-rules.ts';
import { createSecrets, type Keychain } from './secrets.ts';
import { createTeam } from './team/create-team.ts';
import { allTargets, forgetRemoved, targetById, targetNamed, type Target } from './targets.ts';

export interface SyncOptions {
  readonly homePath: string;
  readonly store: Store;
  readonly objects: Pick<Objects, 'read' | 'stream' | 'putStream' | 'writeFiles'>;
  readonly records: SyncRecords;
  readonly now: () => number;
  readonly keychain: Keychain | null;
  readonly onUnexpected: (error: unknown, where: string) => void;
  /** The first pause after a failure, and how long a line may be silent, in ms. */
  readonly retryMs?: number;
  readonly idleMs?: number;
  /** Whether the network is metered; null where nobody tells. */
  readonly readMetered: () => Promise<boolean | null>;
}

/** What goes to other places: targets, the outbox, and the proof that it arrived. Nothing leaves that nobody pushed. */
export interface Sync {
  readonly handlers: RoomHandlers<'sync'>;
  /** Goes on with what an earlier engine left in the outbox. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

export function createSync({
  homePath,
  store,
  objects,
  records,
  now,
  keychain,
  onUnexpected,
  retryMs = 1000,
  idleMs = 60_000,
  readMetered,
}: SyncOptions): Sync {
  const secrets = createSecrets(homePath, keychain);
  const feed = createProgressFeed(now);
  const openWith = (target: Target, secret: string | null, onAnswer: () => void = () => undefined) =>
    openTarget({ store, objects, records }, target, { secret, idleMs, onSent: feed.sent, onAnswer });
  const secretOf = (target: Target) => (target.auth === 'none' ? null : secrets.read(target.id));
  const open = async (target: Target, onAnswer?: () => void) =>
    openWith(target, await secretOf(target), onAnswer);
  const tidying = createTidyTargets({ store, open, onUnexpected });
  const worker = createWorker({
    store,
    now,
    async open(target, onAnswer) {
      // Somebody is there again, perhaps.
      void tidying.tidy();
      return open(target, onAnswer);
    },
    retryMs,
    readMetered,
    onChange: feed.changed,
    onUnexpected,
  });
  const team = createTeam({ store, objects, records, now, open, onChange: feed.changed, onUnexpected });
  const stirred = () => {
    feed.changed();
    worker.wake();
  };
  const targets = createTargets({
    store,
    now,
    secrets,
    open: openWith,
    reopen: worker.reopen,
    onChange: stirred,
  });
  const rules = createRules({
    store,
    now,
    changes: records.changes,
    kindOf: (id) => store.now((db) => targetById(db, id)).kind,
    onEnqueued: stirred,
    async onCancelled(target) {
      await worker.reopen(target);
      void tidying.tidy();
      stirred();
    },
    onUnexpected,
  });
  const named = (name: string): Target => store.now((db) => targetNamed(db, name));
  const numberOf = (name: string | undefined): number | null => (name === undefined ? null : named(name).id);

  function deliveryOf(deliveryId: number) {
    const found = store.now((db) => deliveryById(db, deliveryId));
    if (found !== undefined) return found;
    throw new BenchtopError({ code: 'not-found', what: `There is no delivery ${deliveryId}.` });
  }

  /** A folder gets rows of the held-out data beside a version: whoever plans is told. */
  async function sampleNotices({ deliveries }: PushPlan): Promise<string[]> {
    const notices: string[] = [];
    for (const { kind, localId } of deliveries) {
      if (kind !== 'version') continue;
      const sample = await records.sampleOf(store.now((db) => versionByReference(db, localId)));
      if (sample.length > 0)
        notices.push(
          `With ${localId} go rows of the data that it was judged by: ${sample.map(({ path }) => path).join(', ')}.`,
        );
    }
    return notices;
  }

  function progress(target: number | null): OutboxProgress {
    const underway = worker.underway();
    const isMetered = worker.isHeldBack();
    return store.now((db) => {
      const targets = allTargets(db).filter(({ id }) => target === null || id === target);
      const counts = deliveryCounts(db, target);
      const rows = db
        .prepare(
          `SELECT id, done_bytes AS doneBytes, total_bytes AS totalBytes FROM sync_delivery
           WHERE state IN ('waiting', 'sending') AND ${ofTargetsHere} AND (@target IS NULL OR target = @target) LIMIT 100000`,
        )
        .all({ target }) as { id: number; doneBytes: number; totalBytes: number }[];
      const doneBytes = rows.reduce((sum, row) => sum + row.doneBytes + (underway.get(row.id) ?? 0), 0);
      const totalBytes = rows.reduce((sum, row) => sum + row.totalBytes, 0);
      const bytesPerSecond = feed.bytesPerSecond();
      const { waiting = 0, sending = 0, conflict = 0, refused = 0 } = counts;
      return {
        waiting,
        sending,
        conflict,
        refused,
        doneBytes,
        totalBytes,
        bytesPerSecond,
        remainingMs:
          sending > 0 && bytesPerSecond > 0
            ? Math.round(((totalBytes - doneBytes) / bytesPerSecond) * 1000)
            : null,
        isMetered,
        held: targets.flatMap(({ name, isPaused, pausesOnMetered }): OutboxProgress['held'] =>
          isPaused
            ? [{ target: name, because: 'paused' }]
            : isMetered && pausesOnMetered
              ? [{ target: name, because: 'metered' }]
              : [],
        ),
        offline: targets
          .filter(({ trouble }) => trouble !== null)
          .map(({ name, attemptAt }) => ({ target: name, nextAttemptAt: attemptAt })),
      };
    });
  }

  const handlers: RoomHandlers<'sync'> = {
    ...team.handlers,
    ...targets.handlers,
    ...rules.handlers,
    async plan({ target: name, ...input }) {
      const { kind: targetKind } = named(name);
      const plan = pushPlanOf(store.now((db) => planPush(db, targetKind, input)));
      return targetKind === 'folder'
        ? { ...plan, notices: [...plan.notices, ...(await sampleNotices(plan))] }
        : plan;
    },
    async push({ target: name, ...input }) {
      const { id: target, kind: targetKind } = named(name);
      const deliveryIds = await store.write('sync.push', (db) =>
        enqueuePlan(db, planPush(db, targetKind, input).deliveries, { target, rule: null, at: now() }),
      );
      stirred();
      return { deliveryIds };
    },
    outbox: ({ target, state, after, limit }) => {
      const number = numberOf(target);
      return store.now((db) => ({
        ...deliveryPage(db, { target: number, state: state ?? null, after: after ?? null, limit }),
        counts: deliveryCounts(db, number),
      }));
    },
    delivery: ({ deliveryId, after = 0, limit }) => {
      const { delivery, receipt } = deliveryOf(deliveryId);
      return {
        delivery,
        receipt,
        ...store.now((db) => operationPage(db, { delivery: deliveryId, after, limit })),
      };
    },
    async resolve({ deliveryId, wayOut }) {
      const { delivery } = deliveryOf(deliveryId);
      if (delivery.conflict?.waysOut.includes(wayOut) !== true)
        throw new BenchtopError({
          code: 'invalid-input',
          what:
            delivery.conflict === null
              ? `${delivery.name} is in no conflict.`
              : `"${wayOut}" is no way out of this conflict.`,
          next: `Ways out: ${delivery.conflict?.waysOut.join(', ') ?? 'none needed'}.`,
        });
      await store.write('sync.resolve', (db) => resolveConflict(db, deliveryId, wayOut, now()));
      stirred();
      return deliveryOf(deliveryId).delivery;
    },
    async retry({ target, deliveryIds }) {
      const chosen = { target: numberOf(target), deliveryIds };
      const count = await store.write('sync.retry', (db) => retryDeliveries(db, chosen, now()));
      stirred();
      return { count };
    },
    async cancel({ target, deliveryIds }) {
      const chosen = { target: numberOf(target), deliveryIds };
      const ids = await store.write('sync.cancel', (db) => cancelDeliveries(db, chosen, now()));
      const touched = new Set(ids.flatMap((id) => store.now((db) => deliveryById(db, id))?.targetId ?? []));
      for (const id of touched) await worker.reopen(id);
      void tidying.tidy();
      stirred();
      return { count: ids.length };
    },
    async *progress({ target }, { signal }) {
      const number = numberOf(target);
      for await (const cursor of feed.follow(signal)) yield { cursor, event: progress(number) };
    },
  };

  return {
    handlers,
    async resume() {
      team.resume();
      if (store.now((db) => db.prepare('SELECT count(*) FROM sync_target').pluck().get()) === 0) return;
      await store.write('sync.takeUp', (db) => {
        forgetRemoved(db, null);
        takeUpAll(db);
      });
      worker.wake();
      rules.resume();
      void tidying.tidy();
    },
    async close() {
      feed.close();
      await rules.close();
      await Promise.all([worker.close(), team.close(), tidying.close()]);
    },
  };
}
