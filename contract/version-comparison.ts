import { z } from 'zod';
import { approvalRequest } from './approval-request.ts';
import { causeComparison } from './comparison.ts';
import { gateEnvironment, gateReport, latency, predictionSource } from './gate-report.ts';

/** The run that made a version, as far as a reader needs it. */
export const versionRun = z.object({ id: z.string(), name: z.string(), projectId: z.string().nullable() });

/** One side of a comparison: what is kept of it. */
export const comparedVersion = z.object({
  version: z.number(),
  /** Null where no run here made it. */
  run: versionRun.nullable(),
  fileCount: z.number(),
  sizeBytes: z.number(),
  /** Measured when it answered the held-out rows itself; null where it did not. */
  latency: latency.nullable(),
  predictions: predictionSource.nullable(),
});
export type ComparedVersion = z.infer<typeof comparedVersion>;

/** Why a report does not tell of what there is now, or what it lacks. */
export const staleEvidence = z.object({
  what: z.string(),
  /** How to get what holds. */
  next: z.string(),
  /** Whether a version cannot be approved by it. */
  isBlocking: z.boolean(),
});
export type StaleEvidence = z.infer<typeof staleEvidence>;

/**
 * What comes of it all. `mixed`: better on the whole and worse on a part, or slower by far. `alike`: chance may be all there is between them.
 * `kept back`: a check blocks. `unknown`: nothing tells, or what tells is out of date.
 */
export const verdictKinds = ['better', 'mixed', 'alike', 'worse', 'first', 'kept back', 'unknown'] as const;
export const versionVerdict = z.object({ kind: z.enum(verdictKinds), sentence: z.string() });
export type VersionVerdict = z.infer<typeof versionVerdict>;

/** A held-out row in which two versions say something else. */
export const disagreement = z.object({
  /** 1 for those farthest apart. */
  place: z.number(),
  /** The held-out row, from 1. */
  row: z.number(),
  /** What names it, where something does. */
  id: z.string().nullable(),
  label: z.string(),
  candidate: z.string(),
  champion: z.string(),
  /** Of the class that is looked for. */
  candidateScore: z.number().nullable(),
  championScore: z.number().nullable(),
  /** Between the scores, or the numbers that were predicted; 1 where only classes are known. */
  difference: z.number(),
  /** Who is right, or nearer to what is true; null for neither. */
  closer: z.enum(['candidate', 'champion']).nullable(),
  /** The row itself, its first columns. */
  cells: z.array(z.object({ column: z.string(), value: z.string().nullable() })),
});
export type Disagreement = z.infer<typeof disagreement>;

export const disagreementPage = z.object({
  rows: z.array(disagreement),
  /** Rows that are kept with their cells: the first of all that there are. */
  keptCount: z.number(),
});
export type DisagreementPage = z.infer<typeof disagreementPage>;

export const versionComparison = z.object({
  model: z.string(),
  environment: gateEnvironment,
  candidate: comparedVersion,
  /** The version that is in the environment now; null for none, and where that is the candidate itself. */
  champion: comparedVersion.nullable(),
  /** Whether the candidate is in the environment already. */
  isThere: z.boolean(),
  verdict: versionVerdict,
  /** The latest; null where it was not judged. */
  report: gateReport.nullable(),
  stale: z.array(staleEvidence),
  disagreements: disagreementPage,
  /** What their runs do not share, the champion first; null where one of them has none. */
  causes: z.array(causeComparison).nullable(),
  /** Requests for this version and environment, the latest first. */
  requests: z.array(approvalRequest),
  /** Who would decide now, as the history will name them. */
  who: z.string(),
});
export type VersionComparison = z.infer<typeof versionComparison>;

export const matrixParts = ['code', 'model', 'data', 'environment'] as const;
export const matrixPart = z.enum(matrixParts);
export type MatrixPart = z.infer<typeof matrixPart>;

/** One part of what is in a place, beside the same of the reference. */
export const matrixCell = z.object({
  part: matrixPart,
  /** What it is, in short: a commit, the version and the size of its files, data versions, a lock. */
  value: z.string(),
  /** `unknown`: of one of them nothing is recorded. */
  state: z.enum(['reference', 'same', 'differs', 'unknown']),
  /** What differs, in words, the first of it. */
  differences: z.array(z.string()),
  differenceCount: z.number(),
  /** What is not as it should be with it, whatever the others are; null for nothing. */
  problem: z.string().nullable(),
});
export type MatrixCell = z.infer<typeof matrixCell>;

export const matrixPlaces = ['development', 'staging', 'production'] as const;
export const matrixPlace = z.object({
  place: z.enum(matrixPlaces),
  /** The newest in development, the challenger in staging, the champion in production; null where there is none. */
  version: z.number().nullable(),
  run: versionRun.nullable(),
  /** Empty without a version. */
  cells: z.array(matrixCell),
});
export type MatrixPlace = z.infer<typeof matrixPlace>;

export const versionMatrix = z.object({
  model: z.string(),
  /** What the others are held against: production, or else staging. Null where there is nothing to hold against. */
  reference: z.enum(matrixPlaces).nullable(),
  places: z.array(matrixPlace),
});
export type VersionMatrix = z.infer<typeof versionMatrix>;
