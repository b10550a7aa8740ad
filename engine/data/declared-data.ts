import type Database from 'better-sqlite3';
import { prepared } from '../store/index.ts';
import { recordRunData, type NotedData, type RunDataKey, type RunDataOutcome } from './run-data.ts';
import { outcomeOf } from './run-data-outcome.ts';
import { resolvedPath } from './real-path.ts';
import type { TakenSnapshot } from './take-snapshot.ts';

/**
 * A version that was seen so short a time ago is not seen anew: in a pipeline nearly all that a stage reads was written the moment
 * before, and each row of the timeline that is touched is a page more in the commit of the run.
 */
const seenAnewMs = 1000;

/** A declared input of a run of which a version was seen. */
export interface KnownInput {
  /** Absolute. */
  readonly path: string;
  readonly version: string;
  /** False where no link led to it when it was seen. Where one does, it may lead elsewhere by now. */
  readonly hasLinks: boolean;
}

/**
 * Within the commit that records a run: that it reads a path, declared as its input, of which this is the latest recorded version. Null
 * where it is not, and nothing is noted.
 */
export function noteKnownInput(
  db: Database.Database,
  runId: string,
  { path: asked, version, hasLinks }: KnownInput,
  at: number,
): NotedData | null {
  const path = hasLinks ? resolvedPath(asked) : asked;
  const moment = prepared(
    db,
    `SELECT m.id, s.id AS dataSetId, m.version, m.last_seen_at AS seenAt, m.problem_count AS problemCount
     FROM data_set s JOIN data_moment m ON m.id = (SELECT max(l.id) FROM data_moment l WHERE l.data_set = s.id)
     WHERE s.path = +?`,
  ).get(path) as MomentOfPath | undefined;
  if (moment === undefined || moment.version !== version || moment.problemCount > 0) return null;
  if (at - moment.seenAt >= seenAnewMs)
    prepared(db, 'UPDATE data_moment SET last_seen_at = ? WHERE id = ?').run(at, moment.id);
  const key: RunDataKey = { runId, dataSetId: moment.dataSetId, role: 'input' };
  const outcome: RunDataOutcome = { state: 'recorded', version, note: null };
  recordRunData(db, { ...key, knownBy: 'declared' }, outcome);
  return { ...key, path, knownBy: ['declared'], outcome };
}

interface MomentOfPath {
  readonly id: number;
  readonly dataSetId: number;
  readonly version: string;
  readonly seenAt: number;
  readonly problemCount: number;
}

/** Records that a run wrote what was taken of one of its declared outputs. */
export function noteOutput(db: Database.Database, runId: string, taken: TakenSnapshot): void {
  const { dataSetId } = taken;
  recordRunData(db, { runId, dataSetId, role: 'output', knownBy: 'declared' }, outcomeOf(taken, Infinity));
}
