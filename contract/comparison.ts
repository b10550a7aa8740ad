import { z } from 'zod';
import { procedure } from './rpc/procedure.ts';

/** What can make two runs of one program come out differently, the likeliest cause first. */
export const causeParts = [
  'code',
  'command',
  'params',
  'data',
  'packages',
  'interpreter',
  'variables',
  'machine',
] as const;
export const causePart = z.enum(causeParts);
export type CausePart = z.infer<typeof causePart>;

/** One thing that two runs do not share. Null on the side that lacks it. */
export const difference = z.object({
  /** A file, a param, a data set, a package, a fact of the machine. */
  name: z.string(),
  a: z.string().nullable(),
  b: z.string().nullable(),
  /** More in words: lines or rows added and removed. */
  detail: z.string().nullable().default(null),
});
export type Difference = z.infer<typeof difference>;

export const causeComparison = z.object({
  part: causePart,
  /** `unknown`: one side at least recorded nothing of it. */
  state: z.enum(['same', 'differs', 'unknown']),
  /** Why it is unknown, or what the sameness rests on; null where that goes without saying. */
  why: z.string().nullable(),
  differences: z.array(difference),
});
export type CauseComparison = z.infer<typeof causeComparison>;

/** The last values of one metric. Null on the side that lacks it. */
export const metricComparison = z.object({
  name: z.string(),
  a: z.number().nullable(),
  b: z.number().nullable(),
  /** Whether b is better than a; null where they are equal or nobody knows which way is better. */
  isBetter: z.boolean().nullable(),
});
export type MetricComparison = z.infer<typeof metricComparison>;

export const runComparison = z.object({
  a: z.string(),
  b: z.string(),
  /** All parts, in the order of likely causes. */
  causes: z.array(causeComparison),
  /** Without the use of the machine; those that differ first, by name. */
  metrics: z.array(metricComparison),
});
export type RunComparison = z.infer<typeof runComparison>;

/** Runs of the same program that a run is best held against. */
export const comparableRuns = z.object({
  /** The one that was started before it; null for the first. */
  previous: z.object({ runId: z.string(), name: z.string() }).nullable(),
  /** Of those that finished the best in a metric that all can be ranked by; null when none is better, or none can be ranked. */
  best: z.object({ runId: z.string(), name: z.string(), metric: z.string(), value: z.number() }).nullable(),
});
export type ComparableRuns = z.infer<typeof comparableRuns>;

export const comparison = {
  runs: procedure(
    'What two runs do not share, ordered by likely cause, and what came of it. Throws `not-found`.',
    z.object({
      a: z.string(),
      b: z.string(),
      /** Whether tables that differ are compared row by row, which can take seconds. */
      withRows: z.boolean().default(true),
    }),
    runComparison,
  ),
  comparable: procedure(
    'The previous and the best run of the same program in the same project.',
    z.object({ runId: z.string() }),
    comparableRuns,
  ),
};
