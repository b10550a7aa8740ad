import { useMemo } from 'react';
import type { Execution, PipelineStage } from '../../../contract/index.ts';
import { stageLook, type StageLook } from './stage-look.ts';

/** How each stage stands and what is said of it in short, by its name. */
export function useStageLooks(stages: readonly PipelineStage[], last: Execution | undefined) {
  return useMemo(() => {
    const lastOf = new Map(last?.stages.map((stage) => [stage.name, stage]));
    const isRunning = last?.status === 'running';
    const looks = new Map<string, StageLook>();
    const details = new Map<string, string>();
    for (const { name } of stages) {
      const own = lastOf.get(name);
      looks.set(name, stageLook(undefined, own, isRunning));
      details.set(name, own?.note ?? '');
    }
    return {
      lastOf,
      lookOf: (name: string): StageLook => looks.get(name) ?? 'unknown',
      detailOf: (name: string): string => details.get(name) ?? '',
    };
  }, [stages, last]);
}
