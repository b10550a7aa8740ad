import { z } from 'zod';
import { stageReason, stageStatus } from './pipelines.ts';
import { procedure } from './rpc/procedure.ts';

/** What was recorded of a run of a stage that ended well. Versions are the data room's. */
export const stageRecord = z.object({
  stage: z.string(),
  runId: z.string(),
  /** Milliseconds UTC. */
  recordedAt: z.number(),
  /** False when what it read changed while it ran: its outputs are never brought back as the outcome of either. */
  isReusable: z.boolean(),
  /** Why it ran. */
  reasons: z.array(stageReason),
  commands: z.array(z.string()),
  workingFolder: z.string(),
  deps: z.array(z.object({ path: z.string(), version: z.string().nullable() })),
  params: z.array(z.object({ file: z.string(), name: z.string(), value: z.string().nullable() })),
  env: z.record(z.string(), z.string()),
  /** Such as `python 3.12.3`; null where the command uses none that is known. */
  interpreter: z.string().nullable(),
  /** `isKept` where its files are stored, so that they can be brought back. */
  outputs: z.array(z.object({ path: z.string(), version: z.string(), isKept: z.boolean() })),
  /** Files that it was seen reading and that are not among its deps. */
  undeclared: z.array(z.string()),
});
export type StageRecord = z.infer<typeof stageRecord>;

export const pipelineStatus = {
  status: procedure(
    'Which stages are up to date, and why the others are not. What has to run first makes the stages behind it stale, too.',
    z.object({
      projectId: z.string(),
      /** Only these, or the stages unfolded from them; all when left out. */
      stages: z.array(z.string().max(1000)).max(10_000).optional(),
      /** Variables that the stages would be started with, over the engine's own: they decide which interpreter is found. */
      env: z.record(z.string(), z.string()).default({}),
    }),
    z.object({
      /** In an order in which they can run. */
      stages: z.array(stageStatus),
    }),
  ),
  stageHistory: procedure(
    'The runs of a stage that ended well, the newest first: what each read, was told and wrote, and why it ran.',
    z.object({
      projectId: z.string(),
      stage: z.string().max(1000),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    z.array(stageRecord),
  ),
};
