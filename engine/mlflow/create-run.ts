import type Database from 'better-sqlite3';
import {
  claimRun,
  insertRun,
  recordedRunById,
  type Experiment,
  type RecordedRun,
} from '../tracking/index.ts';
import { newRunId } from '../run-id.ts';
import { randomRunName } from './run-name.ts';
import { runOf, setRunTags } from './run-lookup.ts';

export interface RunRequest {
  readonly userId: string;
  /** Null where the client leaves the name to the server. */
  readonly name: string | null;
  readonly startedAt: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Creates the run that a client asks for. A client that a supervised run started carries that run's id as the user of its
 * tracking URI: the first run it creates *is* the supervised run, which moves to the experiment that the client names;
 * later ones nest below it.
 */
export function createRun(
  db: Database.Database,
  experiment: Experiment,
  request: RunRequest,
  user: string,
  now: number,
): RecordedRun {
  const supervised = supervisedRun(db, user);
  if (supervised !== null && !supervised.isClaimed && request.tags['mlflow.parentRunId'] === undefined) {
    claimRun(db, supervised.runId, {
      experiment: experiment.id,
      name: request.name,
      userId: request.userId,
      at: now,
    });
    setRunTags(db, supervised, {
      ...request.tags,
      'mlflow.runName': request.name ?? supervised.name,
    });
    return runOf(db, supervised.runId);
  }
  const name = request.name ?? randomRunName();
  const parent = request.tags['mlflow.parentRunId'] ?? supervised?.runId ?? null;
  const id = newRunId();
  insertRun(db, {
    id,
    name,
    userId: request.userId,
    projectId: projectOf(db, supervised),
    experimentId: String(experiment.id),
    parentRunId: parent,
    status: 'running',
    command: [],
    workingFolder: null,
    source: 'mlflow',
    createdAt: now,
    startedAt: request.startedAt,
  });
  setRunTags(
    db,
    { runId: id },
    {
      ...request.tags,
      'mlflow.runName': name,
      ...(parent === null ? {} : { 'mlflow.parentRunId': parent }),
    },
  );
  return runOf(db, id);
}

/** The run of this engine's own that a client belongs to, or null. */
function supervisedRun(db: Database.Database, user: string): RecordedRun | null {
  const run = /^[0-9a-f]{32}$/.test(user) ? recordedRunById(db, user) : undefined;
  return run?.source === 'runner' ? run : null;
}

function projectOf(db: Database.Database, supervised: RecordedRun | null): string | null {
  if (supervised === null) return null;
  return db.prepare('SELECT project_id FROM run WHERE id = ?').pluck().get(supervised.id) as string | null;
}
