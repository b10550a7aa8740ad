import type { Comparand, Comparator } from '../../store/index.ts';

/** What a run has of its own. `status` speaks MLflow's words (SCHEDULED, FAILED …), `state` Benchtop's (queued, lost …). */
export type RunAttribute =
  | 'run_id'
  | 'run_name'
  | 'user_id'
  | 'status'
  | 'start_time'
  | 'end_time'
  | 'artifact_uri'
  | 'state'
  | 'created_at'
  | 'duration'
  | 'note'
  | 'command'
  | 'source'
  | 'experiment'
  | 'starred';

/** What a filter or an order of runs can name. A metric is compared by its last value. */
export type RunField =
  | { readonly kind: 'attribute'; readonly key: RunAttribute }
  | { readonly kind: 'metric' | 'param' | 'tag'; readonly key: string }
  | { readonly kind: 'dataset'; readonly key: 'name' | 'digest' | 'context' };

/**
 * `field comparator value`. A number compares a param or a tag by its numeric value, a text by its letters. NaN is a value
 * like any other here: only a comparison with NaN itself, or `!=`, holds for it.
 */
export interface RunComparison {
  readonly field: RunField;
  readonly comparator: Comparator;
  readonly value: Comparand;
}

/** A filter of runs. Logic is two-valued: a comparison with something that is not there does not hold. */
export type RunCondition =
  | { readonly kind: 'compare'; readonly comparison: RunComparison }
  /** Words next to each other in the name, note, command, a param or a tag; with `isPrefix` the last may go on. */
  | { readonly kind: 'words'; readonly text: string; readonly isPrefix: boolean }
  | { readonly kind: 'all' | 'any'; readonly of: readonly RunCondition[] }
  | { readonly kind: 'not'; readonly of: RunCondition };

export interface RunOrderKey {
  readonly field: RunField;
  readonly isDescending: boolean;
  /** Of a metric its least or greatest finite value in place of its last. */
  readonly of?: 'min' | 'max';
  /** Params in the order of their numbers where they are numbers; else by their letters, as MLflow does. */
  readonly byNumber?: boolean;
}

export const all = (of: readonly RunCondition[]): RunCondition => ({ kind: 'all', of });
