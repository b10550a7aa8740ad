import { modelVersion, type ModelVersion } from '../registry/index.ts';
import type { DeliveryContext } from './delivery-context.ts';
import { refusal } from './link/send-failure.ts';

/** `churn/3`, as the outbox names a version. */
export const versionId = (name: string, version: number | string): string => `${name}/${version}`;

/** @throws {SendFailure} when it was deleted since it was put into the outbox. */
export function localVersion({ store, delivery }: DeliveryContext): ModelVersion {
  const slash = delivery.localId.lastIndexOf('/');
  const found = store.now((db) =>
    modelVersion(db, delivery.localId.slice(0, slash), Number(delivery.localId.slice(slash + 1))),
  );
  if (found === undefined) throw refusal(`The model version ${delivery.localId} is not here any more.`);
  return found;
}
