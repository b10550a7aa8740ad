import type { PlannedRequest } from './requests/plan.ts';

/** A normalised answer. */
interface Normal {
  readonly status: number;
  readonly json: unknown;
}

/** Every deliberate difference, as docs/mlflow.md names it, with what it is recognised by. */
const reasons: readonly { reason: string; holds(request: PlannedRequest, theirs: Normal, ours: Normal): boolean }[] = [
  {
    reason: 'MLflow answers 500 to bad input, Benchtop refuses it',
    holds: (_request, theirs, ours) => theirs.status >= 500 && ours.status >= 400 && ours.status < 500,
  },
];

/** Why two answers may differ, or null where they must not. */
export const reasonToDiffer = (request: PlannedRequest, theirs: unknown, ours: unknown): string | null =>
  reasons.find(({ holds }) => holds(request, theirs as Normal, ours as Normal))?.reason ?? null;
