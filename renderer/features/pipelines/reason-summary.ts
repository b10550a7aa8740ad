import { reasonText, type StageReason } from '../../../contract/index.ts';

/**
 * The first reason and how many more there are: what fits on a node.
 * @param textOf `pastReasonText` for one that has run.
 */
export function reasonSummary(reasons: readonly StageReason[], textOf = reasonText): string {
  const [first, ...others] = reasons;
  if (first === undefined) return '';
  return others.length === 0 ? textOf(first) : `${textOf(first)}, ${others.length} more`;
}
