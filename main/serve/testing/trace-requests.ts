import type { Random } from './requests/random.ts';

/** Requests about traces that do not depend on what a server chooses: the client names the traces. */

export interface TraceRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const traceId = (number: number): string => `tr-${String(number).padStart(32, '0')}`;
export const traceCount = 12;
const baseMs = 1_700_000_000_000;

const location = { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: '0' } };

/** What a client sends of a trace: the trace itself, and its spans before or after it or not at all. */
export function traceRequests(random: Random, number: number): TraceRequest[] {
  const startMs = baseMs + number * 1000;
  const durationMs = random.pick([0, 41, 1500, 60_000]);
  const order = random.pick(['start, spans', 'spans, start', 'start', 'start, spans, spans']);
  const start: TraceRequest = {
    method: 'POST',
    path: '/api/3.0/mlflow/traces',
    body: {
      trace: {
        trace_info: {
          trace_id: traceId(number),
          trace_location: location,
          request_time: new Date(startMs).toISOString(),
          ...(random.chance(0.9) ? { execution_duration: `${durationMs / 1000}s` } : {}),
          state: random.pick(['OK', 'ERROR', 'IN_PROGRESS', 'STATE_UNSPECIFIED']),
          ...(random.chance(0.5) ? { client_request_id: `request-${number % 3}` } : {}),
          ...(random.chance(0.5) ? { request_preview: 'what?', response_preview: 'ü'.repeat(20) } : {}),
          trace_metadata: {
            'mlflow.trace_schema.version': '3',
            'mlflow.trace.session': `session-${number % 2}`,
            ...(random.chance(0.5)
              ? {
                  'mlflow.trace.tokenUsage':
                    '{"output_tokens": 4, "input_tokens":3, "total_tokens": 7, "odd": 1}',
                }
              : {}),
            ...(random.chance(0.5) ? { 'mlflow.sourceRun': `run${number % 3}` } : {}),
            long: 'm'.repeat(300),
          },
          // MLflow loses own tags of a trace whose spans came first.
          tags: {
            'mlflow.traceName': `name ${number % 4}`,
            ...(order.startsWith('spans') ? {} : { kind: random.pick(['a', 'b', 'B']) }),
          },
        },
      },
    },
  };
  const spans = spansRequest(number, startMs, startMs + durationMs);
  return order.split(', ').map((which) => (which === 'start' ? start : spans));
}

/** A root and a child, by OpenTelemetry's protocol in JSON. */
function spansRequest(number: number, startMs: number, endMs: number): TraceRequest {
  const ns = (ms: number) => `${ms}123456`;
  const hex = traceId(number).slice(3);
  return {
    method: 'POST',
    path: '/v1/traces',
    headers: { 'x-mlflow-experiment-id': '0' },
    body: {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
          scopeSpans: [
            {
              spans: [
                {
                  traceId: hex,
                  spanId: '00000000000000aa',
                  name: 'root',
                  // Numbers and names of kinds, unknown ones too.
                  kind: [0, 2, 3, 5, 9, 'SPAN_KIND_CLIENT', 'SPAN_KIND_PRODUCER'][number % 7],
                  startTimeUnixNano: ns(startMs),
                  endTimeUnixNano: ns(endMs),
                  status: { code: number % 3 === 0 ? 2 : 1, message: number % 3 === 0 ? 'failed' : '' },
                  attributes: [
                    { key: 'mlflow.spanType', value: { stringValue: 'CHAIN' } },
                    { key: 'mlflow.spanInputs', value: { stringValue: `{"n": ${number}}` } },
                    { key: 'mlflow.traceTag.own', value: { stringValue: 'root' } },
                    { key: 'model', value: { stringValue: `m-${number % 2}` } },
                    { key: 'big', value: { intValue: '9007199254740993' } },
                    { key: 'half', value: { doubleValue: 1.5 } },
                    {
                      key: 'list',
                      value: { arrayValue: { values: [{ boolValue: true }, { stringValue: 'x' }, {}] } },
                    },
                    {
                      key: 'map',
                      value: { kvlistValue: { values: [{ key: 'a', value: { intValue: 1 } }] } },
                    },
                  ],
                  events: [
                    {
                      name: 'paid',
                      timeUnixNano: ns(startMs),
                      attributes: [{ key: 'cents', value: { intValue: '999' } }],
                    },
                  ],
                },
                {
                  traceId: hex,
                  spanId: '00000000000000bb',
                  parentSpanId: '00000000000000aa',
                  name: 'child',
                  links: [{ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8) }],
                  startTimeUnixNano: ns(startMs + 1),
                  endTimeUnixNano: ns(endMs),
                  attributes: [
                    {
                      key: 'mlflow.chat.tokenUsage',
                      value: { stringValue: '{"input_tokens": 1, "output_tokens": 2, "total_tokens": 3}' },
                    },
                  ],
                },
              ],
            },
          ],
        },
      ],
    },
  };
}

const quoted = [
  "'OK'",
  "'ERROR'",
  "'a'",
  "'B'",
  "'name 1'",
  "'run1'",
  "'session-0'",
  "'root'",
  "'CHAIN'",
  "'%n%'",
  '5',
];
const numbers = [String(baseMs + 3000), '41', '1.5', "'x'", '0'];
const comparators = ['=', '!=', '>', '<=', 'LIKE', 'ILIKE', 'IN', 'IS NULL', 'is not null', '~'];
const identifiers = [
  'status',
  'trace.status',
  'attributes.name',
  'name',
  'run_id',
  'tags.kind',
  'tag.kind',
  'tags.`mlflow.traceName`',
  'metadata.`mlflow.sourceRun`',
  'metadata.`mlflow.trace.session`',
  'request_metadata.nothing',
  'span.name',
  'span.type',
  'span.status',
  'span.odd',
  'trace.text',
  'client_request_id',
  'request_id',
  'feedback.good',
  'expectation.exact',
  'issue.id',
  'prompt',
  'nonsense',
  'metric.loss',
];
const numericIdentifiers = ['timestamp_ms', 'execution_time_ms', 'attributes.end_time', 'feedback.good'];
const orders = [
  'timestamp_ms',
  'timestamp DESC',
  'execution_time_ms DESC',
  'status ASC',
  'tags.kind',
  'name DESC',
  'run_id',
  'request_id desc',
  'nonsense',
  'metadata.long',
];

function condition(random: Random): string {
  const isNumeric = random.chance(0.3);
  const comparator = random.pick(comparators);
  const value = random.pick(isNumeric ? numbers : quoted);
  const identifier = random.pick(isNumeric ? numericIdentifiers : identifiers);
  if (/null/i.test(comparator)) return `${identifier} ${comparator}`;
  return `${identifier} ${comparator} ${comparator === 'IN' ? `(${value}, 'OK')` : value}`;
}

export function searchRequest(random: Random): TraceRequest {
  const filter = Array.from({ length: random.pick([0, 1, 1, 2]) }, () => condition(random)).join(' AND ');
  const body = {
    filter,
    max_results: random.pick([1, 3, 100, 500, 501, 0]),
    order_by: random.chance(0.5) ? [random.pick(orders)] : [],
  };
  if (random.chance(0.2)) {
    const query = new URLSearchParams({ filter, max_results: String(body.max_results), experiment_ids: '0' });
    return { method: 'GET', path: `/api/2.0/mlflow/traces?${query.toString()}` };
  }
  return {
    method: 'POST',
    path: '/api/3.0/mlflow/traces/search',
    body: { locations: random.chance(0.05) ? [] : [location], ...body },
  };
}

/** Anything else that is asked of a trace, good and bad. */
export function otherRequest(random: Random): TraceRequest {
  const id = random.chance(0.9) ? traceId(random.below(traceCount)) : 'tr-nowhere';
  const trace = `/api/3.0/mlflow/traces/${id}`;
  const assessment = { assessment_name: 'good', source: { source_type: 'HUMAN', source_id: 'me' } };
  return random.pick<() => TraceRequest>([
    () => ({ method: 'GET', path: trace }),
    () => ({ method: 'GET', path: `/api/2.0/mlflow/traces/${id}/info` }),
    () => ({ method: 'GET', path: `/api/3.0/mlflow/traces/get?trace_id=${id}&allow_partial=true` }),
    () => ({ method: 'GET', path: `/api/3.0/mlflow/traces/batchGet?trace_ids=${id}&trace_ids=${id}` }),
    () => ({
      method: 'POST',
      path: '/api/3.0/mlflow/traces/batchGetInfos',
      body: { trace_ids: [traceId(3), id, traceId(1)] },
    }),
    () => ({
      method: 'PATCH',
      path: `${random.chance(0.5) ? trace : trace.replace('3.0', '2.0')}/tags`,
      body: {
        key: random.pick(['kind', 'new', 'mlflow.traceName', 'mlflow.trace.spansLocation', '../up', '']),
        value: random.pick(['a', 'B', 'v'.repeat(9000)]),
      },
    }),
    () => ({ method: 'DELETE', path: `${trace}/tags`, body: { key: random.pick(['new', 'never']) } }),
    () => ({
      method: 'POST',
      path: `${trace}/assessments`,
      body: {
        assessment: {
          ...assessment,
          ...random.pick<object>([
            {
              feedback: { value: random.pick<unknown>([true, 0.5, 3, 'a', null, [1.5, 'x'], { k: false }]) },
            },
            { feedback: { error: { error_code: 'E', error_message: 'what' } } },
            { expectation: { value: random.pick<unknown>(['exact', 2.5, null]) }, assessment_name: 'exact' },
            {
              expectation: {
                serialized_value: { serialization_format: 'JSON_FORMAT', value: '{"a":[1,2.5,null]}' },
              },
            },
            { issue: { issue_name: 'slow' }, metadata: { a: 'b' } },
            {},
          ]),
          ...(random.chance(0.3) ? { rationale: 'because', span_id: '00000000000000aa' } : {}),
        },
      },
    }),
    () => ({
      method: 'POST',
      path: '/api/2.0/mlflow/traces/link-to-run',
      body: { trace_ids: [id, traceId(2)], run_id: 'run1' },
    }),
    () => ({
      method: 'POST',
      path: '/api/2.0/mlflow/traces/delete-traces',
      body: {
        experiment_id: '0',
        ...random.pick<object>([
          {},
          { max_traces: 3 },
          { request_ids: ['tr-nowhere'] },
          { request_ids: ['a'], max_traces: 3 },
          { max_timestamp_millis: 5, max_traces: 0 },
          { max_timestamp_millis: 5 },
        ]),
      },
    }),
  ])();
}
