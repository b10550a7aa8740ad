import type { StageRecord } from '../../../contract/index.ts';
import type { StageResult } from './results.ts';
import type { StageEnvironments } from './stage-environments.ts';

/** A result as the contract tells it. */
export function stageRecordOf(
  { stage, runId, recordedAt, key, reasons, inputs, outputs, undeclared }: StageResult,
  environmentById: StageEnvironments['byId'],
): StageRecord {
  const environment = inputs.environmentId === null ? null : environmentById(inputs.environmentId);
  return {
    stage,
    runId,
    recordedAt,
    isReusable: key !== null,
    reasons: [...reasons],
    commands: [...inputs.commands],
    workingFolder: inputs.workingFolder,
    deps: [...inputs.deps],
    params: [...inputs.params],
    env: Object.fromEntries(inputs.env),
    interpreter: environment === null ? null : `${environment.language} ${environment.version ?? ''}`.trim(),
    outputs: [...outputs],
    undeclared: [...undeclared],
  };
}
