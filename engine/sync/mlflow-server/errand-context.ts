import { originTag, type DeliveryContext } from '../delivery-context.ts';
import type { Remote } from './remote.ts';

/** What a server of some release can take. */
export interface ServerFacts {
  readonly version: string | null;
  /** Since 3.0: models that a run logged are things of their own. */
  readonly hasModels: boolean;
  /** Whether large files may go in parts, straight to its store; null where it says nothing of that: then it is tried. */
  readonly takesParts: boolean | null;
}

/** What the operations of one delivery to one MLflow server share. */
export interface ErrandContext extends DeliveryContext {
  readonly remote: Remote;
  readonly facts: ServerFacts;
}

/**
 * MLflow's filter for an origin. Ids of runs and logged models are unique everywhere: the part behind the device is enough, so
 * that two laptops that have the same run do not send it twice.
 */
export const originFilter = (origin: string): string =>
  `tags.\`${originTag}\` LIKE '%/${origin.slice(origin.indexOf('/') + 1)}'`;

export const hasOrigin = (tags: readonly { key: string; value: string }[], origin: string): boolean =>
  tags.some(({ key, value }) => key === originTag && value === origin);
