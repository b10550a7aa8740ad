import {
  deleteTraces,
  endTrace,
  linkPrompts,
  linkTraces,
  queries,
  removeTraceTag,
  setTraceMetadata,
  setTraceTags,
  spanContents,
  traceNumber,
  tracesByIds,
  type Trace,
} from '../traces/index.ts';
import { proxiedPath, removeFilesAt } from '../tracking/index.ts';
import type { Call, Endpoint } from './endpoint.ts';
import { endpoint } from './endpoint.ts';
import { checkMaxResults } from './experiments.ts';
import {
  atMost,
  boolean,
  int32,
  int64,
  list,
  message,
  readRequest,
  shape,
  string,
  strings,
  type Type,
} from './message.ts';
import { invalid, missing } from './mlflow-error.ts';
import { checkedRunTag, checkLength, experimentNumber } from './names.ts';
import { pageToken, readPageToken } from './page-token.ts';
import { readParameters } from './read-body.ts';
import { checkedSession, givenTags, isOwnTag, startTrace, startTraceV2 } from './start-trace.ts';
import { traceInfoJson, traceInfoV2Json, traceText } from './trace-answers.ts';
import { traceComparisons, traceOrder } from './trace-filter.ts';
import { traceOf, traceRowOf } from './trace-lookup.ts';
import { keyValueMessage, traceInfoMessage, traceStatus } from './trace-messages.ts';

/** Tags that say where the spans are; they are the server's. */
const isVersion2 = ({ request }: Call): boolean => new URL(request.url).pathname.includes('/2.0/');

const pairsOf = (pairs: readonly { key?: string; value?: string }[] = []) =>
  pairs.map(({ key = '', value = '' }) => [key, value] as const);

const searchFields = { filter: string, max_results: int32, order_by: strings, page_token: string };

async function searched(
  { rooms }: Call,
  experiments: readonly number[],
  input: { filter?: string; max_results?: number; order_by?: string[]; page_token?: string },
): Promise<{ traces: Trace[]; rest: { next_page_token?: string } }> {
  const { max_results = 100 } = input;
  checkMaxResults(max_results);
  const { traces, next } = await rooms.store.query(queries, 'traces.traceQuery', {
    experiments,
    order: traceOrder(input.order_by ?? []),
    comparisons: traceComparisons(input.filter ?? ''),
    after: readPageToken(input.page_token),
    limit: max_results,
  });
  return { traces, rest: next === null ? {} : { next_page_token: pageToken(next) } };
}

/** An endpoint whose answer is a text of JSON, since spans have numbers that JavaScript cannot hold. */
function textEndpoint<F extends Readonly<Record<string, Type<unknown>>>, R extends keyof F & string>(
  method: 'GET' | 'POST',
  path: string,
  request: ReturnType<typeof shape<F, R>>,
  answer: (input: ReturnType<typeof readRequest<F, R>>, call: Call) => Promise<string>,
): Endpoint {
  return {
    method,
    path: `mlflow/${path}`,
    async answer(call) {
      const parameters = await readParameters(call.request, request.fields);
      const text = await answer(readRequest(request, parameters), call);
      return new Response(text, { headers: { 'content-type': 'application/json' } });
    },
  };
}

/** Spans come on their own way, perhaps after the trace: a trace is whole when it has as many as its client counted. */
const maxWaitMs = 3000;
const pollMs = 100;

function wholeSpans(call: Call, trace: Trace): string[] | null {
  const spans = call.rooms.store.now((db) => spanContents(db, trace.id));
  const stats = trace.metadata.find(([key]) => key === 'mlflow.trace.sizeStats')?.[1] ?? '';
  const count = Number(/"num_spans": ?(\d+)/.exec(stats)?.[1] ?? 1);
  return spans.length < count ? null : spans;
}

const hasSpansHere = (trace: Trace): boolean =>
  trace.tags.some(([key, value]) => key === 'mlflow.trace.spansLocation' && value === 'TRACKING_STORE');

function checkSpansHere(trace: Trace): void {
  // MLflow answers 500 here, which its client would repeat for minutes.
  if (!hasSpansHere(trace)) throw invalid('Trace data not stored in tracking store');
}

const byIds = shape({ trace_ids: strings, experiment_ids: strings }, ['trace_ids']);

function tracesNamed(call: Call, input: { trace_ids: string[]; experiment_ids?: string[] }): Trace[] {
  const experiments = input.experiment_ids?.map(experimentNumber);
  return call.rooms.store
    .now((db) => tracesByIds(db, input.trace_ids.slice(0, 10_000)))
    .filter(({ experiment }) => experiments === undefined || experiments.includes(experiment));
}

export const traceEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'traces',
    shape({
      trace: message({ trace_info: traceInfoMessage }),
      experiment_id: string,
      timestamp_ms: int64,
      request_metadata: list(keyValueMessage),
      tags: list(keyValueMessage),
    }),
    (input, call) => {
      if (isVersion2(call))
        return startTraceV2(call, {
          experimentId: input.experiment_id ?? '0',
          startedAt: input.timestamp_ms ?? 0,
          metadata: pairsOf(input.request_metadata),
          tags: pairsOf(input.tags),
        });
      if (input.trace === undefined)
        throw invalid(
          "Missing value for required parameter 'trace'. See the API docs for more information about request parameters.",
        );
      return startTrace(call, input.trace.trace_info ?? {});
    },
  ),
  endpoint(
    'GET',
    'traces',
    shape({ experiment_ids: strings, ...searchFields }, ['experiment_ids'], { max_results: atMost(500) }),
    async (input, call) => {
      const { traces, rest } = await searched(call, input.experiment_ids.map(experimentNumber), input);
      return { ...(traces.length === 0 ? {} : { traces: traces.map(traceInfoV2Json) }), ...rest };
    },
  ),
  endpoint(
    'POST',
    'traces/search',
    shape(
      {
        locations: list(message({ mlflow_experiment: message({ experiment_id: string }) })),
        ...searchFields,
      },
      ['locations'],
      { max_results: atMost(500) },
    ),
    async (input, call) => {
      const experiments = input.locations.flatMap(({ mlflow_experiment: experiment }) =>
        experiment === undefined ? [] : [experimentNumber(experiment.experiment_id ?? '')],
      );
      const { traces, rest } = await searched(call, experiments, input);
      return { ...(traces.length === 0 ? {} : { traces: traces.map(traceInfoJson) }), ...rest };
    },
  ),
  textEndpoint(
    'GET',
    'traces/get',
    shape({ trace_id: string, allow_partial: boolean }, ['trace_id']),
    async ({ trace_id, allow_partial = false }, call) => {
      for (let waitedMs = 0; ; waitedMs += pollMs) {
        const trace = call.rooms.store.now((db) => tracesByIds(db, [trace_id]))[0];
        if (trace === undefined) throw missing(`Trace with ID ${trace_id} is not found.`);
        checkSpansHere(trace);
        const spans = allow_partial
          ? call.rooms.store.now((db) => spanContents(db, trace.id))
          : wholeSpans(call, trace);
        if (spans !== null) return `{"trace":${traceText(trace, spans)}}`;
        if (waitedMs >= maxWaitMs)
          throw missing(`Trace with ID ${trace_id} is not fully exported yet, please try again later.`);
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    },
  ),
  textEndpoint('GET', 'traces/batchGet', byIds, async (input, call) => {
    const texts = tracesNamed(call, input).flatMap((trace) => {
      checkSpansHere(trace);
      const spans = wholeSpans(call, trace);
      return spans === null ? [] : [traceText(trace, spans)];
    });
    return texts.length === 0 ? '{}' : `{"traces":[${texts.join(',')}]}`;
  }),
  endpoint('POST', 'traces/batchGetInfos', byIds, (input, call) => {
    const traces = tracesNamed(call, input);
    return traces.length === 0 ? {} : { trace_infos: traces.map(traceInfoJson) };
  }),
  endpoint(
    'POST',
    'traces/delete-traces',
    shape({ experiment_id: string, max_timestamp_millis: int64, max_traces: int32, request_ids: strings }, [
      'experiment_id',
    ]),
    async ({ experiment_id, max_timestamp_millis: upTo, max_traces: limit, request_ids = [] }, { rooms }) => {
      const hasIds = request_ids.length > 0;
      if (upTo === undefined && !hasIds)
        throw invalid('Either `max_timestamp_millis` or `trace_ids` must be specified.');
      if (upTo !== undefined && hasIds)
        throw invalid('Only one of `max_timestamp_millis` and `trace_ids` can be specified.');
      if (hasIds && limit !== undefined)
        throw invalid("`max_traces` can't be specified if `trace_ids` is specified.");
      if (limit !== undefined && limit <= 0)
        throw invalid(`\`max_traces\` must be a positive integer, received ${limit}.`);
      const count = await rooms.tracking.record('deleteTraces', (db) => {
        const deleted = deleteTraces(db, experimentNumber(experiment_id), {
          traceIds: hasIds ? request_ids : null,
          upTo: upTo ?? null,
          limit: limit ?? null,
        });
        // The client uploads the spans once more as a file; it goes with its trace.
        for (const { artifacts } of deleted) {
          const path = proxiedPath(artifacts ?? '');
          if (path !== null && path !== '') removeFilesAt(db, path);
        }
        return { value: deleted.length };
      });
      return { traces_deleted: count };
    },
  ),
  endpoint(
    'POST',
    'traces/link-to-run',
    shape({ trace_ids: strings, run_id: string }, ['trace_ids', 'run_id']),
    async ({ trace_ids, run_id }, { rooms }) => {
      if (trace_ids.length > 100)
        throw invalid(
          `Cannot link more than 100 traces to a run in a single request. Provided ${trace_ids.length} traces.`,
        );
      await rooms.tracking.record('linkTraces', (db) => {
        linkTraces(db, trace_ids, run_id);
        return { value: null, runIds: [run_id] };
      });
      return {};
    },
  ),
  endpoint(
    'POST',
    'traces/link-prompts',
    shape({ trace_id: string, prompt_versions: list(message({ name: string, version: string })) }, [
      'trace_id',
      'prompt_versions',
    ]),
    async ({ trace_id, prompt_versions }, { rooms }) => {
      const prompts = prompt_versions.map(({ name = '', version = '' }) => {
        if (!/^\d+$/.test(version)) throw invalid(`Invalid version '${version}' of the prompt '${name}'.`);
        return `${name}/${version}`;
      });
      await rooms.tracking.record('linkPrompts', (db) => {
        linkPrompts(db, traceRowOf(db, trace_id), prompts);
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'GET',
    'traces/:trace_id',
    shape({ trace_id: string }, ['trace_id']),
    ({ trace_id }, { rooms }) => ({
      trace: { trace_info: traceInfoJson(rooms.store.now((db) => traceOf(db, trace_id))) },
    }),
  ),
  endpoint(
    'GET',
    'traces/:request_id/info',
    shape({ request_id: string }, ['request_id']),
    ({ request_id }, { rooms }) => ({
      trace_info: traceInfoV2Json(rooms.store.now((db) => traceOf(db, request_id))),
    }),
  ),
  endpoint(
    'PATCH',
    'traces/:request_id',
    shape(
      {
        request_id: string,
        timestamp_ms: int64,
        status: traceStatus,
        request_metadata: list(keyValueMessage),
        tags: list(keyValueMessage),
      },
      ['request_id'],
    ),
    async ({ request_id, timestamp_ms = 0, status = 'TRACE_STATUS_UNSPECIFIED', ...input }, { rooms }) => {
      const tags = givenTags(pairsOf(input.tags));
      const metadata = checkedSession(pairsOf(input.request_metadata));
      const trace = await rooms.tracking.record('endTrace', (db) => {
        const { id, startedAt } = traceOf(db, request_id);
        const state = status === 'TRACE_STATUS_UNSPECIFIED' ? 'STATE_UNSPECIFIED' : status;
        endTrace(db, id, { durationMs: timestamp_ms - startedAt, state });
        setTraceTags(db, id, tags);
        setTraceMetadata(db, id, metadata);
        return { value: traceOf(db, request_id) };
      });
      return { trace_info: traceInfoV2Json(trace) };
    },
  ),
  endpoint(
    'PATCH',
    'traces/:trace_id/tags',
    shape({ trace_id: string, key: string, value: string }, ['trace_id', 'key']),
    async ({ trace_id, key, value = '' }, { rooms }) => {
      refuseOwnTag(key, 'set');
      const kept = checkedRunTag(key, value);
      if (key === 'mlflow.traceName') checkLength('Trace name', 4096, kept);
      await rooms.tracking.record('setTraceTag', (db) => {
        setTraceTags(db, traceRowOf(db, trace_id), [[key, kept]]);
        return { value: null };
      });
      return {};
    },
  ),
  endpoint(
    'DELETE',
    'traces/:trace_id/tags',
    shape({ trace_id: string, key: string }, ['trace_id', 'key']),
    async ({ trace_id, key }, { rooms }) => {
      if (key !== 'mlflow.trace.archivalFailure') refuseOwnTag(key, 'deleted');
      await rooms.tracking.record('deleteTraceTag', (db) => {
        if (!removeTraceTag(db, traceNumber(db, trace_id) ?? 0, key))
          throw missing(`No trace tag with key '${key}' for trace with ID '${trace_id}'`);
        return { value: null };
      });
      return {};
    },
  ),
];

function refuseOwnTag(key: string, operation: 'set' | 'deleted'): void {
  if (isOwnTag(key)) throw invalid(`Tag '${key}' is immutable and cannot be ${operation} on a trace.`);
}
