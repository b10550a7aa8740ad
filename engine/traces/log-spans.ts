import type Database from 'better-sqlite3';
import type { TraceState } from '../../contract/index.ts';
import { pythonJson, readPythonJson } from './exact-json.ts';
import { previewOf } from './preview.ts';
import type { StoredSpan } from './span-content.ts';
import { summed, sumOverSpans } from './token-usage.ts';
import { putTrace, setTraceMetadata, setTraceTags, traceArtifacts, traceNumber } from './traces.ts';

/** The rule of a tag's key and value, which may refuse it; null for a tag that is passed over. */
type CheckedTag = (key: string, value: string) => readonly [string, string] | null;

/**
 * Puts spans into their traces. A trace that is not there yet is made of what its spans say; what a client says of the
 * trace itself, before or after, wins over what is read off the spans. Spans that come again take the place of their
 * former selves. Returns the rows of the traces.
 */
export function logSpans(
  db: Database.Database,
  experiment: { readonly id: number; readonly artifactLocation: string },
  spans: readonly StoredSpan[],
  checkedTag: CheckedTag,
): number[] {
  const ids: number[] = [];
  for (const [traceId, own] of Map.groupBy(spans, (span) => span.traceId)) {
    const id = traceNumber(db, traceId) ?? newTrace(db, experiment, traceId, own);
    ids.push(id);
    putSpans(db, id, own);
    readOff(db, id, own);
    setTraceTags(db, id, [['mlflow.trace.spansLocation', 'TRACKING_STORE'], ...tagsOf(own, checkedTag)]);
  }
  return ids;
}

const toMs = (ns: bigint): number => Number(ns / 1_000_000n);
const startOf = (spans: readonly StoredSpan[]): number =>
  Math.min(...spans.map(({ startNs }) => toMs(startNs)));
const endOf = (spans: readonly StoredSpan[]): number | null => {
  const ends = spans.flatMap(({ endNs }) => (endNs === null ? [] : [toMs(endNs)]));
  return ends.length === 0 ? null : Math.max(...ends);
};

function newTrace(
  db: Database.Database,
  experiment: { readonly id: number; readonly artifactLocation: string },
  traceId: string,
  spans: readonly StoredSpan[],
): number {
  const [startedAt, end] = [startOf(spans), endOf(spans)];
  const id = putTrace(db, {
    traceId,
    experiment: experiment.id,
    startedAt,
    durationMs: end === null ? null : end - startedAt,
    state: 'IN_PROGRESS',
    clientRequestId: null,
    requestPreview: null,
    responsePreview: null,
  });
  setTraceTags(db, id, [['mlflow.artifactLocation', traceArtifacts(experiment.artifactLocation, traceId)]]);
  return id;
}

function putSpans(db: Database.Database, trace: number, spans: readonly StoredSpan[]): void {
  const put = db.prepare(
    `INSERT INTO span (trace, span_id, parent_span_id, name, type, status, start_ns, end_ns, content)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (trace, span_id) DO UPDATE SET parent_span_id = excluded.parent_span_id, name = excluded.name,
       type = excluded.type, status = excluded.status, start_ns = excluded.start_ns, end_ns = excluded.end_ns,
       content = excluded.content`,
  );
  for (const span of spans)
    put.run(
      trace,
      span.spanId,
      span.parentSpanId,
      span.name,
      span.type,
      span.status,
      span.startNs,
      span.endNs,
      span.content,
    );
}

/** Times, state, previews, session, user and sums of the trace, as far as the client has not said them itself. */
function readOff(db: Database.Database, id: number, spans: readonly StoredSpan[]): void {
  const metadata = new Map(
    (
      db.prepare('SELECT key, value FROM trace_metadata WHERE trace = ?').all(id) as {
        key: string;
        value: string;
      }[]
    ).map(({ key, value }) => [key, value]),
  );
  const isFinal = metadata.has('mlflow.trace.infoFinalized');
  const root = spans.findLast(({ parentSpanId }) => parentSpanId === null);
  const state: TraceState | null = root === undefined ? null : root.status === 'ERROR' ? 'ERROR' : 'OK';
  const [request, response] = [
    root?.attributes.get('mlflow.spanInputs'),
    root?.attributes.get('mlflow.spanOutputs'),
  ];
  db.prepare(
    `UPDATE trace SET
       started_at = iif(:isFinal, started_at, min(started_at, :start)),
       duration_ms = iif(:isFinal OR :end IS NULL, duration_ms,
         max(started_at + coalesce(duration_ms, 0), :end) - min(started_at, :start)),
       state = iif(state IN ('IN_PROGRESS', 'STATE_UNSPECIFIED'), coalesce(:state, state), state),
       request_preview = coalesce(request_preview, :request),
       response_preview = coalesce(response_preview, :response)
     WHERE id = :id`,
  ).run({
    id,
    isFinal: Number(isFinal),
    start: startOf(spans),
    end: endOf(spans),
    state,
    request: request === undefined ? null : previewOf(request, 'user'),
    response: response === undefined ? null : previewOf(response, 'assistant'),
  });

  const first = (...keys: string[]): string | null => {
    const text = spans.flatMap(({ attributes }) => keys.map((key) => attributes.get(key))).find(Boolean);
    const value = text === undefined ? undefined : readPythonJson(text);
    return text === undefined ? null : typeof value === 'string' ? value : text;
  };
  const session = first('session.id', 'gen_ai.conversation.id');
  const user = first('user.id');
  setTraceMetadata(db, id, [
    ...(session === null || metadata.has('mlflow.trace.session')
      ? []
      : [['mlflow.trace.session', session] as const]),
    ...(user === null || metadata.has('mlflow.trace.user') ? [] : [['mlflow.trace.user', user] as const]),
    ...summed.flatMap(({ metadata: key, attribute }) => {
      if (isFinal && metadata.has(key)) return [];
      if (!spans.some(({ attributes }) => attributes.has(attribute))) return [];
      const sum = sumOverSpans(key, sumParts(db, id, attribute));
      return sum === null ? [] : [[key, sum] as const];
    }),
  ]);
}

/** Every span of a trace with one attribute, those of earlier requests too. */
function sumParts(db: Database.Database, id: number, attribute: string) {
  return (
    db
      .prepare(
        `SELECT span_id AS spanId, parent_span_id AS parentSpanId,
           (SELECT value FROM json_each(content, '$.attributes') WHERE key = ?) AS text
         FROM span WHERE trace = ? LIMIT 100000`,
      )
      .all(attribute, id) as { spanId: string; parentSpanId: string | null; text: string | null }[]
  ).map(({ text, ...span }) => ({ ...span, text: text ?? undefined }));
}

const tagPrefix = 'mlflow.traceTag.';

/** The process's own words first, then those that the root span carries for its trace. */
function tagsOf(spans: readonly StoredSpan[], checked: CheckedTag): (readonly [string, string])[] {
  const resource = spans.find((span) => span.resource.length > 0)?.resource ?? [];
  const root = spans.findLast(({ parentSpanId }) => parentSpanId === null);
  return [
    ...resource
      .filter(([key]) => !key.startsWith('telemetry.sdk.') && !key.startsWith('mlflow.'))
      .map(([key, value]) => checked(key, typeof value === 'string' ? value : pythonJson(value))),
    ...[...(root?.attributes ?? [])]
      .filter(([key]) => key.startsWith(tagPrefix))
      .map(([key, text]) => {
        const value = readPythonJson(text);
        return checked(key.slice(tagPrefix.length), typeof value === 'string' ? value : text);
      }),
  ].filter((tag) => tag !== null);
}
