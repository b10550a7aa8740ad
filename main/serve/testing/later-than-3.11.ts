import type { PlannedRequest } from './requests/plan.ts';
import { reasonToDiffer } from './reasons-to-differ.ts';

/** Why the answer may differ from that of MLflow 3.11; null where it must not. */
export function reasonToDifferFrom311(
  request: PlannedRequest,
  theirs: unknown,
  ours: unknown,
): string | null {
  return reasonToDiffer(request, theirs, ours);
}
