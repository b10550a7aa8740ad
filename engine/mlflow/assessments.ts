import type Database from 'better-sqlite3';
import {
  assessmentById,
  deleteAssessment,
  putAssessment,
  traceNumber,
  type Assessment,
} from '../traces/index.ts';
import { endpoint, type Endpoint } from './endpoint.ts';
import { shape, string } from './message.ts';
import { invalid, missing, MlflowError } from './mlflow-error.ts';
import { newAssessment } from './start-trace.ts';
import { assessmentJson } from './trace-answers.ts';
import { traceRowOf } from './trace-lookup.ts';
import { assessmentMessage, verdictOf, type AssessmentMessage } from './trace-messages.ts';

const ids = { trace_id: string, assessment_id: string };

/** @throws {MlflowError} */
function assessmentOf(db: Database.Database, traceId: string, assessmentId: string): Assessment {
  const assessment = assessmentById(db, traceId, assessmentId);
  if (assessment !== undefined) return assessment;
  if (traceNumber(db, traceId) === undefined) throw missing(`Trace with request_id '${traceId}' not found`);
  throw missing(`Assessment with ID '${assessmentId}' not found for trace '${traceId}'`);
}

export const assessmentEndpoints: readonly Endpoint[] = [
  endpoint(
    'POST',
    'traces/:trace_id/assessments',
    shape({ trace_id: string, assessment: assessmentMessage }, ['trace_id', 'assessment']),
    async ({ trace_id, assessment: given }, { rooms }) => {
      const fresh = newAssessment(given, trace_id, rooms.now());
      const kept = await rooms.tracking.record('createAssessment', (db) => {
        const trace = traceRowOf(db, trace_id);
        if (fresh.overrides !== null && assessmentById(db, trace_id, fresh.overrides) === undefined)
          throw missing(`Assessment with ID '${fresh.overrides}' not found for trace '${trace_id}'`);
        const taken = db.prepare('SELECT 1 FROM assessment WHERE assessment_id = ?').get(fresh.assessmentId);
        if (taken !== undefined)
          throw new MlflowError(
            'RESOURCE_ALREADY_EXISTS',
            `There is an assessment with the ID '${fresh.assessmentId}' already.`,
          );
        putAssessment(db, trace, fresh);
        return { value: assessmentOf(db, trace_id, fresh.assessmentId) };
      });
      return { assessment: assessmentJson(kept) };
    },
  ),
  endpoint(
    'GET',
    'traces/:trace_id/assessments/:assessment_id',
    shape(ids, ['trace_id', 'assessment_id']),
    ({ trace_id, assessment_id }, { rooms }) => ({
      assessment: assessmentJson(rooms.store.now((db) => assessmentOf(db, trace_id, assessment_id))),
    }),
  ),
  endpoint(
    'PATCH',
    'traces/:trace_id/assessments/:assessment_id',
    shape({ ...ids, assessment: assessmentMessage, update_mask: string }, [
      'trace_id',
      'assessment_id',
      'assessment',
      'update_mask',
    ]),
    async ({ trace_id, assessment_id, assessment: given, update_mask }, { rooms }) => {
      const kept = await rooms.tracking.record('updateAssessment', (db) => {
        const before = assessmentOf(db, trace_id, assessment_id);
        const change = changeOf(before, given, update_mask.split(','));
        putAssessment(db, traceRowOf(db, trace_id), {
          ...before,
          ...change,
          // What is overridden stays as it is: only a new assessment overrides.
          overrides: null,
          updatedAt: rooms.now(),
        });
        return { value: assessmentOf(db, trace_id, assessment_id) };
      });
      return { assessment: assessmentJson(kept) };
    },
  ),
  endpoint(
    'DELETE',
    'traces/:trace_id/assessments/:assessment_id',
    shape(ids, ['trace_id', 'assessment_id']),
    async ({ trace_id, assessment_id }, { rooms }) => {
      await rooms.tracking.record('deleteAssessment', (db) => {
        const trace = traceNumber(db, trace_id);
        if (trace !== undefined) deleteAssessment(db, trace, assessment_id);
        return { value: null };
      });
      return {};
    },
  ),
];

/** The fields that a mask names (protobuf's FieldMask: names in camelCase). Source and span never change. */
function changeOf(
  before: Assessment,
  given: AssessmentMessage,
  mask: readonly string[],
): Partial<Assessment> {
  let change: Partial<Assessment> = {};
  for (const path of mask) {
    switch (path.trim().replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)) {
      case 'assessment_name':
        change = { ...change, name: given.assessment_name ?? '' };
        break;
      case 'expectation':
      case 'feedback': {
        const verdict = verdictOf(given);
        if (verdict.kind !== before.kind)
          throw invalid(
            before.kind === 'feedback'
              ? 'Cannot update expectation value on a Feedback assessment.'
              : 'Cannot update feedback value on an Expectation assessment.',
          );
        change = { ...change, value: verdict.value, error: verdict.error };
        break;
      }
      case 'rationale':
        if (before.kind !== 'expectation') change = { ...change, rationale: given.rationale ?? '' };
        break;
      case 'metadata':
        change = {
          ...change,
          metadata: { ...before.metadata, ...Object.fromEntries(given.metadata ?? []) },
        };
        break;
      default:
        throw invalid(`The field '${path}' of an assessment cannot be updated.`);
    }
  }
  return change;
}
