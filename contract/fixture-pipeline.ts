import { ownPipelineFile } from './pipeline-files.ts';
import type { Execution, PipelineStage, StageExecution } from './pipelines.ts';
import { stageDefaults } from './stage-defaults.ts';

/** For tests: a stage that does nothing, reads nothing and writes nothing, with what is named otherwise. */
export const fixtureStage = (more: Partial<PipelineStage> & { name: string }): PipelineStage => ({
  ...stageDefaults,
  commands: ['true'],
  upstream: [],
  file: ownPipelineFile,
  line: 1,
  ...more,
});

/** For tests: an execution of the stages given. */
export const fixtureExecution = (
  status: Execution['status'],
  stages: readonly (Partial<StageExecution> & { name: string })[],
): Execution => ({
  id: 'e',
  projectId: 'p',
  status,
  cause: 'asked',
  startedAt: 0,
  endedAt: status === 'running' ? null : 1000,
  stages: stages.map((stage) => ({
    state: 'waiting',
    runId: null,
    reasons: [],
    startedAt: null,
    endedAt: null,
    tries: 0,
    note: null,
    ...stage,
  })),
});
