import { traceId, type TraceRequest } from './trace-requests.ts';

const infos = '/api/3.0/mlflow/traces';

const start = (id: string, experimentId: string, more: object = {}): TraceRequest => ({
  method: 'POST',
  path: infos,
  body: {
    trace: {
      trace_info: {
        trace_id: id,
        trace_location: {
          type: 'MLFLOW_EXPERIMENT',
          mlflow_experiment: { experiment_id: experimentId },
        },
        request_time: '2026-01-01T00:00:00Z',
        state: 'OK',
        ...more,
      },
    },
  },
});

const assessment = {
  assessment_id: 'a-of-one',
  assessment_name: 'helpful',
  source: { source_type: 'HUMAN', source_id: 'me' },
  feedback: { value: true },
};

const span = (traceHex: string, experimentId: string): TraceRequest => ({
  method: 'POST',
  path: '/v1/traces',
  headers: { 'x-mlflow-experiment-id': experimentId },
  body: {
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: traceHex,
                spanId: '00000000000000cc',
                name: 'late',
                startTimeUnixNano: '1700000000000000000',
                endTimeUnixNano: '1700000000000000001',
                attributes: [
                  { key: 'mlflow.traceTag.mlflow.artifactLocation', value: { stringValue: 'file:///etc' } },
                  { key: 'mlflow.traceTag.team', value: { stringValue: 'x' } },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
});

/** Stands for the id of a second experiment. */
export const elsewhere = 'ELSEWHERE';

/** Requests that try to take a trace, an assessment or a tag that is not theirs, in an order that has to be kept. */
export const ownTraceRequests: readonly TraceRequest[] = [
  start(traceId(50), '0', {
    request_preview: 'with \0 inside',
    tags: { 'mlflow.artifactLocation': 'file:///etc', 'mlflow.trace.spansLocation': 'NOWHERE', team: 'x' },
    assessments: [assessment],
  }),
  start(traceId(50), elsewhere),
  start(traceId(51), elsewhere),
  // The one that is laid over it brings another trace's judgement.
  start(traceId(51), elsewhere, { assessments: [{ ...assessment, feedback: { value: false } }] }),
  ...['tr-a%b', 'tr-a/b', 'tr-a ', 'tr-a.', '..', 'tr\tx', 'tr-ü'].map((id) => start(id, '0')),
  span(traceId(50).slice(3), elsewhere),
  span(traceId(52).slice(3), elsewhere),
  span(traceId(52).slice(3), '0'),
  ...[50, 51, 52].map((number) => ({ method: 'GET', path: `${infos}/${traceId(number)}` })),
  {
    method: 'PATCH',
    path: `${infos}/${traceId(50)}/tags`,
    body: { key: 'mlflow.artifactLocation', value: 'x' },
  },
];
