import { z } from 'zod';
import { execution, stageExecution, stageState, stageStatus } from './pipelines.ts';
import { procedure, stream } from './rpc/procedure.ts';

/**
 * Which stages belong to those that were named: they and all whose outputs they read; they and all that read theirs; only they.
 */
export const stageReach = z.enum(['up-to-here', 'from-here', 'only-this']);
export type StageReach = z.infer<typeof stageReach>;

export const stagePlan = stageStatus.extend({
  /** `restore`: outputs of an earlier run are brought back in place of running it. */
  action: z.enum(['run', 'restore', 'skip']),
});
export type StagePlan = z.infer<typeof stagePlan>;

/** An execution without its stages, of which there may be thousands. */
export const executionSummary = execution
  .omit({ stages: true })
  .extend({ counts: z.partialRecord(stageState, z.number()) });
export type ExecutionSummary = z.infer<typeof executionSummary>;

/** Characters of what began an execution, in words. */
export const causeAtMost = 1000;

const choice = z.object({
  projectId: z.string(),
  /** Names of stages, or of the group they were unfolded from; all when left out. */
  stages: z.array(z.string().max(1000)).max(10_000).optional(),
  reach: stageReach.default('up-to-here'),
  /** Runs them also where nothing changed. */
  isForced: z.boolean().default(false),
  /** Slots that its stages share; as many as the runner has when left out. */
  jobs: z.number().int().min(1).max(256).optional(),
  /** Added to the environment of the commands, under what a stage says itself. */
  env: z.record(z.string(), z.string()).default({}),
});

export const pipelineExecutions = {
  plan: procedure(
    'What running a pipeline, or the named stages of it, would do now.',
    choice,
    z.object({
      /** In an order in which they can run. */
      stages: z.array(stagePlan),
      /** How long all of it will take, as earlier runs tell, in ms; null where none of what is to run ever ran. */
      expectedMs: z.number().nullable(),
      /** Stages to run of which nobody knows how long they take; they count as nothing. */
      unknownCount: z.number(),
    }),
  ),
  run: procedure(
    'Runs a pipeline, or the named stages of it: what is stale, each stage after those whose outputs it reads. Answers at once.',
    choice.extend({
      /** After a failure goes on with what does not need the stage that failed. */
      keepGoing: z.boolean().default(false),
      /** What began it, in words. */
      cause: z.string().max(causeAtMost).default('asked'),
    }),
    execution,
  ),
  execution: procedure(
    'An execution with all its stages, in an order in which they can run.',
    z.object({ executionId: z.string() }),
    execution,
  ),
  executions: procedure(
    'The latest executions of a project, newest first.',
    z.object({ projectId: z.string(), limit: z.number().int().min(1).max(200).default(20) }),
    z.array(executionSummary),
  ),
  cancel: procedure(
    'Cancels an execution and the runs that it is at.',
    z.object({ executionId: z.string() }),
    z.object({}),
  ),
  resume: procedure(
    'Goes on with an execution that failed or was cancelled: what has been done stays done, the rest runs.',
    z.object({ executionId: z.string(), env: z.record(z.string(), z.string()).default({}) }),
    execution,
  ),
  follow: stream(
    'An execution as it goes on: first with all its stages, then with those that changed. Ends when it has ended.',
    z.object({ executionId: z.string() }),
    z.object({ execution: executionSummary, stages: z.array(stageExecution) }),
  ),
};
