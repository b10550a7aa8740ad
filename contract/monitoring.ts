import { z } from 'zod';
import { driftColumn } from './drift.ts';
import { modelImportance } from './model-importance.ts';
import { chunkPerformance, lateLabels, performanceColumns } from './performance.ts';
import { triggerCondition } from './pipeline-triggers.ts';
import { procedure, stream } from './rpc/procedure.ts';
import { chunkPeriods } from './word-lists.ts';

/** A path, absolute or relative to the project. */
const path = z.string().min(1).max(4096);
const columnName = z.string().min(1).max(1000);

/** What is held to be right. */
export const monitorReference = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('file'),
    path,
    /** Only the rows from this time on, and before that one, by the time column of the chunks (`2013-01-01`); null for all. */
    from: z.string().max(40).nullable().default(null),
    before: z.string().max(40).nullable().default(null),
  }),
  /** A table of a recorded data version: by its path in it, empty for a version of a single file. */
  z.object({
    kind: z.literal('version'),
    version: z.string().regex(/^[0-9a-f]{64}$/),
    path: z.string().max(4096).default(''),
  }),
]);
export type MonitorReference = z.infer<typeof monitorReference>;

/** How what comes is cut into chunks. */
export const chunkRule = z.discriminatedUnion('by', [
  /** The source is a folder; each table in it is a chunk, in the order of their names. */
  z.object({ by: z.literal('file') }),
  /** The source is a table; its rows belong to the period that a time column tells. */
  z.object({ by: z.literal('time'), column: columnName, every: z.enum(chunkPeriods) }),
  /** The source is a table that grows; a chunk is so many rows, in their order. The last ones wait until there are as many. */
  z.object({ by: z.literal('rows'), count: z.number().int().min(1).max(1_000_000_000) }),
]);
export type ChunkRule = z.infer<typeof chunkRule>;

/** What tells how well a model answers; `prediction` of the monitor is then the class that it told. */
export const watchedPerformance = performanceColumns
  .pick({ probabilities: true, label: true, positive: true, predictedAt: true })
  .extend({
    /** Labels that come later, in a table or a folder of tables; null where a chunk brings its own. */
    labels: lateLabels.nullable().default(null),
  });
export type WatchedPerformance = z.infer<typeof watchedPerformance>;

/** What a person says of a monitor. */
export const monitorSettings = z.object({
  name: z.string().trim().min(1).max(200),
  /** The registered model that it is about, as `late`, `late@champion` or `late/3`; null when it is about the data. */
  model: z.string().max(256).nullable().default(null),
  reference: monitorReference,
  source: z.object({ path, chunks: chunkRule }),
  /** The column that holds what a model said; null without one. */
  prediction: columnName.nullable().default(null),
  /** How well the model answers is told of each chunk; null for a monitor of data alone. */
  performance: watchedPerformance.nullable().default(null),
  /** Columns that nothing is said of. */
  ignored: z.array(columnName).max(1000).default([]),
  /** A column alarms when this share of rows moved beyond chance; null for what `benchtop drift` calls drift. */
  leastMoved: z.number().gt(0).lt(1).nullable().default(null),
  /** An incident ends after so many chunks in a row without an alarm. */
  quietChunks: z.number().int().min(1).max(1000).default(2),
  /** When it is run by itself; null for only by hand. */
  schedule: triggerCondition.nullable().default(null),
  /** Of a schedule's times: an IANA name such as `Europe/Berlin`. */
  timeZone: z.string().max(100).default('UTC'),
});
export type MonitorSettings = z.infer<typeof monitorSettings>;

/** `software`: can it be read, and has it the columns; `input`: what a model is given; `output`: what it said; `performance`: how right. */
export const monitorPanels = ['software', 'input', 'output', 'performance'] as const;
export const monitorPanel = z.enum(monitorPanels);
export type MonitorPanel = z.infer<typeof monitorPanel>;

/** From least to most; `harm` is a model that answers worse, `broken` what could not be read, or lacks a column. */
export const severities = ['small', 'medium', 'large', 'harm', 'broken'] as const;
export const severity = z.enum(severities);

/** One reason for an alarm. */
export const monitorAlarm = z.object({
  panel: monitorPanel,
  /** Null where it is about the whole chunk. */
  column: z.string().nullable(),
  severity,
  /** In words. */
  about: z.string(),
  /** The share of rows that moved; null of what is broken. */
  moved: z.number().nullable(),
});
export type MonitorAlarm = z.infer<typeof monitorAlarm>;

/**
 * Why a model answers as it does: inputs moved, and it holds (`data-drift` beside the verdict `as-before`) or falls as its probabilities
 * foresaw; what follows from the inputs has changed, which only labels tell (`concept-drift`); or both.
 */
export const driftCause = z.enum(['none', 'data-drift', 'concept-drift', 'both']);
export type DriftCause = z.infer<typeof driftCause>;

export const judgedPerformance = chunkPerformance.extend({
  /** `worse` where a metric lies below what chunks of the reference had: by labels where all are in, else as estimated. */
  verdict: z.enum(['as-before', 'worse', 'not-enough-data']),
  cause: driftCause,
  /** In words: what moved, and whether the model suffers. */
  about: z.string(),
});
export type JudgedPerformance = z.infer<typeof judgedPerformance>;

/** One chunk as it was judged last. */
export const judgedChunk = z.object({
  id: z.number(),
  /** What it is known by: a file's path, the begin of a period, the number of its first row. Chunks are in its order. */
  key: z.string(),
  label: z.string(),
  judgedAt: z.number(),
  elapsedMs: z.number(),
  /** `failed` where it could not be read. */
  verdict: z.enum(['alarm', 'quiet', 'not-enough-data', 'failed']),
  /** The gravest first. */
  alarms: z.array(monitorAlarm),
  /** Of the rows judged; null where they could not be read. */
  rowCount: z.number().nullable(),
  /** The share of empty cells in all columns that are compared; null where there are none. */
  missingShare: z.number().nullable(),
  /** Columns that only the reference has, only the chunk has. */
  removed: z.array(z.string()),
  added: z.array(z.string()),
  /** Columns that are held by another type than in the reference, in words. */
  retyped: z.array(z.string()),
  /** Why it could not be read. */
  error: z.string().nullable(),
  /** Null where it is not watched, or could not be told. */
  performance: judgedPerformance.nullable(),
  /** Columns looked at, and how many of them alarm, by panel. */
  counts: z.object({
    input: z.object({ columns: z.number(), alarms: z.number() }),
    output: z.object({ columns: z.number(), alarms: z.number() }),
  }),
});
export type JudgedChunk = z.infer<typeof judgedChunk>;

/** A column over all chunks. */
export const columnHistory = z.object({
  name: z.string(),
  panel: z.enum(['input', 'output']),
  /** One for each chunk, in their order; null where the chunk has no such column or could not be read. */
  cells: z.array(
    z
      .object({
        verdict: driftColumn.shape.verdict,
        isAlarm: z.boolean(),
        /** Null where nothing was compared. */
        moved: z.number().nullable(),
        size: z.enum(['negligible', 'small', 'medium', 'large']).nullable(),
      })
      .nullable(),
  ),
  /** In how many chunks it alarms, and the largest share of rows that moved in one. */
  alarmCount: z.number(),
  mostMoved: z.number().nullable(),
  /** How much the answers of the model rest on it; null where that is not known, or the model does not take it. */
  importance: z.number().nullable(),
});
export type ColumnHistory = z.infer<typeof columnHistory>;

/** A time over which chunks alarm: told once, however many they are. */
export const incident = z.object({
  id: z.number(),
  monitorId: z.string(),
  openedAt: z.number(),
  /** The labels of the first and of the last chunk that alarmed. */
  firstChunk: z.string(),
  lastChunk: z.string(),
  alarmedCount: z.number(),
  /** Chunks without an alarm since the last one that had one. */
  quietCount: z.number(),
  severity,
  /** In a sentence: the gravest alarm of the gravest chunk. */
  about: z.string(),
  /** The first of the gravest chunks by its label, and how much is amiss in it: the shares of rows that moved, over all its alarms. */
  gravest: z.object({ chunk: z.string(), amiss: z.number() }),
  /** The gravest alarms, each column once, with the chunk that they were gravest in. */
  evidence: z.array(monitorAlarm.extend({ chunk: z.string() })),
  closedAt: z.number().nullable(),
  closedBy: z.enum(['quiet', 'person']).nullable(),
  note: z.string(),
  /** Nothing is told of it until then; null when it is not put off. */
  snoozedUntil: z.number().nullable(),
});
export type Incident = z.infer<typeof incident>;

export const monitor = monitorSettings.extend({
  id: z.string(),
  projectId: z.string(),
  createdAt: z.number(),
  /** When its time comes next; null for one without times. */
  nextAt: z.number().nullable(),
  isRunning: z.boolean(),
  /** The last time that all there was had been judged, or why it could not. */
  lastRun: z
    .object({
      at: z.number(),
      elapsedMs: z.number(),
      judgedCount: z.number(),
      problem: z.string().nullable(),
      /** What the columns are to its model, by its reference; null where it has none, or that could not be told, and why. */
      importance: modelImportance.nullable().default(null),
      importanceProblem: z.string().nullable().default(null),
    })
    .nullable(),
  /** Why it cannot look for what it waits for; null when it can. */
  problem: z.string().nullable(),
  chunkCount: z.number(),
  alarmedCount: z.number(),
  /** The 24 that were judged last, in the order of their keys. */
  recent: z.array(
    judgedChunk
      .pick({ label: true, verdict: true })
      .extend({ alarmCount: z.number(), columnCount: z.number() }),
  ),
  openIncident: incident.nullable(),
});
export type Monitor = z.infer<typeof monitor>;

export const monitorEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), what: z.string(), done: z.number(), of: z.number() }),
  z.object({
    kind: z.literal('done'),
    /** Chunks that were judged now, and those whose content had been judged before. */
    judgedCount: z.number(),
    knownCount: z.number(),
    /** Rows at the end that wait for a whole chunk. */
    waitingRows: z.number(),
    elapsedMs: z.number(),
    opened: z.array(incident),
  }),
]);
export type MonitorEvent = z.infer<typeof monitorEvent>;

export const monitorResults = z.object({
  /** In a sentence: how many chunks alarm, and the gravest alarm of the gravest. */
  about: z.string(),
  /** The latest 500, in the order of their keys. */
  chunks: z.array(judgedChunk),
  chunkCount: z.number(),
  /** Those that alarm most often first; where importance is known, of those that alarm the most that moved times importance. */
  columns: z.array(columnHistory),
  /** What the columns are to the model. */
  importance: modelImportance.nullable(),
  /** The first of the gravest chunks; null where none alarms. */
  gravestChunkId: z.number().nullable(),
});
export type MonitorResults = z.infer<typeof monitorResults>;

const byId = z.object({ monitorId: z.string() });

export const monitoring = {
  monitors: procedure(
    'The monitors of a project, or of all, the oldest first.',
    z.object({ projectId: z.string().optional() }),
    z.array(monitor),
  ),
  add: procedure(
    'Adds a monitor. Nothing is read yet but what its schedule watches.',
    monitorSettings.extend({ projectId: z.string() }),
    monitor,
  ),
  change: procedure(
    'Changes what is named of a monitor. Chunks that were judged by other rules are judged anew at its next run.',
    byId.extend({ change: monitorSettings.partial() }),
    monitor,
  ),
  remove: procedure(
    'Removes a monitor with its results. Until the engine ends it can come back.',
    byId,
    z.object({}),
  ),
  restore: procedure('Brings a removed monitor back, with its results.', byId, monitor),
  run: stream(
    'Judges every chunk whose content was not judged before. Leaving ends it; what was judged stays.',
    byId,
    monitorEvent,
  ),
  results: procedure('Chunks and columns of a monitor, as they were judged last.', byId, monitorResults),
  column: procedure(
    'One column of one judged chunk in full: test, effect, distances, bins.',
    z.object({ chunkId: z.number(), name: z.string() }),
    driftColumn,
  ),
  incidents: procedure(
    'Incidents, the latest first: of a monitor, of a project, or of all.',
    z.object({
      monitorId: z.string().optional(),
      projectId: z.string().optional(),
      isOpen: z.boolean().optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.array(incident),
  ),
  changeIncident: procedure(
    'Keeps a note on an incident, puts it off until a time, or closes it.',
    z.object({
      incidentId: z.number(),
      note: z.string().max(10_000).optional(),
      snoozedUntil: z.number().nullable().optional(),
      isClosed: z.literal(true).optional(),
    }),
    incident,
  ),
  report: procedure(
    'What a monitor found as one HTML page that needs nothing else.',
    byId,
    z.object({ html: z.string() }),
  ),
};
