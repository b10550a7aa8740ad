import { errorShapeOf, type ErrorShape, type SyncReceipt } from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import type { Carrier, Progress } from '../carrier.ts';
import { allTargets, lineIsBack, type Target } from '../targets.ts';
import {
  addSentBytes,
  beginDelivery,
  countDone,
  nextAttempt,
  nextDelivery,
  operationsOf,
  setDelivery,
  setOperation,
  takeUpAgain,
  type DeliveryRow,
  type OperationRow,
  isEnded,
} from './delivery-rows.ts';
import { createMeteredWatch } from './metered-watch.ts';
import { isNo, noteFailure } from './note-failure.ts';

export interface WorkerOptions {
  readonly store: Store;
  readonly now: () => number;
  /** Opens a target, with its secret; `onAnswer` hears of each yes that it says. @throws {BenchtopError} when it cannot be opened as it is set up. */
  readonly open: (target: Target, onAnswer: () => void) => Promise<Carrier>;
  /** The first pause after a failure, in ms. */
  readonly retryMs: number;
  /** Whether the network is metered; null where nobody tells. */
  readonly readMetered: () => Promise<boolean | null>;
  /** Something is otherwise than before. */
  readonly onChange: () => void;
  readonly onUnexpected: (error: unknown, where: string) => void;
}

/** Sends what waits. It sleeps without a timer while nothing waits, and until the next attempt where a target is away. */
export interface Worker {
  /** Looks at once what there is to do. */
  wake(): void;
  /** Forgets how a target was opened, and ends what is on its way there: it starts again where it was. */
  reopen(target: number): Promise<void>;
  /** Bytes of the operations at hand that are known to be there, by delivery. */
  underway(): ReadonlyMap<number, number>;
  /** Whether something waits because the network is metered. */
  isHeldBack(): boolean;
  close(): Promise<void>;
}

/** Deliveries on their way to one target at a time. */
const lanes = 3;
/** How long nothing is tried when our own store takes nothing, on a full disk for instance. */
const restMs = 5000;

interface Open {
  readonly carrier: Promise<Carrier>;
  readonly deliveries: Map<number, Promise<void>>;
  /** How often the target answered. */
  answers: number;
  isClosing: boolean;
}

export function createWorker({
  store,
  now,
  open,
  retryMs,
  readMetered,
  onChange,
  onUnexpected,
}: WorkerOptions): Worker {
  const opened = new Map<number, Open>();
  const underway = new Map<number, number>();
  /** Deliveries whose end could not be written down. */
  const stranded = new Set<number>();
  const network = createMeteredWatch({
    read: readMetered,
    isNeeded: () => opened.size > 0 || isHeldBack,
    onTurn: holdBack,
  });
  let isHeldBack = false;
  let restsUntil = 0;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let isScheduled = false;

  function wake(): void {
    if (isScheduled || isClosed) return;
    isScheduled = true;
    setImmediate(() => {
      isScheduled = false;
      if (!isClosed) look();
    });
  }

  function look(): void {
    clearTimeout(timer);
    timer = undefined;
    if (restsUntil > now()) {
      timer = setTimeout(wake, restsUntil - now());
      return;
    }
    if (stranded.size > 0) {
      void takeUpStranded();
      return;
    }
    let next = Number.POSITIVE_INFINITY;
    let waitsForNetwork = false;
    for (const target of store.now(allTargets)) {
      // Its trouble is over only when somebody asks again.
      const isStuck = target.trouble !== null && target.attemptAt === null && target.failures > 0;
      if (target.isPaused || isStuck) continue;
      const due = store.now((db) => nextAttempt(db, target.id, now()));
      if (target.pausesOnMetered && (due !== undefined || opened.has(target.id))) {
        network.watch();
        if (network.isMetered() !== false) {
          waitsForNetwork ||= network.isMetered() === true;
          continue;
        }
      }
      const at = target.attemptAt ?? 0;
      if (at <= now()) fill(target);
      const left = store.now((db) => nextAttempt(db, target.id, now()));
      if (left === undefined) continue;
      next = Math.min(next, at > now() ? at : left);
    }
    if (waitsForNetwork !== isHeldBack) {
      isHeldBack = waitsForNetwork;
      onChange();
    }
    if (Number.isFinite(next)) timer = setTimeout(wake, Math.max(1, next - now()));
  }

  /** The network became metered, or is so no longer: what is on its way where that matters ends, and waits. */
  function holdBack(isMetered: boolean): void {
    if (isMetered)
      for (const { id, pausesOnMetered } of store.now(allTargets))
        if (pausesOnMetered) void reopen(id).catch((error: unknown) => onUnexpected(error, 'sync.metered'));
    wake();
  }

  async function reopen(target: number): Promise<void> {
    const own = opened.get(target);
    if (own === undefined) return;
    own.isClosing = true;
    await shut(target, own);
    await Promise.all(own.deliveries.values());
  }

  async function takeUpStranded(): Promise<void> {
    const ids = [...stranded];
    try {
      await store.write('sync.takeUp', (db) => takeUpAgain(db, ids));
      for (const id of ids) stranded.delete(id);
    } catch (error) {
      rest(error);
    }
    wake();
  }

  function rest(error: unknown): void {
    restsUntil = now() + restMs;
    onUnexpected(error, 'sync.carry');
  }

  function fill(target: Target): void {
    let own = opened.get(target.id);
    if (own?.isClosing === true) return;
    while ((own?.deliveries.size ?? 0) < lanes) {
      const busy = [...(own?.deliveries.keys() ?? [])];
      const delivery = store.now((db) => nextDelivery(db, target.id, now(), busy));
      if (delivery === undefined) {
        // Lines that nobody needs are closed: idle costs nothing.
        if (own?.deliveries.size === 0) void shut(target.id, own);
        return;
      }
      if (own === undefined) {
        const carrier = open(target, () => (opening.answers += 1));
        const opening: Open = { carrier, deliveries: new Map(), answers: 0, isClosing: false };
        own = opening;
        own.carrier.catch(() => undefined); // told with the first delivery
        opened.set(target.id, own);
      }
      const lane = own;
      const work = carry(target, delivery, lane)
        .catch((error: unknown) => {
          stranded.add(delivery.id);
          rest(error);
        })
        .finally(() => {
          lane.deliveries.delete(delivery.id);
          underway.delete(delivery.id);
          onChange();
          wake();
        });
      lane.deliveries.set(delivery.id, work);
      // Failing at once, of many, only the first one tells that nobody is there.
      if (target.trouble !== null) return;
    }
  }

  async function shut(id: number, own: Open): Promise<void> {
    if (opened.get(id) === own) opened.delete(id);
    const carrier = await own.carrier.catch(() => null);
    carrier?.close();
  }

  async function carry(target: Target, delivery: DeliveryRow, lane: Open): Promise<void> {
    const isBegun = await store.write('sync.begin', (db) => beginDelivery(db, delivery.id, now()));
    if (!isBegun) return;
    onChange();
    let sentBytes = 0;
    let doneBytes = 0;
    let current: OperationRow | undefined;
    const progress: Progress = {
      sent(bytes) {
        sentBytes += bytes;
      },
      done(bytes) {
        doneBytes += bytes;
        underway.set(delivery.id, Math.min(doneBytes, current?.totalBytes ?? doneBytes));
      },
      arrived() {
        hasMoved = true;
      },
      async allSent() {
        const id = current?.id;
        if (id !== undefined) await store.write('sync.sent', (db) => setOperation(db, id, { state: 'sent' }));
      },
    };
    let receipt: SyncReceipt | undefined;
    let refused: ErrorShape | null = null;
    /** As long as something comes through, a line that breaks now and then is no reason for longer and longer pauses. */
    let hasMoved = false;
    const answersBefore = lane.answers;
    try {
      const carrier = await lane.carrier;
      const errand = carrier.begin(delivery, progress);
      for (const operation of store.now((db) => operationsOf(db, delivery.id))) {
        if (operation.state === 'verified') continue;
        // What is not whole gets no receipt.
        if (operation.kind === 'finish' && refused !== null) continue;
        current = operation;
        [sentBytes, doneBytes] = [0, 0];
        const isOn = await store.write('sync.sending', (db) => {
          if (isEnded(db, delivery.id)) return false;
          setOperation(db, operation.id, { state: 'sending', isAttempt: true });
          return true;
        });
        if (!isOn) return;
        try {
          // These look at what the steps before them found.
          const isLast = operation.kind === 'finish' || operation.kind === 'version';
          const all = isLast ? store.now((db) => operationsOf(db, delivery.id)) : [];
          const outcome = await errand.perform(operation, all);
          if (outcome.kind === 'conflict') {
            const { conflict } = outcome;
            await store.write('sync.conflict', (db) => {
              if (isEnded(db, delivery.id)) return;
              setOperation(db, operation.id, { state: 'conflict' });
              setDelivery(db, delivery.id, { state: 'conflict', at: now(), conflict });
            });
            return;
          }
          receipt = outcome.receipt ?? receipt;
          const wasAway = await store.write('sync.verified', (db) => {
            setOperation(db, operation.id, { state: 'verified', proof: outcome.proof });
            countDone(db, delivery.id);
            return lineIsBack(db, target.id);
          });
          hasMoved = true;
          underway.delete(delivery.id);
          if (wasAway) wake(); // the others waited for a sign of life
        } catch (error) {
          if (operation.kind !== 'file' || !isNo(error, hasMoved ? 1 : delivery.failures + 1)) throw error;
          // One file that it does not take is told by name; the others go on.
          refused ??= errorShapeOf(error);
          await store.write('sync.refused', (db) =>
            setOperation(db, operation.id, { state: 'refused', error: errorShapeOf(error) }),
          );
        } finally {
          if (sentBytes > 0)
            await store.write('sync.sentBytes', (db) => addSentBytes(db, delivery.id, sentBytes));
        }
      }
      await store.write('sync.done', (db) => {
        setDelivery(db, delivery.id, {
          state: refused === null ? 'verified' : 'refused',
          at: now(),
          error: refused,
          ...(receipt === undefined ? {} : { receipt }),
        });
      });
    } catch (error) {
      const isLost = await noteFailure({ store, now, retryMs, onUnexpected }, error, {
        target: target.id,
        delivery,
        operation: current,
        hasMoved,
        hasAnswers: lane.answers > answersBefore,
        isInterrupted: lane.isClosing || isClosed,
      });
      if (isLost) await shut(target.id, lane);
    }
  }

  return {
    wake,
    underway: () => underway,
    isHeldBack: () => isHeldBack,
    reopen,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      network.close();
      const all = [...opened];
      for (const [, own] of all) own.isClosing = true;
      await Promise.all(all.map(([id, own]) => shut(id, own)));
      await Promise.all(all.flatMap(([, own]) => [...own.deliveries.values()]));
    },
  };
}
