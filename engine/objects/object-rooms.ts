import type { Store } from '../store/index.ts';
import type { ObjectWorkers } from './object-workers.ts';
import type { SharedGate } from './shared-gate.ts';
import type { Starts } from './starts.ts';

/** What the operations over objects work with. */
export interface ObjectRooms {
  readonly store: Store;
  readonly workers: ObjectWorkers;
  readonly objectsPath: string;
  readonly now: () => number;
  /** Who stores shares it; who moves or removes pieces has it alone. */
  readonly gate: SharedGate;
  /** Tells whether the index is older than the packs: then it cannot tell what of them is in use. */
  readonly starts: Starts;
}
