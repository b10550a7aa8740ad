import { BenchtopError } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import { recordedRunById, type RecordedRun } from '../tracking/index.ts';
import type { Progress } from './carrier.ts';
import type { DeliveryRow } from './outbox/delivery-rows.ts';
import { deviceId, remoteIdOf, setRemoteId, type MappedKind } from './outbox/mappings.ts';
import type { Target } from './targets.ts';

/** What the operations of one delivery share, whatever its target is. */
export interface DeliveryContext {
  readonly store: Store;
  readonly objects: Pick<Objects, 'read' | 'stream'>;
  readonly target: Target;
  readonly delivery: DeliveryRow;
  readonly progress: Progress;
}

/** What the target calls one of our things; undefined while it has it not. */
export const remoteIdIn = (
  { store, target }: Pick<DeliveryContext, 'store' | 'target'>,
  kind: MappedKind,
  localId: string,
): string | undefined => store.now((db) => remoteIdOf(db, target.id, kind, localId));

export const rememberRemoteId = (
  { store, target }: DeliveryContext,
  kind: MappedKind,
  localId: string,
  remoteId: string,
): Promise<void> => store.write('sync.mapping', (db) => setRemoteId(db, target.id, kind, localId, remoteId));

/** As `remoteIdIn`, of what earlier operations have put there. */
export function knownRemoteId(context: DeliveryContext, kind: MappedKind, localId: string): string {
  const id = remoteIdIn(context, kind, localId);
  if (id !== undefined) return id;
  throw new BenchtopError({ code: 'not-found', what: `The target does not have ${kind} ${localId} yet.` });
}

/** @throws {BenchtopError} `not-found` when it was deleted for good since it was put into the outbox. */
export function localRun(context: DeliveryContext, runId = context.delivery.localId): RecordedRun {
  const run = context.store.now((db) => recordedRunById(db, runId));
  if (run !== undefined && !run.isDeleted) return run;
  throw new BenchtopError({
    code: 'not-found',
    what: `The run ${runId} is not here any more.`,
    next: 'Restore it from the bin, or cancel what is to be sent.',
  });
}

/** The tag by which everything that Benchtop made somewhere else is found again. */
export const originTag = 'benchtop.origin';

/**
 * Where something comes from: the origin it came here with, or this device and its id here. Something that is sent once more
 * beside what is there gets a number.
 */
export function originOf(
  { store, delivery }: DeliveryContext,
  localId: string,
  tags: readonly (readonly [key: string, value: string])[],
): string {
  const own = tags.find(([key]) => key === originTag)?.[1] ?? `${store.now(deviceId)}/${localId}`;
  return delivery.copy === 0 ? own : `${own}#${delivery.copy + 1}`;
}
