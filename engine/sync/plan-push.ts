import type Database from 'better-sqlite3';
import { BenchtopError, type PushPlan, type TargetKind } from '../../contract/index.ts';
import { versionByReference, type ModelVersion } from '../registry/index.ts';
import { loggedModelById, recordedRunById } from '../tracking/index.ts';
import { versionId } from './local-version.ts';
import type { NewOperation } from './outbox/delivery-rows.ts';
import { runSteps, versionSteps } from './plan-delivery.ts';

/** One thing that goes to a target, with all its steps. */
export interface PlannedDelivery {
  readonly kind: 'run' | 'version';
  readonly localId: string;
  readonly name: string;
  /** The delivery that goes first, by its local id: a run. */
  readonly needs: string | null;
  readonly because: string | null;
  readonly points: number;
  readonly operations: readonly NewOperation[];
}

export interface Planned {
  readonly deliveries: readonly PlannedDelivery[];
  readonly notices: readonly string[];
}

/** Parents before children, at most so deep. */
const deepest = 20;

/**
 * What a push takes: the runs that were named, before each its parents; for each model version the run it came from, and then
 * the version. In a folder a version lies with all that belongs to it, and needs no run beside it.
 * @throws {BenchtopError} `not-found`.
 */
export function planPush(
  db: Database.Database,
  kind: TargetKind,
  input: {
    runIds: readonly string[];
    models: readonly string[];
    isWithStarred: boolean;
    /** Whether runs that no version needs bring their files. */
    isWithFiles: boolean;
  },
): Planned {
  const deliveries = new Map<string, PlannedDelivery>();
  const notices: string[] = [];

  function addRun(runId: string, because: string | null, isWithFiles: boolean, depth = 0): void {
    if (deliveries.has(`run ${runId}`)) return;
    const run = recordedRunById(db, runId);
    if (run === undefined || run.isDeleted)
      throw new BenchtopError({ code: 'not-found', what: `There is no run ${runId}, or it is in the bin.` });
    const parent =
      run.parentRunId === null || kind === 'git' ? undefined : recordedRunById(db, run.parentRunId);
    const hasParent = parent !== undefined && !parent.isDeleted && depth < deepest;
    if (hasParent) addRun(parent.runId, `the parent of ${run.name}`, isWithFiles, depth + 1);
    const steps = runSteps(db, kind, run, { isWithFiles, notices });
    if (steps === null) return;
    deliveries.set(`run ${runId}`, {
      kind: 'run',
      localId: runId,
      name: run.name,
      needs: hasParent ? parent.runId : null,
      because,
      ...steps,
    });
  }

  function addVersion(version: ModelVersion): void {
    const id = versionId(version.name, version.version);
    const model = version.modelId === '' ? undefined : loggedModelById(db, version.modelId);
    const runId = version.runId || (model?.sourceRunId ?? '');
    const needsRun = kind !== 'folder';
    if (needsRun && (runId === '' || recordedRunById(db, runId) === undefined))
      throw new BenchtopError({
        code: 'unsupported',
        what: `${id} belongs to no run that is here, and only a folder takes a version without one.`,
        evidence: version.source,
        next: 'Register it from a run, or push it to a folder.',
      });
    if (needsRun) addRun(runId, `${id} came from it`, true);
    const operations = versionSteps(db, kind, version, id);
    if (operations === null) return;
    deliveries.set(`version ${id}`, {
      kind: 'version',
      localId: id,
      name: id,
      needs: needsRun ? runId : null,
      because: null,
      points: 0,
      operations,
    });
  }

  const addRuns = () => {
    for (const runId of input.runIds) addRun(runId, null, input.isWithFiles);
    if (input.isWithStarred) for (const runId of starredRuns(db)) addRun(runId, 'starred', input.isWithFiles);
  };
  // The run of a version brings its files, also when it was named by itself.
  if (input.isWithFiles) addRuns();
  for (const reference of input.models) addVersion(versionByReference(db, reference));
  if (!input.isWithFiles) addRuns();
  return { deliveries: [...deliveries.values()], notices };
}

function starredRuns(db: Database.Database): string[] {
  return db
    .prepare('SELECT run_id FROM run WHERE is_starred = 1 AND deleted_at IS NULL ORDER BY id LIMIT 100000')
    .pluck()
    .all() as string[];
}

const bytesOf = ({ operations }: PlannedDelivery): number =>
  operations.reduce((sum, { totalBytes }) => sum + totalBytes, 0);

/** A plan for people, with sizes. */
export function pushPlanOf({ deliveries, notices }: Planned): PushPlan {
  return {
    deliveries: deliveries.map((delivery) => ({
      kind: delivery.kind,
      localId: delivery.localId,
      name: delivery.name,
      files: delivery.operations.filter(({ kind }) => kind === 'file').length,
      points: delivery.points,
      bytes: bytesOf(delivery),
      because: delivery.because,
    })),
    bytes: deliveries.reduce((sum, delivery) => sum + bytesOf(delivery), 0),
    notices: [...notices],
  };
}
