import { z } from 'zod';
import { procedure, stream } from './rpc/procedure.ts';
import { runGap } from './run-gap.ts';

export const runStatus = z.enum(['queued', 'running', 'finished', 'failed', 'killed', 'lost']);
export type RunStatus = z.infer<typeof runStatus>;

/** One metric of one run, summed up. Values may be NaN or infinite. */
export const metricSummary = z.object({
  last: z.number(),
  lastStep: z.number(),
  /** Over finite values; null when there is none. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  count: z.number(),
  /** True when the engine read the metric from plain output instead of being told. */
  isGuessed: z.boolean(),
  /** The name it was read under, where a rule of its project gives it another. */
  readName: z.string().optional(),
});
export type MetricSummary = z.infer<typeof metricSummary>;

export const run = z.object({
  id: z.string(),
  name: z.string(),
  projectId: z.string().nullable(),
  experimentId: z.string(),
  parentRunId: z.string().nullable(),
  status: runStatus,
  /** How it ended, in words: "exit code 1", "killed by SIGKILL", "lost: machine restarted". Null while it goes on. */
  ending: z.string().nullable(),
  exitCode: z.number().nullable(),
  /** Milliseconds UTC. */
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** When it stood still in between; not part of its duration. */
  gaps: z.array(runGap),
  /** As argv; empty for a run that another program logged. */
  command: z.array(z.string()),
  workingFolder: z.string().nullable(),
  /** Who recorded it: the engine's own runner, an MLflow client, or the sample's recordings. */
  source: z.enum(['runner', 'mlflow', 'recording']),
  isStarred: z.boolean(),
  note: z.string(),
  isDeleted: z.boolean(),
  params: z.record(z.string(), z.string()),
  metrics: z.record(z.string(), metricSummary),
  tags: z.record(z.string(), z.string()),
});
export type Run = z.infer<typeof run>;

export const runOrder = z.object({
  /**
   * A word for what a run has (`created`, `name`, `duration` …), or `params.<name>`, `tags.<name>`, or of a metric
   * `metrics.<name>` (its last value), `min.<name>`, `max.<name>`.
   */
  by: z.string().max(300),
  descending: z.boolean(),
});
export type RunOrder = z.infer<typeof runOrder>;

/** Runs of one project or of all, in the bin or not, that a filter lets through (docs/search.md has its grammar). */
export const countRuns = z.object({
  projectId: z.string().optional(),
  text: z.string().max(4000).default(''),
  deleted: z.boolean().default(false),
  /** Whether runs that Benchtop made to judge a version count as well; they do where the filter asks for their tag. */
  evidence: z.boolean().default(false),
});

export const runSearch = countRuns.extend({
  /** The first counts most. Params are ordered by their numbers where they are numbers. */
  order: z
    .array(runOrder)
    .max(8)
    .default([{ by: 'created', descending: true }]),
  limit: z.number().int().min(1).max(1000).default(200),
  /** `next` of the page before. */
  after: z.string().max(2000).optional(),
  /** Rows to leave out before the page: for a jump into the middle, where no page before it was read. */
  offset: z.number().int().min(0).max(10_000_000).default(0),
});

export const runPage = z.object({
  runs: z.array(run),
  /** Runs that match, over all pages; where counting would take longer than the page itself, those of this page. */
  matched: z.number(),
  /** False: there are more than `matched`; `countRuns` tells. */
  isMatchedExact: z.boolean(),
  /** Runs in the project, matching or not. */
  total: z.number(),
  /** Runs of the project that Benchtop made to judge versions, whether they are among these or not. */
  evidenceCount: z.number(),
  next: z.string().nullable(),
});
export type RunPage = z.infer<typeof runPage>;

/**
 * One series made ready for a drawing: at most four points a bucket (first, least, greatest, last), so that a line through
 * them covers the same pixels as a line through all points. Columns have equal length and are ordered along the axis.
 */
export const seriesView = z.object({
  runId: z.string(),
  key: z.string(),
  /** Points stored in the range asked for; equal to the columns' length when nothing was left out. */
  pointCount: z.number(),
  steps: z.instanceof(Float64Array),
  /** Milliseconds UTC. */
  times: z.instanceof(Float64Array),
  values: z.instanceof(Float64Array),
});
export type SeriesView = z.infer<typeof seriesView>;

export const artifact = z.object({
  path: z.string(),
  isFolder: z.boolean(),
  sizeBytes: z.number(),
  /** sha256 of the content; null for a folder, and for a file that a client keeps at a location of its own. */
  objectId: z.string().nullable(),
});
export type Artifact = z.infer<typeof artifact>;

/** What a person said of a measure that is read from consoles and files, for all runs of a project. */
export const measureRule = z.object({
  /** As it is read. */
  name: z.string().min(1).max(250),
  /** The name it is shown under; null: it is ignored. */
  shownName: z.string().min(1).max(250).nullable(),
});
export type MeasureRule = z.infer<typeof measureRule>;

const runIds = z.array(z.string()).max(1000);
const projectId = z.object({ projectId: z.string() });

export const tracking = {
  searchRuns: procedure('One page of runs, filtered and ordered in the store.', runSearch, runPage),
  countRuns: procedure('How many runs match.', countRuns, z.object({ matched: z.number() })),
  run: procedure('One run, whole.', z.object({ runId: z.string() }), run),
  series: procedure(
    'Metric series of several runs, thinned for a chart of `points` columns without losing a spike.',
    z.object({
      runIds,
      /** All of the runs' metrics when left out. */
      keys: z.array(z.string()).max(200).optional(),
      axis: z.enum(['step', 'time']).default('step'),
      from: z.number().optional(),
      to: z.number().optional(),
      points: z.number().int().min(10).max(10_000).default(1000),
    }),
    z.array(seriesView),
  ),
  updateRun: procedure(
    'Changes what a person may change: name, note, star, tags.',
    z.object({
      runId: z.string(),
      name: z.string().min(1).max(250).optional(),
      note: z.string().max(20_000).optional(),
      isStarred: z.boolean().optional(),
      setTags: z.record(z.string().max(250), z.string().max(8000)).optional(),
      removeTags: z.array(z.string()).optional(),
    }),
    run,
  ),
  deleteRuns: procedure('Puts runs into the bin; nothing is erased.', z.object({ runIds }), z.object({})),
  restoreRuns: procedure('Takes runs back out of the bin.', z.object({ runIds }), z.object({})),
  artifacts: procedure(
    'The files below a folder of a run’s artifacts.',
    z.object({ runId: z.string(), folder: z.string().default('') }),
    z.array(artifact),
  ),
  artifactBytes: procedure(
    'Bytes from `offset` of an artifact without an object: a file at a location of the client’s own on this machine.',
    z.object({
      runId: z.string(),
      path: z.string().max(4096),
      offset: z.number().int().min(0).default(0),
      limit: z
        .number()
        .int()
        .min(1)
        .max(8 * 1024 * 1024)
        .default(1024 * 1024),
    }),
    z.object({ bytes: z.instanceof(Uint8Array), sizeBytes: z.number() }),
  ),
  measureRules: procedure('The rules of a project, by name.', projectId, z.array(measureRule)),
  setMeasureRule: procedure(
    'Renames or ignores a measure that is read, in the runs of a project that there are and in all to come. No point is lost.',
    projectId.extend(measureRule.shape),
    z.object({}),
  ),
  removeMeasureRule: procedure(
    'Takes a rule away: what it renamed or hid is there again under its own name.',
    projectId.extend({ name: z.string() }),
    z.object({}),
  ),
  changes: stream(
    'Which runs changed in any way but their series, and that something in the registry or of monitors did. `reset` means: ask everything anew.',
    z.object({}),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('runs'), runIds: z.array(z.string()) }),
      z.object({ kind: z.literal('projects') }),
      z.object({ kind: z.literal('models') }),
      z.object({ kind: z.literal('monitors') }),
      z.object({ kind: z.literal('reset') }),
    ]),
  ),
  growth: stream(
    'New points of series as they are stored, all runs or some. `reset` means: points were missed, ask for the series anew.',
    z.object({ runIds: runIds.optional() }),
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('points'), series: z.array(seriesView.omit({ pointCount: true })) }),
      z.object({ kind: z.literal('reset') }),
    ]),
  ),
};
