import type { StageExecution, StageState, StageStatus } from '../../../contract/index.ts';

/** How a stage stands, as the page shows it: what it does now or did last, and else whether it is up to date. */
export type StageLook = StageState | 'stale' | 'restorable' | 'frozen' | 'unknown';

/**
 * @param status whether it is up to date; undefined while that is read
 * @param last its part in the latest execution
 * @param isRunning whether that execution goes on
 */
export function stageLook(
  status: StageStatus | undefined,
  last: StageExecution | undefined,
  isRunning: boolean,
): StageLook {
  if (isRunning && last !== undefined) return last.state;
  if (status === undefined) return last?.state ?? 'unknown';
  const endedBadly = last?.state === 'failed' || last?.state === 'killed';
  return status.state === 'stale' && endedBadly ? last.state : status.state;
}

/** What needs to be looked at first comes first. */
const urgency: readonly StageLook[] = [
  'failed',
  'killed',
  'running',
  'stale',
  'waiting',
  'restorable',
  'skipped',
  'frozen',
  'unknown',
  'restored',
  'finished',
  'up-to-date',
];

/** How many stages look how, the most urgent first. */
export function countLooks(looks: readonly StageLook[]): { look: StageLook; count: number }[] {
  return urgency
    .map((look) => ({ look, count: looks.filter((other) => other === look).length }))
    .filter(({ count }) => count > 0);
}
