import { z } from 'zod';
import { checkNames, gateEnvironments } from './word-lists.ts';

export const checkName = z.enum(checkNames);
export type CheckName = z.infer<typeof checkName>;

export const gateEnvironment = z.enum(gateEnvironments);
export type GateEnvironment = z.infer<typeof gateEnvironment>;

/** What a failed check does: keeps the version from being promoted, or is told beside. */
export const checkLevel = z.enum(['block', 'warn']);
export type CheckLevel = z.infer<typeof checkLevel>;

/**
 * `failed` and `could not judge` keep a version from being promoted. `warning`: it failed, or there is something to say, and that keeps
 * nobody from anything.
 */
export const checkState = z.enum(['passed', 'failed', 'warning', 'skipped', 'could not judge']);
export type CheckState = z.infer<typeof checkState>;

/** Something that shows it, with where to look. */
export const gateEvidence = z.object({
  text: z.string(),
  runId: z.string().nullable().default(null),
  /** sha256 of a stored file. */
  objectId: z.string().nullable().default(null),
});
export type GateEvidence = z.infer<typeof gateEvidence>;

export const checkResult = z.object({
  check: checkName,
  level: checkLevel,
  state: checkState,
  /** In a sentence, with the figures. */
  what: z.string(),
  evidence: z.array(gateEvidence),
  /** What would help; null where nothing needs to. */
  next: z.string().nullable(),
  /** Set where a person said not to judge it. */
  skip: z.object({ reason: z.string(), who: z.string(), at: z.number() }).nullable(),
  elapsedMs: z.number(),
});
export type CheckResult = z.infer<typeof checkResult>;

/** A value with what it may be at the confidence of the evaluation. NaN where it has none. */
export const estimate = z.object({ value: z.number(), low: z.number(), high: z.number() });
export type Estimate = z.infer<typeof estimate>;

export const metricDelta = z.object({
  name: z.string(),
  isLowerBetter: z.boolean(),
  candidate: estimate,
  /** Null where there is no champion, or no predictions of it. */
  champion: estimate.nullable(),
  /** By how much the candidate is better on the very same rows; positive is better. */
  gain: estimate.extend({ method: z.enum(['bca', 'percentile']), resamples: z.number() }).nullable(),
});
export type MetricDelta = z.infer<typeof metricDelta>;

export const sliceResult = z.object({
  column: z.string(),
  value: z.string(),
  rowCount: z.number(),
  /** Of the metric that decides. Null for too few rows. */
  candidate: estimate.nullable(),
  champion: estimate.nullable(),
  /** By how much the candidate is better on these rows; null where either has no value, or an earlier Benchtop judged. */
  gain: estimate.nullable().default(null),
});
export type SliceResult = z.infer<typeof sliceResult>;

/** Where predictions came from: a file that was given, or a run of the model in its own environment. */
export const predictionSource = z.object({
  objectId: z.string(),
  /** Of the file as it was given or made. */
  name: z.string(),
  madeBy: z.enum(['file', 'model']),
  runId: z.string().nullable(),
  at: z.number(),
});
export type PredictionSource = z.infer<typeof predictionSource>;

/** Time for one row at a time, in the model's own environment. */
export const latency = z.object({ p50Ms: z.number(), p95Ms: z.number(), rowCount: z.number() });
export type Latency = z.infer<typeof latency>;

export const evaluation = z.object({
  /** What decides. */
  metric: z.string(),
  metrics: z.array(metricDelta),
  /** Metrics that were asked for and cannot be had, with the reason. */
  unavailable: z.array(z.object({ name: z.string(), why: z.string() })),
  slices: z.array(sliceResult),
  rowCount: z.number(),
  /** Rows in which the two sides say something else; null without a champion. */
  disagreementCount: z.number().nullable(),
  /** Of these, in how many each is right, or nearer to what is true. Null also where an earlier Benchtop judged. */
  closer: z.object({ candidate: z.number(), champion: z.number() }).nullable().default(null),
  /** The class that is looked for; null for numbers and for more classes than two. */
  positive: z.string().nullable(),
  /** The held-out data, as a version; null where the predictions brought their labels with them. */
  dataVersion: z.string().nullable(),
  candidate: predictionSource,
  champion: predictionSource.nullable(),
  seed: z.number(),
  confidence: z.number(),
  method: z.enum(['bca', 'percentile']),
});
export type Evaluation = z.infer<typeof evaluation>;

export const gateReport = z.object({
  id: z.string(),
  model: z.string(),
  version: z.number(),
  environment: gateEnvironment,
  startedAt: z.number(),
  endedAt: z.number(),
  /** The file that says what is judged, with its sha256; null for the checks that hold where there is none. */
  checksFile: z.object({ path: z.string(), sha256: z.string() }).nullable(),
  /** The version that it was held against; null where there is none in that environment. */
  champion: z.number().nullable(),
  results: z.array(checkResult),
  evaluation: evaluation.nullable(),
  latency: latency.nullable(),
  /** Checks that keep it from being promoted. */
  blockers: z.array(checkName),
});
export type GateReport = z.infer<typeof gateReport>;
