import { reasonText, type StageReason } from '../../../contract/index.ts';

/** The first reason and how many more there are: what fits on a node. */
export function reasonSummary(reasons: readonly StageReason[]): string {
  const [first, ...others] = reasons;
  if (first === undefined) return '';
  return others.length === 0 ? reasonText(first) : `${reasonText(first)}, ${others.length} more`;
}
