import type Database from 'better-sqlite3';
import { assertNever, BenchtopError, type TargetKind } from '../../contract/index.ts';
import type { ModelVersion } from '../registry/index.ts';
import { snapshotOf } from '../source/index.ts';
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
import type { NewOperation } from './outbox/delivery-rows.ts';

const finish: NewOperation = { kind: 'finish', subject: 'receipt', totalBytes: 0 };

/** The steps in which a run goes to a kind of target. Null: there is nothing of it that such a one takes. */
export function runSteps(
  db: Database.Database,
  kind: TargetKind,
  run: RecordedRun,
  { isWithFiles, notices }: { isWithFiles: boolean; notices: string[] },
): { points: number; operations: NewOperation[] } | null {
  switch (kind) {
    case 'mlflow':
    case 'folder':
      return recordSteps(db, kind, run, { isWithFiles, notices });
    case 'git':
      return codeSteps(db, run, notices);
    default:
      return assertNever(kind);
  }
}

function recordSteps(
  db: Database.Database,
  kind: 'mlflow' | 'folder',
  run: RecordedRun,
  { isWithFiles, notices }: { isWithFiles: boolean; notices: string[] },
) {
  const points = pointCount(db, run.id);
  const facts =
    500 + [...run.params, ...run.tags].reduce((sum, [key, value]) => sum + key.length + value.length + 24, 0);
  const { models, files } = isWithFiles ? filesOf(db, run, notices) : { models: [], files: [] };
  const place = (subject: string, path: string, modelId: string | null) =>
    kind === 'mlflow' ? path : modelId === null ? `artifacts/${path}` : subject;
  const operations: NewOperation[] = [
    { kind: 'run', subject: run.name, totalBytes: facts },
    ...models.map((model) => ({ kind: 'model' as const, subject: model.modelId, totalBytes: 500 })),
    ...(points === 0
      ? []
      : [{ kind: 'metrics' as const, subject: `${points} points`, totalBytes: points * pointBytes }]),
    ...files.map(({ subject, path, objectId, sizeBytes, modelId }) => ({
      kind: 'file' as const,
      subject,
      detail: { path: place(subject, path, modelId), objectId, sizeBytes, modelId },
      totalBytes: sizeBytes,
    })),
    finish,
  ];
  return { points, operations };
}

/** Its artifacts, the models that it logged, and their files. @param notices is told of files that are not kept here. */
export function filesOf(db: Database.Database, run: RecordedRun, notices: string[]) {
  const models = modelsLoggedBy(db, run.runId).flatMap(({ modelId }) => loggedModelById(db, modelId) ?? []);
  const files = [
    ...runArtifacts(db, run.runId).map((file) => ({ ...file, subject: file.path, modelId: null })),
    ...models.flatMap((model) =>
      storedBelow(db, model.artifactLocation).map((file) => ({
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
  return { models, files };
}

function codeSteps(db: Database.Database, { runId, name }: RecordedRun, notices: string[]) {
  const snapshot = snapshotOf(db, runId);
  if (snapshot?.commitId) {
    const operations: NewOperation[] = [{ kind: 'code', subject: snapshot.ref, totalBytes: 0 }, finish];
    return { points: 0, operations };
  }
  notices.push(
    `${name}: no snapshot of its code was taken${snapshot?.problem ? `: ${snapshot.problem}` : ''}`,
  );
  return null;
}

/** The steps of a version. Null where the run that it came from is all that such a target takes. */
export function versionSteps(
  db: Database.Database,
  kind: TargetKind,
  version: ModelVersion,
  id: string,
): NewOperation[] | null {
  const aliases = version.aliases.map((alias) => ({
    kind: 'alias' as const,
    subject: alias,
    totalBytes: 100,
  }));
  switch (kind) {
    case 'mlflow':
      return [{ kind: 'version', subject: id, totalBytes: 500 }, ...aliases, finish];
    case 'folder': {
      const files = storedBelow(db, version.storageLocation);
      if (files.length === 0)
        throw new BenchtopError({
          code: 'unsupported',
          what: `The files of ${id} are not kept here: ${version.storageLocation}.`,
          next: 'Register it from a run, then push it.',
        });
      // Its number comes with the last of its files: nobody finds half a version.
      return [
        ...files.map(({ path, objectId, sizeBytes }) => ({
          kind: 'file' as const,
          subject: path,
          detail: { path: `model/${path}`, objectId, sizeBytes },
          totalBytes: sizeBytes,
        })),
        { kind: 'version', subject: id, totalBytes: 5000 },
        ...aliases,
        finish,
      ];
    }
    case 'git':
      return null;
    default:
      return assertNever(kind);
  }
}

function storedBelow(db: Database.Database, location: string) {
  // As a bare request may have named it; MLflow's own client writes out where that is.
  const [, runId, folder = ''] = /^runs:\/+([0-9a-f]{32})(\/.*)?$/s.exec(location) ?? [];
  const run = runId === undefined ? undefined : recordedRunById(db, runId);
  const path = proxiedPath(run === undefined ? location : `${run.artifactUri}${folder}`);
  return path === null ? [] : filesBelow(db, path);
}

function pointCount(db: Database.Database, run: number): number {
  return db
    .prepare('SELECT ifnull(sum(point_count), 0) FROM series WHERE run = ? AND is_ignored = 0')
    .pluck()
    .get(run) as number;
}
