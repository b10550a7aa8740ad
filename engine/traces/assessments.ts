import type Database from 'better-sqlite3';
import { randomBytes } from 'node:crypto';

/** A judgement of a trace, or what was expected of it. */
export interface Assessment {
  readonly assessmentId: string;
  readonly traceId: string;
  readonly kind: 'feedback' | 'expectation' | 'issue';
  readonly name: string;
  /** JSON. */
  readonly value: string;
  /** JSON, of a feedback that could not be made. */
  readonly error: string | null;
  readonly sourceType: string;
  readonly sourceId: string | null;
  readonly spanId: string | null;
  readonly rationale: string | null;
  readonly metadata: Readonly<Record<string, string>> | null;
  /** The assessment that this one takes the place of. */
  readonly overrides: string | null;
  /** False once another takes its place. */
  readonly isValid: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

type Row = Omit<Assessment, 'metadata' | 'isValid'> & {
  trace: number;
  metadata: string | null;
  isValid: number;
};

const columns = `a.trace, a.assessment_id AS assessmentId, t.trace_id AS traceId, a.kind, a.name, a.value, a.error,
  a.source_type AS sourceType, a.source_id AS sourceId, a.span_id AS spanId, a.rationale, a.metadata, a.overrides,
  a.is_valid AS isValid, a.created_at AS createdAt, a.updated_at AS updatedAt`;

const assessmentOf = ({ trace: _trace, metadata, isValid, ...row }: Row): Assessment => ({
  ...row,
  metadata: metadata === null ? null : (JSON.parse(metadata) as Record<string, string>),
  isValid: isValid === 1,
});

/** @param ids a JSON list of traces' rows. */
export function assessmentsByTrace(db: Database.Database, ids: string): Map<number, Assessment[]> {
  const rows = db
    .prepare(
      `SELECT ${columns} FROM assessment a JOIN trace t ON t.id = a.trace
       WHERE a.trace IN (SELECT value FROM json_each(?)) ORDER BY a.id`,
    )
    .all(ids) as Row[];
  const found = new Map<number, Assessment[]>();
  for (const row of rows) found.set(row.trace, [...(found.get(row.trace) ?? []), assessmentOf(row)]);
  return found;
}

export function assessmentById(
  db: Database.Database,
  traceId: string,
  assessmentId: string,
): Assessment | undefined {
  const row = db
    .prepare(
      `SELECT ${columns} FROM assessment a JOIN trace t ON t.id = a.trace WHERE t.trace_id = ? AND a.assessment_id = ?`,
    )
    .get(traceId, assessmentId) as Row | undefined;
  return row === undefined ? undefined : assessmentOf(row);
}

export const newAssessmentId = (): string => `a-${randomBytes(16).toString('hex')}`;

/** The id of the trace that an assessment belongs to; null for no such assessment. */
export const traceOfAssessment = (db: Database.Database, assessmentId: string): string | null =>
  (db
    .prepare('SELECT t.trace_id FROM assessment a JOIN trace t ON t.id = a.trace WHERE a.assessment_id = ?')
    .pluck()
    .get(assessmentId) as string | undefined) ?? null;

/** Puts an assessment to a trace; one that it overrides is valid no more. An id that is there is laid over. */
export function putAssessment(db: Database.Database, trace: number, assessment: Assessment): void {
  if (assessment.overrides !== null) setValid(db, trace, assessment.overrides, false);
  db.prepare(
    `INSERT INTO assessment (assessment_id, trace, kind, name, value, error, source_type, source_id, span_id, rationale,
       metadata, overrides, is_valid, created_at, updated_at)
     VALUES (:assessmentId, :trace, :kind, :name, :value, :error, :sourceType, :sourceId, :spanId, :rationale,
       :metadata, :overrides, :isValid, :createdAt, :updatedAt)
     ON CONFLICT (assessment_id) DO UPDATE SET name = excluded.name, value = excluded.value, error = excluded.error,
       rationale = excluded.rationale, metadata = excluded.metadata, updated_at = excluded.updated_at`,
  ).run({
    ...assessment,
    trace,
    metadata: assessment.metadata === null ? null : JSON.stringify(assessment.metadata),
    isValid: Number(assessment.isValid),
  });
}

function setValid(db: Database.Database, trace: number, assessmentId: string, isValid: boolean): void {
  db.prepare('UPDATE assessment SET is_valid = ? WHERE trace = ? AND assessment_id = ?').run(
    Number(isValid),
    trace,
    assessmentId,
  );
}

/** Removes an assessment; the one it overrode is valid again. */
export function deleteAssessment(db: Database.Database, trace: number, assessmentId: string): void {
  const removed = db
    .prepare('DELETE FROM assessment WHERE trace = ? AND assessment_id = ? RETURNING overrides')
    .get(trace, assessmentId) as { overrides: string | null } | undefined;
  if (removed !== undefined && removed.overrides !== null) setValid(db, trace, removed.overrides, true);
}
