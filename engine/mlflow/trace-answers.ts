import {
  exactJson,
  pythonJson,
  readPythonJson,
  spanMessage,
  type Assessment,
  type Pairs,
  type Trace,
} from '../traces/index.ts';

/** Traces in protobuf's JSON, as MLflow answers them. Texts are cut where MLflow cuts them. */

const maxKey = 250;
const maxMetadata = 250;
const maxTag = 4096;

/** The beginning of a text, counted in code points as Python counts. */
const cut = (text: string, limit: number): string =>
  text.length <= limit ? text : Array.from(text).slice(0, limit).join('');

const textMapJson = (name: string, pairs: Pairs, limit: number) =>
  pairs.length === 0
    ? {}
    : { [name]: Object.fromEntries(pairs.map(([key, value]) => [cut(key, maxKey), cut(value, limit)])) };
const given = <K extends string, T>(name: K, value: T | null) => (value === null ? {} : { [name]: value });

/** Fractions of a second only where there are some, then three digits. */
const timestampJson = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
const durationJson = (ms: number): string =>
  ms % 1000 === 0 ? `${ms / 1000}s` : `${(ms / 1000).toFixed(3)}s`;

export const traceInfoJson = (trace: Trace) => ({
  trace_id: trace.traceId,
  ...given('client_request_id', trace.clientRequestId),
  trace_location: {
    type: 'MLFLOW_EXPERIMENT',
    mlflow_experiment: { experiment_id: String(trace.experiment) },
  },
  request_time: timestampJson(trace.startedAt),
  ...(trace.durationMs === null ? {} : { execution_duration: durationJson(trace.durationMs) }),
  state: trace.state,
  ...textMapJson('trace_metadata', trace.metadata, maxMetadata),
  ...(trace.assessments.length === 0 ? {} : { assessments: trace.assessments.map(assessmentJson) }),
  ...textMapJson('tags', trace.tags, maxTag),
  ...given('request_preview', trace.requestPreview),
  ...given('response_preview', trace.responsePreview),
});

/** A trace with its spans; a text, since times in nanoseconds are beyond what a number can hold. */
export const traceText = (trace: Trace, spans: readonly string[]): string =>
  exactJson({
    trace_info: traceInfoJson(trace),
    ...(spans.length === 0 ? {} : { spans: spans.map(spanMessage) }),
  });

/** The same of version 2, which knows no previews. */
export const traceInfoV2Json = (trace: Trace) => ({
  request_id: trace.traceId,
  experiment_id: String(trace.experiment),
  timestamp_ms: trace.startedAt,
  execution_time_ms: trace.durationMs ?? 0,
  status: trace.state === 'STATE_UNSPECIFIED' ? 'TRACE_STATUS_UNSPECIFIED' : trace.state,
  ...pairsJson('request_metadata', trace.metadata, maxMetadata),
  ...pairsJson('tags', trace.tags, maxTag),
});

const pairsJson = (name: string, pairs: Pairs, limit: number) =>
  pairs.length === 0
    ? {}
    : { [name]: pairs.map(([key, value]) => ({ key: cut(key, maxKey), value: cut(value, limit) })) };

export const assessmentJson = (assessment: Assessment) => ({
  assessment_id: assessment.assessmentId,
  assessment_name: assessment.name,
  trace_id: assessment.traceId,
  ...given('span_id', assessment.spanId),
  source: { source_type: assessment.sourceType, ...given('source_id', assessment.sourceId) },
  create_time: timestampJson(assessment.createdAt),
  last_update_time: timestampJson(assessment.updatedAt),
  ...verdictJson(assessment),
  ...given('rationale', assessment.rationale),
  ...given('metadata', assessment.metadata),
  ...given('overrides', assessment.overrides),
  valid: assessment.isValid,
});

function verdictJson({ kind, value, error }: Assessment): object {
  const json = JSON.parse(value) as unknown;
  switch (kind) {
    case 'feedback':
      return {
        feedback: { value: json, ...(error === null ? {} : { error: JSON.parse(error) as unknown }) },
      };
    case 'expectation':
      return {
        expectation:
          typeof json === 'object'
            ? {
                serialized_value: {
                  serialization_format: 'JSON_FORMAT',
                  value: pythonJson(readPythonJson(value) ?? null),
                },
              }
            : { value: json },
      };
    default:
      return { issue: json };
  }
}
