import type Database from 'better-sqlite3';
import { randomUUID } from 'node:crypto';
import {
  newAssessmentId,
  putAssessment,
  putTrace,
  runIdsOf,
  setTraceMetadata,
  setTraceTags,
  traceArtifacts,
  traceOfAssessment,
  tracesByIds,
  type Pairs,
} from '../traces/index.ts';
import type { Call } from './endpoint.ts';
import { activeExperimentOf } from './experiments.ts';
import { invalid, type MlflowError } from './mlflow-error.ts';
import { checkLength, wrongValue } from './names.ts';
import { traceInfoV2Json, traceInfoJson } from './trace-answers.ts';
import { traceOf } from './trace-lookup.ts';
import { verdictOf, type AssessmentMessage, type traceInfoMessage } from './trace-messages.ts';

type TraceInfo = ReturnType<(typeof traceInfoMessage)['read']>;

/**
 * What a client says of a trace when it is over (version 3 calls it "start"). Its spans may have come before; what is
 * said here wins over what was read off them. Sent twice it changes nothing.
 */
export async function startTrace({ rooms }: Call, info: TraceInfo): Promise<object> {
  const traceId = info.trace_id ?? '';
  const experimentId = info.trace_location?.mlflow_experiment?.experiment_id ?? '';
  if (traceId === '') throw invalid("Missing value for required parameter 'trace.trace_info.trace_id'.");
  if (experimentId === '')
    throw invalid(
      "Missing value for required parameter 'trace.trace_info.trace_location.mlflow_experiment.experiment_id'.",
    );
  checkTraceId(traceId);
  const tags = givenTags(info.tags ?? []);
  const metadata = checkedSession(info.trace_metadata ?? []);
  const assessments = (info.assessments ?? []).map((given) => newAssessment(given, traceId, rooms.now()));
  const trace = await rooms.tracking.record('startTrace', (db) => {
    const experiment = activeExperimentOf(db, experimentId);
    refuseForeign(db, traceId, experiment.id, assessments);
    const id = putTrace(db, {
      traceId,
      experiment: experiment.id,
      startedAt: info.request_time ?? 0,
      durationMs: info.execution_duration ?? null,
      state: info.state ?? 'STATE_UNSPECIFIED',
      clientRequestId: info.client_request_id ?? null,
      requestPreview: withoutNul(info.request_preview),
      responsePreview: withoutNul(info.response_preview),
    });
    setTraceTags(db, id, [
      ...tags,
      ['mlflow.artifactLocation', traceArtifacts(experiment.artifactLocation, traceId)],
    ]);
    setTraceMetadata(db, id, [...metadata, ['mlflow.trace.infoFinalized', 'true']]);
    for (const assessment of assessments) putAssessment(db, id, assessment);
    return { value: traceOf(db, traceId), runIds: runIdsOf(db, [id]) };
  });
  return { trace: { trace_info: traceInfoJson(trace) } };
}

/** A trace stays in its experiment, and an assessment with its trace. @throws {MlflowError} */
function refuseForeign(
  db: Database.Database,
  traceId: string,
  experiment: number,
  assessments: readonly { readonly assessmentId: string }[],
): void {
  const [known] = tracesByIds(db, [traceId]);
  if (known !== undefined && known.experiment !== experiment) throw elsewhere(traceId);
  const foreign = assessments.find(({ assessmentId }) => {
    const owner = traceOfAssessment(db, assessmentId);
    return owner !== null && owner !== traceId;
  });
  if (foreign !== undefined)
    throw invalid(`Assessment with ID '${foreign.assessmentId}' belongs to another trace.`);
}

export const elsewhere = (traceId: string): MlflowError =>
  invalid(`Trace with ID '${traceId}' already exists in another experiment.`);

/** The start of version 2, which makes the id and tells the rest at the end. */
export async function startTraceV2(
  { rooms }: Call,
  given: { experimentId: string; startedAt: number; metadata: Pairs; tags: Pairs },
): Promise<object> {
  const traceId = `tr-${randomUUID().replaceAll('-', '')}`;
  const tags = givenTags(given.tags);
  const metadata = checkedSession(given.metadata);
  const trace = await rooms.tracking.record('startTrace', (db) => {
    const experiment = activeExperimentOf(db, given.experimentId);
    const id = putTrace(db, {
      traceId,
      experiment: experiment.id,
      startedAt: given.startedAt,
      durationMs: null,
      state: 'IN_PROGRESS',
      clientRequestId: null,
      requestPreview: null,
      responsePreview: null,
    });
    setTraceTags(db, id, [
      ...tags,
      ['mlflow.artifactLocation', traceArtifacts(experiment.artifactLocation, traceId)],
    ]);
    setTraceMetadata(db, id, metadata);
    return { value: traceOf(db, traceId) };
  });
  return { trace_info: traceInfoV2Json(trace) };
}

/** Tags that the server keeps for itself. */
export const isOwnTag = (key: string): boolean =>
  [
    'mlflow.artifactLocation',
    'mlflow.trace.spansLocation',
    'mlflow.trace.archiveLocation',
    'mlflow.trace.archivalFailure',
  ].includes(key);

/** The tags that a client says of a trace; the server's own, which older clients send back, are left out. */
export function givenTags(tags: Pairs): Pairs {
  for (const [key, value] of tags) if (key === 'mlflow.traceName') checkLength('Trace name', 4096, value);
  return tags.filter(([key]) => !isOwnTag(key));
}

/** The id is a part of the path of the trace's artifacts. @throws {MlflowError} */
function checkTraceId(traceId: string): void {
  if (/[ .]$|\//.test(traceId)) throw wrongValue('trace_id', traceId, 'must be a single path component');
  // oxlint-disable-next-line no-control-regex
  if (/[%?#\x00-\x1f\x7f]/.test(traceId))
    throw wrongValue('trace_id', traceId, "must not contain '%', '?', '#' or control characters");
}

/** Postgres cannot keep NUL, so MLflow keeps it nowhere. */
const withoutNul = (preview: string | undefined): string | null =>
  preview?.replaceAll('\0', '\ufffd') ?? null;

export function checkedSession(metadata: Pairs): Pairs {
  for (const [key, value] of metadata)
    if (key === 'mlflow.trace.session') checkLength('Session ID', 250, value);
  return metadata;
}

/** An assessment as it is first kept. @throws {MlflowError} */
export function newAssessment(given: AssessmentMessage, traceId: string, now: number) {
  const verdict = verdictOf(given);
  const metadata = given.metadata ?? [];
  return {
    assessmentId: (given.assessment_id ?? '') || newAssessmentId(),
    traceId,
    ...verdict,
    name: given.assessment_name ?? '',
    sourceType: given.source?.source_type ?? 'SOURCE_TYPE_UNSPECIFIED',
    sourceId: (given.source?.source_id ?? '') || null,
    spanId: (given.span_id ?? '') || null,
    // An expectation has no reasons.
    rationale: verdict.kind === 'expectation' ? null : (given.rationale ?? '') || null,
    metadata: metadata.length === 0 ? null : Object.fromEntries(metadata),
    overrides: verdict.kind === 'feedback' ? (given.overrides ?? '') || null : null,
    isValid: true,
    createdAt: given.create_time ?? now,
    updatedAt: given.last_update_time ?? now,
  };
}
