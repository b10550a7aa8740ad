import { z } from 'zod';
import { defaultTolerance } from './default-tolerance.ts';
import { procedure } from './rpc/procedure.ts';

/** What a run needs to be run once more. */
const readinessPart = z.enum(['command', 'code', 'environment', 'data', 'seeds', 'hardware']);

export const readinessItem = z.object({
  part: readinessPart,
  /**
   * `ready`: as it was. `differs`: it can go on, and the verdict will name this beside it. `missing`: without it the run cannot be
   * run once more.
   */
  state: z.enum(['ready', 'differs', 'missing']),
  /** In words, with what shows it. */
  what: z.string(),
  /** What would help; null when nothing needs to. */
  next: z.string().nullable(),
});
export type ReadinessItem = z.infer<typeof readinessItem>;

export const readiness = z.object({
  /** False when something is missing. */
  canRun: z.boolean(),
  items: z.array(readinessItem),
});
export type Readiness = z.infer<typeof readiness>;

/** How far two values may be apart: |a - b| <= absolute + relative * |b|, as in NumPy's allclose. */
export const tolerance = z.object({
  absolute: z.number().min(0),
  relative: z.number().min(0),
});
export type Tolerance = z.infer<typeof tolerance>;

export const toleranceSettings = z.object({
  /** For metrics without one of their own, and for the numbers in outputs. */
  all: tolerance.default(defaultTolerance),
  metrics: z.record(z.string(), tolerance).default({}),
  /**
   * Where something differs, the run is repeated so often with other seeds, and what is no farther from it than the farthest of these
   * repeats is within too: metrics without a tolerance of their own, and the numbers in outputs. Null: no repeats.
   */
  spread: z.number().int().min(1).max(20).nullable().default(null),
});
export type ToleranceSettings = z.infer<typeof toleranceSettings>;

/**
 * `identical`: the same bytes and the same last values. `within tolerance`: every number is close enough, and so is every output
 * that can be read as numbers. `differs`: one is not, or an output is missing. `could not run`: there is nothing to judge.
 */
export const verdict = z.enum(['identical', 'within tolerance', 'differs', 'could not run']);
export type Verdict = z.infer<typeof verdict>;

export const judgedMetric = z.object({
  name: z.string(),
  /** Last values, of the run and of its reproduction. */
  a: z.number().nullable(),
  b: z.number().nullable(),
  state: z.enum(['equal', 'within', 'differs', 'missing', 'not judged']),
  /** Why it is not judged, or what there is to say beside the values; null else. */
  why: z.string().nullable(),
});
export type JudgedMetric = z.infer<typeof judgedMetric>;

export const judgedOutput = z.object({
  path: z.string(),
  /** `other bytes`: the files differ, and nothing is known that could say by how much. */
  state: z.enum(['equal', 'within', 'differs', 'missing', 'other bytes']),
  /** The greatest difference, or why it cannot be told; null for equal bytes. */
  detail: z.string().nullable(),
});
export type JudgedOutput = z.infer<typeof judgedOutput>;

export const reproductionState = z.enum(['preparing', 'running', 'judging', 'repeating', 'ended']);

/** The run run again with other seeds, to learn how far its results spread. */
const seedRepeat = z.object({
  runId: z.string(),
  /** Which seeds were changed and how; null where none was found: then it is the same command again. */
  seeds: z.string().nullable(),
});

export const reproductionRecord = z.object({
  id: z.string(),
  /** The run that is reproduced. */
  ofRunId: z.string(),
  /** The run whose results it is judged by: the reproduced one, or an earlier reproduction, which tells whether it is deterministic. */
  againstRunId: z.string(),
  /** The run that was made for it; null before it was started, and where it could not be. */
  runId: z.string().nullable(),
  state: reproductionState,
  verdict: verdict.nullable(),
  /** Why, in a sentence; null while it goes on. */
  why: z.string().nullable(),
  metrics: z.array(judgedMetric),
  outputs: z.array(judgedOutput),
  /** What was not as it was then, and stands beside the verdict. */
  caveats: z.array(z.string()),
  tolerance: toleranceSettings,
  repeats: z.array(seedRepeat).default([]),
  startedAt: z.number(),
  endedAt: z.number().nullable(),
});
export type Reproduction = z.infer<typeof reproductionRecord>;

const runId = z.object({ runId: z.string() });

export const reproduction = {
  readiness: procedure('What is there to run a run once more, and what is missing.', runId, readiness),
  start: procedure(
    'Runs a run once more in a folder of its own and judges what comes of it. Answers at once. The user’s folder is not touched.',
    runId.extend({
      tolerance: toleranceSettings.prefault({}),
      /** Judged by the results of this run; by those of the reproduced one when left out. */
      againstRunId: z.string().optional(),
    }),
    reproductionRecord,
  ),
  cancel: procedure(
    'Ends a reproduction and the run that it is at.',
    z.object({ id: z.string() }),
    z.object({}),
  ),
  one: procedure('One reproduction, as it stands.', z.object({ id: z.string() }), reproductionRecord),
  ofRun: procedure('The reproductions of a run, the newest first.', runId, z.array(reproductionRecord)),
};
