import type Database from 'better-sqlite3';
import type { TraceState } from '../../contract/index.ts';
import { runStateById } from '../tracking/index.ts';
import { assessmentsByTrace, type Assessment } from './assessments.ts';
import { normalSum, summed } from './token-usage.ts';

export type Pairs = readonly (readonly [key: string, value: string])[];

/** A trace without its spans. Times in ms UTC. */
export interface Trace {
  /** The row; `traceId` is its name to clients. */
  readonly id: number;
  readonly traceId: string;
  readonly experiment: number;
  readonly startedAt: number;
  readonly durationMs: number | null;
  readonly state: TraceState;
  readonly clientRequestId: string | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
  readonly tags: Pairs;
  readonly metadata: Pairs;
  readonly assessments: readonly Assessment[];
}

export type TraceRow = Omit<Trace, 'tags' | 'metadata' | 'assessments'>;

export const traceColumns = `t.id, t.trace_id AS traceId, t.experiment, t.started_at AS startedAt,
  t.duration_ms AS durationMs, t.state, t.client_request_id AS clientRequestId,
  t.request_preview AS requestPreview, t.response_preview AS responsePreview`;

/** Rows with what belongs to them, in a fixed number of queries. */
export function tracesOf(db: Database.Database, rows: readonly TraceRow[]): Trace[] {
  const ids = JSON.stringify(rows.map(({ id }) => id));
  const pairs = (table: 'trace_tag' | 'trace_metadata') =>
    Map.groupBy(
      db
        .prepare(
          `SELECT trace, key, value FROM ${table} WHERE trace IN (SELECT value FROM json_each(?)) ORDER BY key`,
        )
        .all(ids) as { trace: number; key: string; value: string }[],
      ({ trace }) => trace,
    );
  const [tags, metadata] = [pairs('trace_tag'), pairs('trace_metadata')];
  const assessments = assessmentsByTrace(db, ids);
  const plain = (own: { key: string; value: string }[] = []) =>
    own.map(({ key, value }) => [key, value] as const);
  return rows.map(({ id, ...row }) => ({
    id,
    ...row,
    tags: plain(tags.get(id)),
    metadata: plain(metadata.get(id)),
    assessments: assessments.get(id) ?? [],
  }));
}

export function traceById(db: Database.Database, traceId: string): Trace | undefined {
  return tracesByIds(db, [traceId])[0];
}

/** Those there are of the given, in their order, each once. */
export function tracesByIds(db: Database.Database, traceIds: readonly string[]): Trace[] {
  const rows = db
    .prepare(`SELECT ${traceColumns} FROM trace t WHERE t.trace_id IN (SELECT value FROM json_each(?))`)
    .all(JSON.stringify(traceIds)) as TraceRow[];
  const place = new Map(traceIds.toReversed().map((id, index) => [id, -index]));
  return tracesOf(
    db,
    rows.toSorted((a, b) => (place.get(a.traceId) ?? 0) - (place.get(b.traceId) ?? 0)),
  );
}

/** The number of a trace's row; undefined for no such trace. */
export function traceNumber(db: Database.Database, traceId: string): number | undefined {
  return db.prepare('SELECT id FROM trace WHERE trace_id = ?').pluck().get(traceId) as number | undefined;
}

/** Where MLflow's client keeps the files of a trace. */
export const traceArtifacts = (experimentLocation: string, traceId: string): string =>
  `${experimentLocation.replace(/\/+$/, '')}/traces/${traceId}/artifacts`;

export interface NewTrace {
  readonly traceId: string;
  readonly experiment: number;
  readonly startedAt: number;
  readonly durationMs: number | null;
  readonly state: TraceState;
  readonly clientRequestId: string | null;
  readonly requestPreview: string | null;
  readonly responsePreview: string | null;
}

/** Inserts a trace, or lays it over one that its spans made before. Previews that are not given stay. Returns its row. */
export function putTrace(db: Database.Database, trace: NewTrace): number {
  return db
    .prepare(
      `INSERT INTO trace (trace_id, experiment, started_at, duration_ms, state, client_request_id, request_preview, response_preview)
       VALUES (:traceId, :experiment, :startedAt, :durationMs, :state, :clientRequestId, :requestPreview, :responsePreview)
       ON CONFLICT (trace_id) DO UPDATE SET experiment = excluded.experiment, started_at = excluded.started_at,
         duration_ms = excluded.duration_ms, state = excluded.state, client_request_id = excluded.client_request_id,
         request_preview = coalesce(excluded.request_preview, request_preview),
         response_preview = coalesce(excluded.response_preview, response_preview)
       RETURNING id`,
    )
    .pluck()
    .get(trace) as number;
}

export function endTrace(
  db: Database.Database,
  id: number,
  end: { durationMs: number; state: TraceState },
): void {
  db.prepare('UPDATE trace SET duration_ms = ?, state = ? WHERE id = ?').run(end.durationMs, end.state, id);
}

export function setTraceTags(db: Database.Database, id: number, tags: Pairs): void {
  const put = db.prepare('INSERT OR REPLACE INTO trace_tag (trace, key, value) VALUES (?, ?, ?)');
  for (const [key, value] of tags) put.run(id, key, value);
}

/** Sums of tokens and costs are kept in their normal form; what is none is left out. */
export function setTraceMetadata(db: Database.Database, id: number, metadata: Pairs): void {
  const put = db.prepare('INSERT OR REPLACE INTO trace_metadata (trace, key, value) VALUES (?, ?, ?)');
  for (const [key, value] of metadata) {
    const kept = summed.some((own) => own.metadata === key) ? normalSum(key, value) : value;
    if (kept !== null) put.run(id, key, kept);
  }
}

export function removeTraceTag(db: Database.Database, id: number, key: string): boolean {
  return db.prepare('DELETE FROM trace_tag WHERE trace = ? AND key = ?').run(id, key).changes > 0;
}

/** Deletes traces of an experiment with all that is theirs, the oldest first. Returns their artifact locations. */
export function deleteTraces(
  db: Database.Database,
  experiment: number,
  which: { traceIds: readonly string[] | null; upTo: number | null; limit: number | null },
): { traceId: string; artifacts: string | null }[] {
  const found = db
    .prepare(
      `SELECT t.id, t.trace_id AS traceId,
         (SELECT value FROM trace_tag WHERE trace = t.id AND key = 'mlflow.artifactLocation') AS artifacts
       FROM trace t WHERE t.experiment = ? AND (? IS NULL OR t.started_at <= ?)
         AND (? IS NULL OR t.trace_id IN (SELECT value FROM json_each(?)))
       ORDER BY t.started_at, t.trace_id LIMIT ?`,
    )
    .all(
      experiment,
      which.upTo,
      which.upTo,
      which.traceIds === null ? null : 1,
      JSON.stringify(which.traceIds ?? []),
      which.limit ?? -1,
    ) as { id: number; traceId: string; artifacts: string | null }[];
  db.prepare('DELETE FROM trace WHERE id IN (SELECT value FROM json_each(?))').run(
    JSON.stringify(found.map(({ id }) => id)),
  );
  return found;
}

/** Links traces to a run; those that are not there are passed over. */
export function linkTraces(db: Database.Database, traceIds: readonly string[], runId: string): void {
  db.prepare(
    'INSERT OR IGNORE INTO trace_run (trace, run_id) SELECT id, ? FROM trace WHERE trace_id IN (SELECT value FROM json_each(?))',
  ).run(runId, JSON.stringify(traceIds));
}

/** @param prompts as `name/version`. */
export function linkPrompts(db: Database.Database, id: number, prompts: readonly string[]): void {
  const put = db.prepare('INSERT OR IGNORE INTO trace_prompt (trace, prompt) VALUES (?, ?)');
  for (const prompt of prompts) put.run(id, prompt);
}

/** The spans of a trace as their JSON texts, the root first, then by their start. */
export function spanContents(db: Database.Database, id: number): string[] {
  return db
    .prepare(
      'SELECT content FROM span WHERE trace = ? ORDER BY parent_span_id IS NOT NULL, start_ns, id LIMIT 100000',
    )
    .pluck()
    .all(id) as string[];
}

/** The runs that traces were made in, as far as there are such runs. @param ids rows of traces. */
export function runIdsOf(db: Database.Database, ids: readonly number[]): string[] {
  const runIds = db
    .prepare(
      `SELECT DISTINCT value FROM trace_metadata
       WHERE key = 'mlflow.sourceRun' AND trace IN (SELECT value FROM json_each(?))`,
    )
    .pluck()
    .all(JSON.stringify(ids)) as string[];
  return runIds.filter((runId) => runStateById(db, runId) !== undefined);
}

/** The names of the traces' first spans, by row: what a trace is called that its client gave no name. */
export function rootNames(db: Database.Database, traces: readonly Trace[]): Map<number, string> {
  const rows = db
    .prepare(
      `SELECT trace, name FROM span WHERE parent_span_id IS NULL
         AND trace IN (SELECT value FROM json_each(?)) ORDER BY id DESC`,
    )
    .all(JSON.stringify(traces.map(({ id }) => id))) as { trace: number; name: string }[];
  return new Map(rows.map(({ trace, name }) => [trace, name]));
}
