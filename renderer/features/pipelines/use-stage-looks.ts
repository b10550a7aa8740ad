import { useMemo } from 'react';
import type { Execution, PipelineStage, StageStatus } from '../../../contract/index.ts';
import { reasonSummary } from './reason-summary.ts';
import { stageLook, type StageLook } from './stage-look.ts';

/** How each stage stands and what is said of it in short, by its name. */
export function useStageLooks(
  stages: readonly PipelineStage[],
  statuses: readonly StageStatus[] | undefined,
  last: Execution | undefined,
) {
  return useMemo(() => {
    const statusOf = new Map(statuses?.map((status) => [status.name, status]));
    const lastOf = new Map(last?.stages.map((stage) => [stage.name, stage]));
    const isRunning = last?.status === 'running';
    const looks = new Map<string, StageLook>();
    const details = new Map<string, string>();
    for (const { name } of stages) {
      const own = lastOf.get(name);
      const status = statusOf.get(name);
      const look = stageLook(status, own, isRunning);
      looks.set(name, look);
      // While it is executed its reasons are those that it was begun for.
      const reasons = isRunning && own !== undefined ? own.reasons : (status?.reasons ?? []);
      const isDone = look === 'up-to-date' || look === 'finished';
      details.set(name, isDone ? '' : ((own?.state === look ? own.note : null) ?? reasonSummary(reasons)));
    }
    return {
      lastOf,
      statusOf,
      lookOf: (name: string): StageLook => looks.get(name) ?? 'unknown',
      detailOf: (name: string): string => details.get(name) ?? '',
    };
  }, [stages, statuses, last]);
}
