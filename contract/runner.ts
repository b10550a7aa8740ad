import { z } from 'zod';
import { procedure, stream } from './rpc/procedure.ts';
import { runGap } from './run-gap.ts';

/** What earlier runs of the same script say that a run will need. Null: none of them tells. */
export const learntNeeds = z.object({
  /** The script, module or program that they ran. */
  program: z.string(),
  /** Runs that were looked at. */
  runCount: z.number(),
  /** The most memory that one of them used, all its processes together. */
  memoryBytes: z.number().nullable(),
  /** The median of those that came to their end, without pauses and sleep. */
  durationMs: z.number().nullable(),
  /** How many of them ended for lack of memory. */
  outOfMemoryCount: z.number(),
});
export type LearntNeeds = z.infer<typeof learntNeeds>;

export const priority = z.enum(['high', 'normal', 'low']);
export type Priority = z.infer<typeof priority>;

/** A run that has not ended, as the bottom strip shows it. */
export const job = z.object({
  runId: z.string(),
  name: z.string(),
  projectId: z.string().nullable(),
  status: z.enum(['queued', 'running']),
  startedAt: z.number().nullable(),
  /** When it stood still. */
  gaps: z.array(runGap),
  /** 0 to 1, read from the run's own progress; null when it tells none. */
  progress: z.number().nullable(),
  /** Estimated end, milliseconds UTC; null when unknown, and while it is paused. */
  etaAt: z.number().nullable(),
  /** True when `etaAt` comes from how long earlier runs took, because the run itself tells no progress. */
  isEtaLearnt: z.boolean(),
  /** True while its processes are stopped where they stand. */
  isPaused: z.boolean(),
  /** GPUs it has for itself, as nvidia-smi counts them. */
  gpus: z.array(z.number()),
  /** Where it stood among those that waited. */
  priority,
  needs: learntNeeds,
  /** Why it does not begin yet, in words; null when it has begun. */
  waitsFor: z.string().nullable(),
});
export type Job = z.infer<typeof job>;

/** What runs and waits, and the room there is. */
export const runQueue = z.object({
  /** Those that run, in no order; then those that wait, the next first. */
  jobs: z.array(job),
  /** Runs at once. */
  slots: z.number(),
  gpuCount: z.number(),
  /** True while nobody new begins. */
  isHeld: z.boolean(),
});
export type RunQueueState = z.infer<typeof runQueue>;

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

/** What is looked for in a log, line by line; colours are left out of account. */
export const logPattern = z.object({
  text: z.string().min(1).max(1000),
  /** A regular expression of JavaScript instead of plain text. */
  isRegex: z.boolean().default(false),
  isCaseSensitive: z.boolean().default(false),
});
export type LogPattern = z.infer<typeof logPattern>;

/** Lines of a log that hold what was looked for, in the order of the log; several of these make up the whole answer. */
export const logFinds = z.object({
  /** Byte offsets at which those lines begin. After a million in all they are only counted. */
  offsets: z.instanceof(Float64Array),
  count: z.number(),
  /** A line begins there, and all before it is searched: the place to go on from when the log has grown. */
  searchedTo: z.number(),
  /** Length of the whole log in bytes. */
  sizeBytes: z.number(),
  /** True with the last. */
  isComplete: z.boolean(),
});
export type LogFinds = z.infer<typeof logFinds>;

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
      /** GPUs for itself alone. Left out: one on a machine that has some, unless the environment says which to use. */
      gpus: z.number().int().min(0).max(64).optional(),
      /** Waits before those of less and behind those of the same. */
      priority: priority.default('normal'),
      /** Files and folders that it reads, as seen from the working folder: recorded as data versions. */
      inputs: z.array(z.string().min(1).max(4096)).max(200).default([]),
    }),
    z.object({ runId: z.string() }),
  ),
  needs: procedure(
    'What a command will need, as earlier runs of its script tell, and a warning where memory is short.',
    z.object({ projectId: z.string(), command: z.array(z.string()).max(10_000) }),
    learntNeeds.extend({
      freeBytes: z.number(),
      /** In words, with what shows it. */
      warning: z.string().nullable(),
    }),
  ),
  cancel: procedure(
    'Ends a run and every process it started: SIGTERM, a grace period, SIGKILL.',
    z.object({ runId: z.string() }),
    z.object({}),
  ),
  queue: procedure('What runs or waits now, and the room there is.', z.object({}), runQueue),
  setQueueHeld: procedure(
    'Holds the queue, so that nobody new begins, or lets it go on. What runs is not touched.',
    z.object({ isHeld: z.boolean() }),
    z.object({}),
  ),
  moveJob: procedure(
    'Puts a waiting run before another; null: to the end.',
    z.object({ runId: z.string(), before: z.string().nullable() }),
    z.object({}),
  ),
  setPaused: procedure(
    'Stops every process of a run where it stands, or lets them go on. Their memory stays taken.',
    z.object({ runId: z.string(), isPaused: z.boolean() }),
    z.object({}),
  ),
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
  searchLog: stream(
    'The lines of a run’s whole console output that hold a text or match an expression, told while it is searched.',
    logPattern.extend({
      runId: z.string(),
      /** The beginning of a line: `searchedTo` of a search before. */
      from: z.number().int().min(0).default(0),
    }),
    logFinds,
  ),
};
