import { gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import {
  linkTraces,
  logSpans,
  OtlpFormatError,
  readJsonRequest,
  readProtobufRequest,
  runIdsOf,
  storedSpan,
  tracesByIds,
} from '../traces/index.ts';
import type { Call } from './endpoint.ts';
import { activeExperimentOf } from './experiments.ts';
import { invalid, MlflowError } from './mlflow-error.ts';
import { checkedRunTag } from './names.ts';
import { bodyBytes, maxBodyBytes } from './read-body.ts';
import { elsewhere, isOwnTag } from './start-trace.ts';

/**
 * Spans by OpenTelemetry's protocol (OTLP over HTTP, protobuf or JSON, perhaps packed), for the experiment that a header
 * names. All spans of a request are kept, or none. The answer is an empty `ExportTraceServiceResponse`.
 */
export async function receiveSpans({ rooms, request }: Call): Promise<Response> {
  const experimentId = request.headers.get('x-mlflow-experiment-id') ?? '';
  if (experimentId === '') throw invalid("The header 'x-mlflow-experiment-id' is missing.");
  const type = request.headers.get('content-type') ?? '';
  const mediaType = type.split(';', 1)[0]?.trim().toLowerCase();
  if (mediaType !== 'application/x-protobuf' && mediaType !== 'application/json')
    throw invalid(`Invalid Content-Type: ${type}. Expected: application/x-protobuf or application/json`);
  const body = unpacked(await bodyBytes(request), request.headers.get('content-encoding') ?? '');
  const isJson = mediaType === 'application/json';
  const spans = readable(() =>
    (isJson ? readJsonRequest(body.toString('utf8')) : readProtobufRequest(body)).map(storedSpan),
  );
  const runId = request.headers.get('x-mlflow-run-id') ?? '';
  await rooms.tracking.record('logSpans', (db) => {
    const experiment = activeExperimentOf(db, experimentId);
    const foreign = tracesByIds(db, [...new Set(spans.map(({ traceId }) => traceId))])
      .filter((trace) => trace.experiment !== experiment.id)
      .map(({ traceId }) => traceId)
      .toSorted();
    if (foreign[0] !== undefined) throw elsewhere(foreign[0]);
    const ids = logSpans(db, experiment, spans, checkedTag);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === null).map(({ traceId }) => traceId);
    if (runId !== '') linkTraces(db, roots, runId);
    return { value: null, runIds: [...runIdsOf(db, ids), ...(runId === '' ? [] : [runId])] };
  });
  return isJson
    ? Response.json({})
    : new Response(null, { headers: { 'content-type': 'application/x-protobuf' } });
}

/** A tag that MLflow would refuse, or that is the server's, is left out: the spans matter more. */
function checkedTag(key: string, value: string): readonly [string, string] | null {
  if (isOwnTag(key)) return null;
  try {
    return [key, checkedRunTag(key, value)];
  } catch (error) {
    if (error instanceof MlflowError) return null;
    throw error;
  }
}

function unpacked(body: Buffer, encoding: string): Buffer {
  const limit = { maxOutputLength: maxBodyBytes };
  try {
    switch (encoding.toLowerCase()) {
      case '':
      case 'identity':
        return body;
      case 'gzip':
        return gunzipSync(body, limit);
      case 'deflate':
        // Some senders leave out zlib's header, whose first byte is 0x78.
        return body[0] === 0x78 ? inflateSync(body, limit) : inflateRawSync(body, limit);
      default:
    }
  } catch (error) {
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Failed to decompress ${encoding} payload`, {
      cause: error,
    });
  }
  throw invalid(`Unsupported Content-Encoding: ${encoding}`);
}

function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof OtlpFormatError)) throw error;
    throw new MlflowError('INVALID_PARAMETER_VALUE', `Invalid OpenTelemetry format: ${error.message}`, {
      cause: error,
    });
  }
}
