import { z } from 'zod';

/** How well a classifier answers; of several classes the mean over them, each held against the rest. */
export const performanceMetric = z.enum(['auc', 'accuracy', 'f1', 'precision', 'recall']);
export type PerformanceMetric = z.infer<typeof performanceMetric>;

/** For people. */
export const performanceMetricNames: Readonly<Record<PerformanceMetric, string>> = {
  auc: 'ROC-AUC',
  accuracy: 'accuracy',
  f1: 'F1',
  precision: 'precision',
  recall: 'recall',
};

const name = z.string().min(1).max(1000);
const path = z.string().min(1).max(4096);

/** Which columns hold what a classifier said, and what was true. */
export const performanceColumns = z.object({
  /** The probability of the positive class; of several classes a column for each. */
  probabilities: z.union([
    name,
    z.record(name, name).refine((each) => Object.keys(each).length >= 2, 'two classes at least'),
  ]),
  /** The class that was told; when left out the likeliest, of two the one that is looked for from a probability of 0.5 on. */
  prediction: name.nullable().default(null),
  /** The class that was true; the reference must have it. */
  label: name,
  /** The class that is looked for, where there are two: `1` or `true` when left out. */
  positive: name.nullable().default(null),
  /** When a prediction was made; chunks are named by it. */
  predictedAt: name.nullable().default(null),
});
export type PerformanceColumns = z.infer<typeof performanceColumns>;

/** Of two classes one column, of several one for each in the order of their names. */
export const probabilityColumnsOf = ({
  probabilities,
}: Pick<PerformanceColumns, 'probabilities'>): string[] =>
  typeof probabilities === 'string'
    ? [probabilities]
    : Object.entries(probabilities)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([, column]) => column);

/** Labels that came later, in a table of their own: joined by the id of a prediction. */
export const lateLabels = z.object({
  path,
  /** The same name in both tables. */
  id: name,
  /** When a label came to be known; the latest of an id counts. */
  labelledAt: name.nullable().default(null),
  /** So long after a prediction its label is there, if it ever comes. */
  maturityMs: z.number().positive().nullable().default(null),
});
export type LateLabels = z.infer<typeof lateLabels>;

export const performanceQuestion = z.object({
  reference: path,
  current: path,
  columns: performanceColumns,
  /** Rows of a chunk; a tenth of the reference when left out. */
  chunkRows: z.number().int().positive().nullable().default(null),
  labels: lateLabels.nullable().default(null),
});
export type PerformanceQuestion = z.infer<typeof performanceQuestion>;

/** A metric over one chunk. */
const chunkValue = z.object({
  metric: performanceMetric,
  /** What it should be by the probabilities, made honest on the reference (CBPE); null where nothing can be said. */
  estimated: z.number().nullable(),
  /** The standard error of so many rows, and the estimate less and more three of them. */
  samplingError: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  /** The estimate lies outside of what the chunks of the reference had, three standard deviations to both sides. */
  isAlarm: z.boolean(),
  /** By the labels that are known now; null without any. */
  realised: z.number().nullable(),
  /** The same for `realised`; only of a chunk whose labels are in. */
  isRealisedAlarm: z.boolean(),
  /** What was told when the last label fell due, where labels that came or were corrected later have changed it since. */
  before: z.number().nullable(),
});

/** Labels of a chunk. */
const chunkLabels = z.object({
  labelledCount: z.number(),
  /** Of all rows of the chunk, 0 to 1. */
  coverage: z.number(),
  /** The last of its predictions is older than labels take. */
  isMature: z.boolean(),
  /** Rows whose label came or changed after it fell due. */
  restatedCount: z.number(),
});

export const performanceChunk = z.object({
  side: z.enum(['reference', 'current']),
  /** Places of its first and last row, from 0. */
  from: z.number(),
  to: z.number(),
  /** Of its predictions, where their times are known. */
  startedAt: z.number().nullable(),
  endedAt: z.number().nullable(),
  /** Rows that count: with a probability and a prediction. */
  rowCount: z.number(),
  labels: chunkLabels.nullable(),
  values: z.array(chunkValue),
});
export type PerformanceChunk = z.infer<typeof performanceChunk>;

/** What was told beside what came true: of two classes of the one that is looked for, of several of the one that was told. */
export const reliability = z.object({
  /** Rows that have a label. */
  rowCount: z.number(),
  /** The mean distance of the told probability and the share that came true, over the rows, in ten bins of equal width; null without rows. */
  expectedError: z.number().nullable(),
  /** Those that hold rows: the mean of what was told, and the share that came true with its 95 % interval. */
  bins: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      count: z.number(),
      told: z.number(),
      cameTrue: z.number(),
      low: z.number(),
      high: z.number(),
    }),
  ),
});
export type Reliability = z.infer<typeof reliability>;

/** Of the reference, and of what has a label by now. */
const calibration = z.object({ reference: reliability, current: reliability });
export type Calibration = z.infer<typeof calibration>;

/** One chunk held against labelled answers, by itself. */
export const chunkPerformance = z.object({
  /** Rows that count: with a probability and a prediction. */
  rowCount: z.number(),
  /** Realised values decide where its labels are in; of labels in the same table those are in when every row that counts has its own. */
  labels: chunkLabels,
  calibration,
  values: z.array(
    chunkValue.extend({
      /** What chunks of the reference had, the mean less and more three standard deviations. */
      lowerThreshold: z.number().nullable(),
      upperThreshold: z.number().nullable(),
    }),
  ),
});
export type ChunkPerformance = z.infer<typeof chunkPerformance>;

export const performanceReport = z.object({
  /** `worse` where a chunk of the current data lies below what the reference had. */
  verdict: z.enum(['as-before', 'worse', 'other', 'not-enough-data']),
  /** In a sentence. */
  about: z.string(),
  problem: z.enum(['two-classes', 'several-classes']),
  /** In order; of two classes the one that is looked for comes last. */
  classes: z.array(z.object({ name: z.string(), isCalibrated: z.boolean() })),
  reference: z.object({ path: z.string(), rowCount: z.number(), leftOutCount: z.number() }),
  current: z.object({ path: z.string(), rowCount: z.number(), leftOutCount: z.number() }),
  metrics: z.array(
    z.object({
      metric: performanceMetric,
      /** Over the whole reference. */
      ofReference: z.number().nullable(),
      lowerThreshold: z.number().nullable(),
      upperThreshold: z.number().nullable(),
    }),
  ),
  chunks: z.array(performanceChunk),
  /** Whether the probabilities keep what they promise, as they were told. */
  calibration,
  /** Of the labels that came later; null where none were asked for. */
  labels: z
    .object({
      path: z.string(),
      /** Labels of no prediction that is known. */
      unmatchedCount: z.number(),
      /** Labels that a later one of the same id has replaced. */
      replacedCount: z.number(),
      /** The latest time that a label was known at. */
      knownUpTo: z.number().nullable(),
    })
    .nullable(),
});
export type PerformanceReport = z.infer<typeof performanceReport>;
