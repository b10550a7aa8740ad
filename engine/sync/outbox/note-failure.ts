import type Database from 'better-sqlite3';
import { BenchtopError, errorShapeOf } from '../../../contract/index.ts';
import type { Store } from '../../store/index.ts';
import { isMissingThere, SendFailure } from '../link/send-failure.ts';
import { countLineFailure, lineFailures, setTrouble } from '../targets.ts';
import { afterFailure } from './after-failure.ts';
import { forgetRemote } from './change-deliveries.ts';
import { isEnded, setDelivery, setOperation, type DeliveryRow, type OperationRow } from './delivery-rows.ts';

/** After so many breakdowns over the same thing it is taken for a no. */
const mostBreakdowns = 8;

/**
 * Writes down what a failure means for its delivery and for the line to the target. Returns whether the line is lost until somebody
 * asks: it is to be closed.
 */
export async function noteFailure(
  {
    store,
    now,
    retryMs,
    onUnexpected,
  }: {
    store: Store;
    now: () => number;
    retryMs: number;
    onUnexpected: (error: unknown, where: string) => void;
  },
  error: unknown,
  {
    target,
    delivery,
    operation,
    hasMoved,
    hasAnswers,
    isInterrupted,
  }: {
    target: number;
    delivery: DeliveryRow;
    operation: OperationRow | undefined;
    /** Whether a step of the delivery came through since it was begun. */
    hasMoved: boolean;
    /** Whether the target answered anything meanwhile. */
    hasAnswers: boolean;
    /** It was us who ended it. */
    isInterrupted: boolean;
  },
): Promise<boolean> {
  if (store.now((db) => isEnded(db, delivery.id))) return false;
  /** Who cancels it may do so until the very last moment. */
  const write = (name: string, work: (db: Database.Database) => void) =>
    store.write(name, (db) => {
      if (!isEnded(db, delivery.id)) work(db);
    });
  const shape = errorShapeOf(error);
  const again = { id: operation?.id, state: 'waiting' as const, error: shape };
  if (isInterrupted) {
    await write('sync.interrupted', (db) => {
      if (again.id !== undefined) setOperation(db, again.id, { state: 'waiting' });
      setDelivery(db, delivery.id, { state: 'waiting', at: now(), failures: delivery.failures });
    });
    return false;
  }
  if (!(error instanceof BenchtopError)) onUnexpected(error, `sync.${operation?.kind ?? 'open'}`);
  const failure = error instanceof SendFailure ? error : null;
  // What does not come back as it was sent goes round once more from its beginning.
  const goesRound = operation?.kind === 'finish' && failure?.kind === 'failed' && shape.code === 'conflict';
  const { failures, pauseMs, line } = afterFailure(
    {
      kind: failure?.kind ?? (isDiskFull(error) ? 'busy' : null),
      retryAfterMs: failure?.retryAfterMs ?? null,
    },
    {
      failures: delivery.failures,
      lineFailures: store.now((db) => lineFailures(db, target)),
      attempts: operation?.attempts ?? 0,
      hasMoved,
      hasAnswers,
      isLarge: operation?.kind === 'file',
      goesRound,
    },
    retryMs,
  );
  if (isMissingThere(error) && operation !== undefined && failures <= 2) {
    // It was there once: a server that was set up anew, or went back. Everything begins anew, and finds what is left.
    await write('sync.forget', (db) => {
      forgetRemote(db, delivery.id);
      setDelivery(db, delivery.id, { state: 'waiting', at: now(), failures, error: shape });
    });
    return false;
  }
  if (isNo(error, failures)) {
    await write('sync.refused', (db) => {
      if (operation !== undefined) setOperation(db, operation.id, { state: 'refused', error: shape });
      setDelivery(db, delivery.id, { state: 'refused', at: now(), failures, error: shape });
    });
    return false;
  }
  await write('sync.waiting', (db) => {
    if (again.id !== undefined) setOperation(db, again.id, again);
    if (goesRound)
      db.prepare("UPDATE sync_operation SET state = 'waiting' WHERE delivery = ?").run(delivery.id);
    setDelivery(db, delivery.id, {
      state: 'waiting',
      at: now(),
      failures,
      error: shape,
      attemptAt: pauseMs === 0 ? null : now() + pauseMs,
    });
    if (line === null) return;
    if (line.isAway)
      setTrouble(db, target, {
        error: shape,
        failures: line.failures,
        attemptAt: line.pauseMs === null ? null : now() + line.pauseMs,
      });
    else countLineFailure(db, target, line.failures);
  });
  return line?.isAway === true && line.pauseMs === null;
}

const isDiskFull = (error: unknown): boolean => error instanceof BenchtopError && error.code === 'disk-full';

/** A no that stays one: the target's, ours, or a breakdown that came too often. */
export function isNo(error: unknown, failures: number): boolean {
  if (error instanceof SendFailure)
    return error.kind === 'refused' || (error.kind === 'failed' && failures >= mostBreakdowns);
  // Our own: a run that was erased, an object that is damaged. A full disk and a secret that cannot be opened may end.
  return !(error instanceof BenchtopError) || (!isDiskFull(error) && error.code !== 'not-allowed');
}
