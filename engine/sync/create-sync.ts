import {
  BenchtopError,
  type OutboxProgress,
  type PushPlan,
  type RoomHandlers,
  type SyncTarget,
} from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { checkedAddress } from './checked-address.ts';
import { markFolder } from './folder/places.ts';
import { versionByReference } from '../registry/index.ts';
import { openTarget } from './open-target.ts';
import { cancelDeliveries, resolveConflict, retryDeliveries } from './outbox/change-deliveries.ts';
import {
  deliveryById,
  deliveryCounts,
  deliveryPage,
  enqueue,
  operationPage,
  takeUpAll,
} from './outbox/delivery-rows.ts';
import { createProgressFeed } from './outbox/progress-feed.ts';
import { createWorker } from './outbox/worker.ts';
import { planPush, pushPlanOf } from './plan-push.ts';
import type { SyncRecords } from './records.ts';
import { createSecrets, type Keychain } from './secrets.ts';
import { createTeam } from './team/create-team.ts';
import { allTargets, removeTarget, saveTarget, syncTargetOf, targetNamed, type Target } from './targets.ts';

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
}: SyncOptions): Sync {
  const secrets = createSecrets(homePath, keychain);
  const feed = createProgressFeed(now);
  const open = async (target: Target, onAnswer: () => void = () => undefined) =>
    openTarget({ store, objects, records }, target, {
      secret: target.auth === 'none' ? null : await secrets.read(target.id),
      idleMs,
      onSent: feed.sent,
      onAnswer,
    });
  const worker = createWorker({ store, now, open, retryMs, onChange: feed.changed, onUnexpected });
  const team = createTeam({ store, objects, records, now, open, onChange: feed.changed, onUnexpected });
  const shown = (target: Target): SyncTarget =>
    store.now((db) => syncTargetOf(db, target, secrets.whereIs(target.id)));
  const named = (name: string): Target => store.now((db) => targetNamed(db, name));
  const numberOf = (name: string | undefined): number | null => (name === undefined ? null : named(name).id);

  function deliveryOf(deliveryId: number) {
    const found = store.now((db) => deliveryById(db, deliveryId));
    if (found !== undefined) return found;
    throw new BenchtopError({ code: 'not-found', what: `There is no delivery ${deliveryId}.` });
  }

  async function save(
    before: Target | null,
    target: Omit<Target, 'id' | 'trouble' | 'failures' | 'attemptAt'>,
    secret: string | undefined,
  ): Promise<SyncTarget> {
    if (target.auth === 'basic' && (target.user ?? '') === '')
      throw new BenchtopError({
        code: 'invalid-input',
        what: 'A password needs a user.',
        next: 'Give --user.',
      });
    if (target.auth !== 'none' && secret === undefined && (before === null || before.auth === 'none'))
      throw new BenchtopError({
        code: 'invalid-input',
        what: `${target.auth === 'token' ? 'The token' : 'The password'} is missing.`,
        next: 'Give it with --secret-env NAME or --secret-stdin.',
      });
    const saved = await store.write('sync.saveTarget', (db) => saveTarget(db, target));
    if (target.auth === 'none') await secrets.write(saved.id, null);
    else if (secret !== undefined) await secrets.write(saved.id, secret);
    await worker.reopen(saved.id);
    feed.changed();
    worker.wake();
    return shown(saved);
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
    return store.now((db) => {
      const counts = deliveryCounts(db, target);
      const rows = db
        .prepare(
          `SELECT id, done_bytes AS doneBytes, total_bytes AS totalBytes FROM sync_delivery
           WHERE state IN ('waiting', 'sending') AND (@target IS NULL OR target = @target) LIMIT 100000`,
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
        offline: allTargets(db)
          .filter((each) => each.trouble !== null && (target === null || each.id === target))
          .map((each) => ({ target: each.name, nextAttemptAt: each.attemptAt })),
      };
    });
  }

  const handlers: RoomHandlers<'sync'> = {
    ...team.handlers,
    targets: () => store.now(allTargets).map(shown),
    async addTarget({ name, kind, address, secret, ...settings }) {
      if (store.now(allTargets).some((target) => target.name === name))
        throw new BenchtopError({
          code: 'already-exists',
          what: `There is a target "${name}" already.`,
          next: 'Choose another name, or `benchtop target change`.',
        });
      const checked = checkedAddress(kind, address);
      if (kind !== 'mlflow' && settings.auth !== undefined && settings.auth !== 'none')
        throw new BenchtopError({
          code: 'invalid-input',
          what: `A ${kind} target takes no secret from here.`,
          next:
            kind === 'git' ? 'Git uses its own credentials.' : 'The system’s own rights of the folder count.',
        });
      if (kind === 'folder') await markFolder(checked);
      return save(
        null,
        {
          name,
          kind,
          address: checked,
          auth: settings.auth ?? 'none',
          user: settings.user ?? null,
          caPath: settings.caPath ?? null,
          maxBytesPerSecond: settings.maxBytesPerSecond ?? null,
          isPaused: settings.isPaused ?? false,
          createdAt: now(),
        },
        secret,
      );
    },
    async changeTarget({ target: name, change: { secret, ...change } }) {
      const target = named(name);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      return save(target, { ...target, ...given }, secret);
    },
    async removeTarget({ target: name }) {
      const { id } = named(name);
      await store.write('sync.cancel', (db) =>
        cancelDeliveries(db, { target: id, deliveryIds: undefined }, now()),
      );
      await worker.reopen(id);
      await secrets.write(id, null);
      await store.write('sync.removeTarget', (db) => removeTarget(db, id));
      feed.changed();
      return {};
    },
    async testTarget({ target: name }) {
      const carrier = await open(named(name));
      try {
        return await carrier.probe();
      } finally {
        carrier.close();
      }
    },
    async plan({ target: name, ...input }) {
      const { kind: targetKind } = named(name);
      const plan = pushPlanOf(store.now((db) => planPush(db, targetKind, input)));
      return targetKind === 'folder'
        ? { ...plan, notices: [...plan.notices, ...(await sampleNotices(plan))] }
        : plan;
    },
    async push({ target: name, ...input }) {
      const { id: target, kind: targetKind } = named(name);
      const deliveryIds = await store.write('sync.push', (db) => {
        const ids = new Map<string, number>();
        for (const { kind, localId, name: title, needs, operations } of planPush(db, targetKind, input)
          .deliveries) {
          const first = needs === null ? null : (ids.get(`run ${needs}`) ?? null);
          ids.set(
            `${kind} ${localId}`,
            enqueue(db, { target, kind, localId, name: title, needs: first, at: now() }, operations),
          );
        }
        return [...ids.values()];
      });
      feed.changed();
      worker.wake();
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
      feed.changed();
      worker.wake();
      return deliveryOf(deliveryId).delivery;
    },
    async retry({ target, deliveryIds }) {
      const chosen = { target: numberOf(target), deliveryIds };
      const count = await store.write('sync.retry', (db) => retryDeliveries(db, chosen, now()));
      feed.changed();
      worker.wake();
      return { count };
    },
    async cancel({ target, deliveryIds }) {
      const chosen = { target: numberOf(target), deliveryIds };
      const ids = await store.write('sync.cancel', (db) => cancelDeliveries(db, chosen, now()));
      const touched = new Set(ids.flatMap((id) => store.now((db) => deliveryById(db, id))?.targetId ?? []));
      for (const id of touched) await worker.reopen(id);
      feed.changed();
      worker.wake();
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
      await team.resume();
      if (store.now((db) => db.prepare('SELECT count(*) FROM sync_target').pluck().get()) === 0) return;
      await store.write('sync.takeUp', takeUpAll);
      worker.wake();
    },
    async close() {
      feed.close();
      await Promise.all([worker.close(), team.close()]);
    },
  };
}
