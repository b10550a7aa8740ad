import type Database from 'better-sqlite3';
import { BenchtopError, type PushPlan } from '../../contract/index.ts';
import { versionByReference, type ModelVersion } from '../registry/index.ts';
import {
  filesBelow,
  localFolder,
  loggedModelById,
  modelsLoggedBy,
  proxiedPath,
  recordedRunById,
  runArtifacts,
  type RecordedRun,
} from '../tracking/index.ts';
import { pointBytes } from './mlflow-server/send-metrics.ts';
import { versionId } from './mlflow-server/send-version.ts';
import type { NewOperation } from './outbox/delivery-rows.ts';

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
 * the version.
 * @throws {BenchtopError} `not-found`.
 */
export function planPush(
  db: Database.Database,
  input: { runIds: readonly string[]; models: readonly string[]; isWithStarred: boolean },
): Planned {
  const deliveries = new Map<string, PlannedDelivery>();
  const notices: string[] = [];

  function addRun(runId: string, because: string | null, depth = 0): void {
    if (deliveries.has(`run ${runId}`)) return;
    const run = recordedRunById(db, runId);
    if (run === undefined || run.isDeleted)
      throw new BenchtopError({ code: 'not-found', what: `There is no run ${runId}, or it is in the bin.` });
    const parent = run.parentRunId === null ? undefined : recordedRunById(db, run.parentRunId);
    const hasParent = parent !== undefined && !parent.isDeleted && depth < deepest;
    if (hasParent) addRun(parent.runId, `the parent of ${run.name}`, depth + 1);
    deliveries.set(`run ${runId}`, plannedRun(db, run, hasParent ? parent.runId : null, because, notices));
  }

  function addVersion(version: ModelVersion): void {
    const id = versionId(version.name, version.version);
    const model = version.modelId === '' ? undefined : loggedModelById(db, version.modelId);
    const runId = version.runId || (model?.sourceRunId ?? '');
    if (runId === '')
      throw new BenchtopError({
        code: 'unsupported',
        what: `${id} belongs to no run, and its files are not kept here: ${version.storageLocation}.`,
        next: 'Register it from a run, then push it.',
      });
    addRun(runId, `${id} came from it`);
    deliveries.set(`version ${id}`, {
      kind: 'version',
      localId: id,
      name: id,
      needs: runId,
      because: null,
      points: 0,
      operations: [
        { kind: 'version', subject: id, totalBytes: 500 },
        ...version.aliases.map((alias) => ({ kind: 'alias' as const, subject: alias, totalBytes: 100 })),
        { kind: 'finish', subject: 'receipt', totalBytes: 0 },
      ],
    });
  }

  for (const runId of input.runIds) addRun(runId, null);
  if (input.isWithStarred) for (const runId of starredRuns(db)) addRun(runId, 'starred');
  for (const reference of input.models) addVersion(versionByReference(db, reference));
  return { deliveries: [...deliveries.values()], notices };
}

function starredRuns(db: Database.Database): string[] {
  return db
    .prepare('SELECT run_id FROM run WHERE is_starred = 1 AND deleted_at IS NULL ORDER BY id LIMIT 100000')
    .pluck()
    .all() as string[];
}

function plannedRun(
  db: Database.Database,
  run: RecordedRun,
  needs: string | null,
  because: string | null,
  notices: string[],
): PlannedDelivery {
  const points = pointCount(db, run.id);
  const facts =
    500 + [...run.params, ...run.tags].reduce((sum, [key, value]) => sum + key.length + value.length + 24, 0);
  const models = modelsLoggedBy(db, run.runId).flatMap(({ modelId }) => loggedModelById(db, modelId) ?? []);
  const files = [
    ...runArtifacts(db, run.runId).map((file) => ({
      ...file,
      subject: file.path,
      modelId: null as string | null,
    })),
    ...models.flatMap((model) =>
      keptFiles(db, model.artifactLocation).map((file) => ({
        ...file,
        subject: `models/${model.modelId}/${file.path}`,
        modelId: model.modelId,
      })),
    ),
  ];
  const elsewhere = [run.artifactUri, ...models.map((model) => model.artifactLocation)].filter(
    (uri) => proxiedPath(uri) === null,
  );
  for (const uri of elsewhere)
    notices.push(
      `${run.name}: files at ${uri} are not sent: ${localFolder(uri) === null ? 'they' : 'its client wrote them there itself, and they'} are not kept here.`,
    );
  return {
    kind: 'run',
    localId: run.runId,
    name: run.name,
    needs,
    because,
    points,
    operations: [
      { kind: 'run', subject: run.name, totalBytes: facts },
      ...models.map((model) => ({ kind: 'model' as const, subject: model.modelId, totalBytes: 500 })),
      ...(points === 0
        ? []
        : [{ kind: 'metrics' as const, subject: `${points} points`, totalBytes: points * pointBytes }]),
      ...files.map(({ subject, path, objectId, sizeBytes, modelId }) => ({
        kind: 'file' as const,
        subject,
        detail: { path, objectId, sizeBytes, modelId },
        totalBytes: sizeBytes,
      })),
      { kind: 'finish', subject: 'receipt', totalBytes: 0 },
    ],
  };
}

function keptFiles(db: Database.Database, location: string) {
  const path = proxiedPath(location);
  return path === null ? [] : filesBelow(db, path);
}

function pointCount(db: Database.Database, run: number): number {
  return db
    .prepare('SELECT ifnull(sum(point_count), 0) FROM series WHERE run = ? AND is_ignored = 0')
    .pluck()
    .get(run) as number;
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
