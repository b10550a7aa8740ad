import { z } from 'zod';
import { procedure, stream } from './rpc/procedure.ts';

/** A run that has not ended, as the bottom strip shows it. */
export const job = z.object({
  runId: z.string(),
  name: z.string(),
  projectId: z.string().nullable(),
  status: z.enum(['queued', 'running']),
  startedAt: z.number().nullable(),
  /** 0 to 1, read from the run's own progress; null when it tells none. */
  progress: z.number().nullable(),
  /** Estimated end, milliseconds UTC; null when unknown. */
  etaAt: z.number().nullable(),
});
export type Job = z.infer<typeof job>;

export const logPage = z.object({
  bytes: z.instanceof(Uint8Array),
  /** Byte offset of the page in the whole log. */
  offset: z.number(),
  /** Length of the whole log in bytes, now. */
  sizeBytes: z.number(),
  /** True when no more will come. */
  isComplete: z.boolean(),
});
export type LogPage = z.infer<typeof logPage>;

export const runner = {
  start: procedure(
    'Starts a command in a project’s folder under a supervisor. Answers as soon as the run is recorded.',
    z.object({
      projectId: z.string(),
      command: z.array(z.string()).min(1).max(10_000),
      name: z.string().max(250).optional(),
      /** Relative to the project's folder; the folder itself when left out. */
      workingFolder: z.string().optional(),
      /** Added to the environment of the child. */
      env: z.record(z.string(), z.string()).default({}),
      params: z.record(z.string(), z.string()).default({}),
      timeLimitMs: z.number().int().positive().optional(),
    }),
    z.object({ runId: z.string() }),
  ),
  cancel: procedure(
    'Ends a run and every process it started: SIGTERM, a grace period, SIGKILL.',
    z.object({ runId: z.string() }),
    z.object({}),
  ),
  jobs: procedure('What runs or waits now.', z.object({}), z.array(job)),
  log: procedure(
    'A part of a run’s console output, raw. A negative offset counts from the end.',
    z.object({
      runId: z.string(),
      offset: z.number().int().default(0),
      limit: z
        .number()
        .int()
        .min(1)
        .max(4 * 1024 * 1024)
        .default(256 * 1024),
    }),
    logPage,
  ),
  followLog: stream(
    'Console output from `offset` on, as it is written; ends when the run has ended and all is told.',
    z.object({ runId: z.string(), offset: z.number().int().min(0).default(0) }),
    logPage,
  ),
};
