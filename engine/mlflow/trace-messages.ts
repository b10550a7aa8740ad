import { readPythonJson, type Assessment, type Pairs } from '../traces/index.ts';
import { boolean, choice, fieldType, list, message, string, type Type } from './message.ts';
import { invalid } from './mlflow-error.ts';

/** The shapes of requests about traces: `TraceInfoV3` and `Assessment` of MLflow's protos, in protobuf's JSON. */

/** A point in time, RFC 3339; in ms UTC, fractions cut off. */
export const timestamp: Type<number> = fieldType(
  (json) => {
    if (typeof json !== 'string' || !/^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(json))
      return undefined;
    const time = Date.parse(json);
    return Number.isNaN(time) ? undefined : time;
  },
  (json) => typeof json === 'string',
);

/** A length of time as `1.5s`; in ms, fractions cut off. */
export const duration: Type<number> = fieldType(
  (json) =>
    typeof json === 'string' && /^-?\d{1,12}(\.\d{1,9})?s$/.test(json)
      ? Math.trunc(Math.round(Number(json.slice(0, -1)) * 1e6) / 1e3)
      : undefined,
  (json) => typeof json === 'string',
);

/** `map<string, string>`. */
export const textMap: Type<Pairs> = fieldType(
  (json) => {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
    const entries = Object.entries(json);
    return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
      ? entries
      : undefined;
  },
  (json) => typeof json === 'object',
);

/** Any JSON, as it is. */
const anyJson: Type<{ readonly json: unknown }> = {
  read: (json) => ({ json }),
  accepts: () => true,
};

/** States of version 3 and of version 2, by name or by number. */
export const traceState = choice({ STATE_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 }, () => true);
export const traceStatus = choice(
  { TRACE_STATUS_UNSPECIFIED: 0, OK: 1, ERROR: 2, IN_PROGRESS: 3 },
  () => true,
);

const assessmentError = message({ error_code: string, error_message: string, stack_trace: string });

export const assessmentMessage = message({
  assessment_id: string,
  assessment_name: string,
  trace_id: string,
  span_id: string,
  source: message({
    source_type: choice({ SOURCE_TYPE_UNSPECIFIED: 0, HUMAN: 1, LLM_JUDGE: 2, CODE: 3 }, () => true),
    source_id: string,
  }),
  create_time: timestamp,
  last_update_time: timestamp,
  feedback: message({ value: anyJson, error: assessmentError }),
  expectation: message({
    value: anyJson,
    serialized_value: message({ serialization_format: string, value: string }),
  }),
  issue: message({ issue_name: string }),
  rationale: string,
  error: assessmentError,
  metadata: textMap,
  overrides: string,
  valid: boolean,
});
export type AssessmentMessage = ReturnType<(typeof assessmentMessage)['read']>;

export const traceInfoMessage = message({
  trace_id: string,
  client_request_id: string,
  trace_location: message({
    type: choice(
      { TRACE_LOCATION_TYPE_UNSPECIFIED: 0, MLFLOW_EXPERIMENT: 1, INFERENCE_TABLE: 2 },
      () => true,
    ),
    mlflow_experiment: message({ experiment_id: string }),
  }),
  request_preview: string,
  response_preview: string,
  request_time: timestamp,
  execution_duration: duration,
  state: traceState,
  trace_metadata: textMap,
  assessments: list(assessmentMessage),
  tags: textMap,
});

export const keyValueMessage = message({ key: string, value: string });

/** What an assessment says, of the three kinds that there are. */
export function verdictOf(given: AssessmentMessage): Pick<Assessment, 'kind' | 'value' | 'error'> {
  if (given.expectation !== undefined) {
    const { value, serialized_value: packed } = given.expectation;
    if (packed !== undefined && packed.serialization_format !== 'JSON_FORMAT')
      throw invalid(
        `Unknown serialization format: ${packed.serialization_format ?? ''}. Only JSON_FORMAT is supported.`,
      );
    const unpacked = packed === undefined ? (value?.json ?? null) : jsonOf(packed.value ?? '');
    if (unpacked === null) throw invalid('The `value` field must be specified.');
    return { kind: 'expectation', value: JSON.stringify(unpacked), error: null };
  }
  if (given.issue !== undefined)
    return {
      kind: 'issue',
      value: JSON.stringify({ issue_name: given.issue.issue_name ?? '' }),
      error: null,
    };
  if (given.feedback === undefined) throw invalid('Unknown assessment type: None');
  const { value, error } = given.feedback;
  return {
    kind: 'feedback',
    value: JSON.stringify(value?.json ?? null),
    error: error === undefined ? null : JSON.stringify(error),
  };
}

function jsonOf(text: string): unknown {
  if (readPythonJson(text) === undefined)
    throw invalid('The serialized value of an expectation is not JSON.');
  return JSON.parse(text) as unknown;
}
