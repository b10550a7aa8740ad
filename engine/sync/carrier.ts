import type { SyncConflict, SyncReceipt, TargetProbe } from '../../contract/index.ts';
import type { TeamRegistry } from './team/team-registry.ts';
import type { DeliveryRow, OperationRow } from './outbox/delivery-rows.ts';

/** What came of one operation. `proof` is what was found at the target; it goes into the receipt. */
export type Outcome =
  | { readonly kind: 'verified'; readonly proof?: unknown; readonly receipt?: SyncReceipt }
  | { readonly kind: 'conflict'; readonly conflict: SyncConflict };

/** Who carries the operations of one delivery to its target, in their order. What it asked once it may remember. */
export interface Errand {
  /**
   * Does one operation, whatever was done of it before: it looks first at what is there.
   * @throws {SendFailure} when the target cannot be reached or says no.
   */
  perform(operation: OperationRow, operations: readonly OperationRow[]): Promise<Outcome>;
}

export interface Progress {
  /** So many bytes went over the line. */
  sent(bytes: number): void;
  /** So many bytes of the operation at hand are known to be there. */
  done(bytes: number): void;
  /** Some of the operation at hand is there to stay: whoever takes it up again goes on behind that. */
  arrived(): void;
  /** The target has said yes to all of the operation at hand; it is read again now. */
  allSent(): Promise<void>;
}

/** One kind of target, opened. */
export interface Carrier {
  probe(): Promise<TargetProbe>;
  /** Null where it keeps no models. */
  readonly registry: TeamRegistry | null;
  begin(delivery: DeliveryRow, progress: Progress): Errand;
  /**
   * Ends at the target what was begun there and is not sent any more; null where nothing can be left by half. @throws {SendFailure}
   * where it cannot be reached.
   */
  readonly tidy: (() => Promise<void>) | null;
  close(): void;
}
