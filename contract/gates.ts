import { z } from 'zod';
import { approvalRequest } from './approval-request.ts';
import {
  checkLevel,
  checkName,
  checkResult,
  gateEnvironment,
  gateReport,
  predictionSource,
} from './gate-report.ts';
import { checkNames } from './word-lists.ts';
import { importanceQuestion, modelImportance } from './model-importance.ts';
import { problem } from './pipelines.ts';
import { procedure, stream } from './rpc/procedure.ts';
import { disagreementPage, versionComparison, versionMatrix } from './version-comparison.ts';

export const judgeEvent = z.discriminatedUnion('kind', [
  /** A check is begun; `what` tells of a part that takes long. */
  z.object({ kind: z.literal('progress'), check: checkName, what: z.string() }),
  z.object({ kind: z.literal('check'), result: checkResult }),
  z.object({ kind: z.literal('done'), report: gateReport }),
]);
export type JudgeEvent = z.infer<typeof judgeEvent>;

const model = z.string().min(1).max(256);
const versionNumber = z.number().int().min(1);
const versionInEnvironment = z.object({ model, version: versionNumber, environment: gateEnvironment });
const reason = z.string().trim().min(1).max(4000);
export const skippedCheck = z.object({ check: checkName, reason });
export type SkippedCheck = z.infer<typeof skippedCheck>;

const comment = z.string().max(4000).default('');

export const gates = {
  checks: procedure(
    'What a project judges its versions by: its checks.yaml, or what holds without one; mistakes with their places.',
    z.object({ projectId: z.string() }),
    z.object({
      file: z.string().nullable(),
      levels: z.array(
        z.object({ check: checkName, staging: checkLevel.nullable(), production: checkLevel.nullable() }),
      ),
      problems: z.array(problem),
    }),
  ),
  addPredictions: procedure(
    'Keeps a file of predictions (CSV, TSV or Parquet) of a version on held-out rows, as evidence. Reads it, and changes nothing.',
    z.object({ model, version: versionNumber, path: z.string().min(1).max(4096) }),
    predictionSource,
  ),
  importance: procedure(
    'How much the answers of a version rest on each column of a table: each in turn is shuffled, and the model asked again in the environment of its run. Kept for the content of the table.',
    importanceQuestion,
    modelImportance,
  ),
  holder: procedure(
    'The version that is in an environment now: the champion in production, the challenger in staging.',
    z.object({ model, environment: gateEnvironment }),
    z.object({ version: z.number().nullable() }),
  ),
  judge: stream(
    'Judges a version for an environment, check by check, and keeps the report. Leaving ends what it started.',
    versionInEnvironment.extend({ skips: z.array(skippedCheck).max(checkNames.length).default([]) }),
    judgeEvent,
  ),
  report: procedure(
    'The latest report on a version for an environment; null when it was not judged.',
    versionInEnvironment,
    gateReport.nullable(),
  ),
  compare: procedure(
    'A version beside the one that is in an environment, from what was kept when it was judged, and what their runs do not share. Measures nothing; says what of it is out of date or missing.',
    versionInEnvironment,
    versionComparison,
  ),
  disagreements: procedure(
    'Rows in which a version and the one it was held against say something else, those farthest apart first, by the report that has them.',
    z.object({
      reportId: z.string(),
      /** The place of the last one that is known; 0 for the first. */
      after: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    disagreementPage,
  ),
  matrix: procedure(
    'What is in development (the newest version), staging and production, and in what of code, model, data and environment each is another than in production.',
    z.object({ model }),
    versionMatrix,
  ),
  requests: procedure(
    'Requests to promote, the latest first: those that wait, or all, of a model or of all.',
    z.object({
      model: model.optional(),
      isWaiting: z.boolean().default(true),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    z.array(approvalRequest),
  ),
  request: procedure(
    'Asks that a version be promoted. Throws `conflict` where that waits already, or it is there already.',
    versionInEnvironment.extend({ comment }),
    approvalRequest,
  ),
  approve: procedure(
    'Approves what waits and promotes the version with it. Throws `conflict` while a check blocks that is not skipped with a reason, or its report is out of date.',
    versionInEnvironment.extend({
      comment,
      skips: z.array(skippedCheck).max(checkNames.length).default([]),
    }),
    approvalRequest,
  ),
  refuse: procedure(
    'Refuses what waits. Nothing is promoted.',
    versionInEnvironment.extend({ comment: reason }),
    approvalRequest,
  ),
};
