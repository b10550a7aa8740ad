import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

export const pipelineStage = z.object({
  name: z.string(),
  command: z.string(),
  description: z.string(),
  deps: z.array(z.string()),
  params: z.array(z.string()),
  outs: z.array(z.string()),
  metrics: z.array(z.string()),
  /** Names of the stages whose outputs this one reads. */
  upstream: z.array(z.string()),
});
export type PipelineStage = z.infer<typeof pipelineStage>;

export const problem = z.object({
  message: z.string(),
  line: z.number(),
  column: z.number(),
  fix: z.string(),
});

export const pipeline = z.object({
  /** The file that defines it, relative to the project: `benchtop.yaml` or `dvc.yaml`. */
  file: z.string(),
  /** In an order in which they can run. */
  stages: z.array(pipelineStage),
  problems: z.array(problem),
});
export type Pipeline = z.infer<typeof pipeline>;

export const stageState = z.enum(['waiting', 'running', 'finished', 'failed', 'killed', 'skipped']);
export type StageState = z.infer<typeof stageState>;

export const execution = z.object({
  id: z.string(),
  projectId: z.string(),
  status: z.enum(['running', 'finished', 'failed', 'killed']),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  stages: z.array(z.object({ name: z.string(), state: stageState, runId: z.string().nullable() })),
});
export type Execution = z.infer<typeof execution>;

export const pipelines = {
  definition: procedure(
    'The pipeline a project defines; null when it defines none.',
    z.object({ projectId: z.string() }),
    pipeline.nullable(),
  ),
  run: procedure(
    'Runs the pipeline, or the named stages, in order. Stops at the first failure.',
    z.object({ projectId: z.string(), stages: z.array(z.string()).optional() }),
    execution,
  ),
  cancel: procedure(
    'Cancels an execution and the run that it is at.',
    z.object({ executionId: z.string() }),
    z.object({}),
  ),
  executions: procedure(
    'The latest executions of a project, newest first.',
    z.object({ projectId: z.string(), limit: z.number().int().min(1).max(200).default(20) }),
    z.array(execution),
  ),
};
