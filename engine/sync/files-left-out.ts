import type { RecordedRun } from '../tracking/index.ts';
import type { DeliveryContext } from './delivery-context.ts';
import type { OperationRow } from './outbox/delivery-rows.ts';
import { filesOf } from './plan-delivery.ts';

/** What a receipt says of the files of a run that its push did not take, and of which it knows nothing; empty where it took all. */
export function filesLeftOut(
  { store }: Pick<DeliveryContext, 'store'>,
  run: RecordedRun,
  operations: readonly OperationRow[],
): string[] {
  const taken = new Set(operations.filter(({ kind }) => kind === 'file').map(({ subject }) => subject));
  const { files } = store.now((db) => filesOf(db, run, []));
  const count = files.filter(({ subject }) => !taken.has(subject)).length;
  if (count === 0) return [];
  return [`${count} of its files ${count === 1 ? 'was' : 'were'} no part of this push, and not looked for`];
}
