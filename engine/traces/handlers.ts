import { z } from 'zod';
import { BenchtopError, type RoomHandlers, type TraceRow, type TraceScope } from '../../contract/index.ts';
import type { Cursor, Store } from '../store/index.ts';
import { recordedRunById } from '../tracking/index.ts';
import { readPythonJson } from './exact-json.ts';
import { queries } from './queries.ts';
import { shownSpan } from './span-content.ts';
import type { TraceComparison } from './trace-query.ts';
import { rootNames, spanContents, traceById, type Trace } from './traces.ts';

/**
 * What the window asks of traces.
 * @param readFilter reads the text of a filter; throws `invalid-input` with the place of what it does not understand.
 */
export function createTraces(
  store: Store,
  readFilter: (filter: string) => TraceComparison[],
): { readonly handlers: RoomHandlers<'traces'> } {
  const experimentOf = (runId: string): number => {
    const run = store.now((db) => recordedRunById(db, runId));
    if (run === undefined) throw new BenchtopError({ code: 'not-found', what: `There is no run ${runId}.` });
    return run.experiment;
  };
  return {
    handlers: {
      count: ({ runId }) =>
        store.query(queries, 'traces.traceCount', { runId, experiment: experimentOf(runId) }),
      async list({ runId, scope, filter, limit, after }) {
        const { traces, next } = await store.query(queries, 'traces.traceQuery', {
          ...scoped(scope, runId, experimentOf(runId), readFilter(filter)),
          order: [],
          after: after === undefined ? null : cursorOf(after),
          limit,
        });
        const names = store.now((db) => rootNames(db, traces));
        return {
          traces: traces.map((trace) => rowOf(trace, names)),
          next: next === null ? null : JSON.stringify(next),
        };
      },
      trace({ traceId }) {
        const found = store.now((db) => {
          const trace = traceById(db, traceId);
          return trace === undefined
            ? null
            : { trace, spans: spanContents(db, trace.id), names: rootNames(db, [trace]) };
        });
        if (found === null)
          throw new BenchtopError({ code: 'not-found', what: `There is no trace ${traceId}.` });
        const { trace, spans, names } = found;
        return {
          ...rowOf(trace, names),
          tags: trace.tags.map(([key, value]) => ({ key, value })),
          spans: spans.map(shownSpan),
          assessments: trace.assessments
            .filter(({ isValid }) => isValid)
            .map(({ assessmentId, kind, name, value, rationale, sourceType, sourceId, error }) => ({
              assessmentId,
              kind,
              name,
              value,
              rationale,
              sourceType,
              sourceId,
              error,
            })),
        };
      },
    },
  };
}

/** Traces of a run may stand in other experiments too: a link knows none. */
const scoped = (
  scope: TraceScope,
  runId: string,
  experiment: number,
  comparisons: readonly TraceComparison[],
) =>
  scope === 'experiment'
    ? { experiments: [experiment], comparisons }
    : {
        experiments: null,
        comparisons: [{ field: { kind: 'run' }, comparator: '=', value: runId } as const, ...comparisons],
      };

const cursor = z.array(z.union([z.string(), z.number(), z.null()]));

/** @throws {BenchtopError} `invalid-input` for text that no page gave out. */
function cursorOf(after: string): Cursor {
  let json: unknown;
  try {
    json = JSON.parse(after);
  } catch {
    json = null; // refused below, like any other text that is no cursor
  }
  const parsed = cursor.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new BenchtopError({ code: 'invalid-input', what: `"${after}" is not a page of this search.` });
}

function rowOf(trace: Trace, names: ReadonlyMap<number, string>): TraceRow {
  const { traceId, state, startedAt, durationMs, requestPreview, responsePreview } = trace;
  const usage = trace.metadata.find(([key]) => key === 'mlflow.trace.tokenUsage')?.[1];
  const tokens = usage === undefined ? undefined : readPythonJson(usage);
  const total =
    typeof tokens === 'object' && tokens !== null && 'total_tokens' in tokens ? tokens['total_tokens'] : null;
  return {
    traceId,
    name: trace.tags.find(([key]) => key === 'mlflow.traceName')?.[1] ?? names.get(trace.id) ?? traceId,
    state,
    startedAt,
    durationMs,
    requestPreview,
    responsePreview,
    totalTokens: typeof total === 'bigint' ? Number(total) : null,
  };
}
