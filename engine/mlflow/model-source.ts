import type Database from 'better-sqlite3';
import { posix } from 'node:path';
import { modelVersion, registeredModel, versionMeant } from '../registry/index.ts';
import { loggedModelById, recordedRunById } from '../tracking/index.ts';
import { loggedModelOf } from './logged-models.ts';
import { invalid, missing } from './mlflow-error.ts';

/** Where a new model version comes from, as the client says and as it was found to be. */
export interface ModelSource {
  readonly source: string;
  readonly runId: string;
  readonly modelId: string;
}

/**
 * Follows a `models:` source and checks that the run or the logged model of the request holds the source, so that nobody
 * registers what somebody else made under a wrong origin. @throws {MlflowError}
 */
export function checkedSource(
  db: Database.Database,
  given: { source: string; runId: string | undefined; modelId: string | undefined },
): ModelSource {
  const followed = followVersion(db, given);
  const { source, runId, modelId } = followed;
  if (modelId === '') checkRunSource(db, source, runId);
  else checkModelSource(db, source, modelId);
  return followed;
}

/** The run that a checked source is from, where the request names none, and where its files lie. @throws {MlflowError} */
export function originOf(
  db: Database.Database,
  { source, runId, modelId }: ModelSource,
): ModelSource & { storageLocation: string } {
  const storageLocation = storageOf(db, source);
  if (runId === '' && modelId !== '') loggedModelOf(db, modelId, false);
  const loggedId = loggedModelIdOf(source) ?? (modelId === '' ? null : modelId);
  const logged = loggedId === null ? undefined : loggedModelById(db, loggedId);
  return { source, modelId, runId: runId === '' ? (logged?.sourceRunId ?? '') : runId, storageLocation };
}

/** `models:/name/3`, `models:/name/Production`, `models:/name@alias`: the version meant, with that version's own origin. */
function followVersion(
  db: Database.Database,
  { source, runId, modelId }: Parameters<typeof checkedSource>[1],
): ModelSource {
  const asGiven = { source, runId: runId ?? '', modelId: modelId ?? '' };
  if (!/^models:/i.test(source)) return asGiven;
  if (/^models:\/\/[^/]/i.test(source))
    throw invalid(
      `Invalid model version source: '${source}'. Registered model sources must use the active model registry.`,
    );
  if (loggedModelIdOf(source) !== null) return asGiven;
  const version = versionOf(db, source);
  if (
    (runId !== undefined && runId !== version.runId) ||
    (modelId !== undefined && modelId !== version.modelId)
  )
    throw invalid(
      `Invalid model version source: '${source}'. The run_id and model_id request parameters must match the referenced model version.`,
    );
  return {
    source: `models:/${version.name}/${version.version}`,
    runId: runId ?? version.runId,
    modelId: modelId ?? version.modelId,
  };
}

function versionOf(db: Database.Database, source: string) {
  const [, name = '', separator, suffix = ''] = /^models:\/+([^/@]+)([/@])([^/]+)$/.exec(source) ?? [];
  if (separator === undefined) throw wrongHolder(source, 'model_id');
  const model = registeredModel(db, name);
  if (model === undefined) throw missing(`Registered Model with name=${name} not found`);
  if (model.tags.some(([key, value]) => key === 'mlflow.prompt.is_prompt' && value === 'true'))
    throw invalid(
      `Invalid model version source: '${source}'. Prompt versions cannot be used as model version sources.`,
    );
  const number = separator === '@' || separator === '/' ? versionMeant(model, separator, suffix) : undefined;
  if (separator === '@' && number === undefined) throw invalid(`Registered model alias ${suffix} not found.`);
  const version = number === undefined ? undefined : modelVersion(db, name, number);
  if (version === undefined) throw missing(`Model Version (name=${name}, version=${suffix}) not found`);
  return version;
}

/** The id in `models:/m-…`; null for another URI. */
function loggedModelIdOf(source: string): string | null {
  return /^models:\/+([^/@]+)$/.exec(source)?.[1] ?? null;
}

function storageOf(db: Database.Database, source: string): string {
  if (!/^models:/i.test(source)) return source;
  const modelId = loggedModelIdOf(source);
  if (modelId === null) return versionOf(db, source).storageLocation;
  const model = loggedModelById(db, modelId);
  if (model === undefined)
    throw missing(`Unable to fetch model from model URI source artifact location '${source}'.`);
  return model.artifactLocation;
}

function checkRunSource(db: Database.Database, source: string, runId: string): void {
  const root = runId === '' ? undefined : recordedRunById(db, runId)?.artifactUri;
  if (isLocal(source)) {
    if (runId !== '' && root === undefined) throw wrongHolder(source, 'run_id');
    if (root !== undefined && isLocal(root) && isWithin(source, root)) return;
    throw invalid(
      `Invalid model version source: '${runId === '' ? source : localPath(source)}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.`,
    );
  }
  refuseRelativeParts(source);
  if (/^runs:/i.test(source)) {
    if (runId !== '' && /^runs:\/+([^/]+)/i.exec(source)?.[1] === runId && !/^runs:\/\/[^/]/i.test(source))
      return;
    throw wrongHolder(source, 'run_id');
  }
  if (loggedModelIdOf(source) !== null) throw wrongHolder(source, 'model_id');
  if (isProxied(source) && !(root !== undefined && isWithin(source, root)))
    throw wrongHolder(source, 'run_id');
}

function checkModelSource(db: Database.Database, source: string, modelId: string): void {
  const model = loggedModelById(db, modelId);
  const root = model?.isDeleted === false ? model.artifactLocation : undefined;
  if (isLocal(source)) {
    if (root === undefined) throw wrongHolder(source, 'model_id');
    if (root !== undefined && isLocal(root) && isWithin(source, root)) return;
    throw invalid(
      `Invalid model version source: '${localPath(source)}'. To use a local path as a model version source, the model_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the model_id.`,
    );
  }
  refuseRelativeParts(source);
  const named = loggedModelIdOf(source);
  if (named !== null) {
    if (named === modelId) return;
    throw wrongHolder(source, 'model_id');
  }
  if (/^runs:/i.test(source)) throw wrongHolder(source, 'model_id');
  if (isProxied(source) && !(root !== undefined && isWithin(source, root)))
    throw wrongHolder(source, 'model_id');
}

const wrongHolder = (source: string, name: 'run_id' | 'model_id') =>
  invalid(
    `Invalid model version source: '${source}'. The ${name} request parameter must identify the resource that contains the source.`,
  );

const isLocal = (uri: string): boolean =>
  !/^[a-z][a-z0-9+.-]*:/i.test(uri) || /^file:/i.test(uri) || /^[a-z]:[\\/]/i.test(uri);

/** The path that a `file:` URI or a path names. */
const localPath = (uri: string): string => posix.resolve('/', uri.replace(/^file:(\/\/)?/i, ''));

const isProxied = (uri: string): boolean =>
  /^mlflow-artifacts:/i.test(uri) || /^https?:.*\/api\/2\.0\/mlflow-artifacts\/artifacts(\/|$)/i.test(uri);

function isWithin(uri: string, root: string): boolean {
  const partsOf = (text: string) =>
    unquoted(text)
      .split('/')
      .filter((part) => part !== '');
  const own = partsOf(uri);
  return !own.includes('..') && partsOf(root).every((part, index) => own[index] === part);
}

function refuseRelativeParts(source: string): void {
  const plain = unquoted(source);
  const path = plain.replace(/^[a-z][a-z0-9+.-]*:(\/\/[^/]*)?/i, '').replace(/\/+$/, '');
  if (plain.includes('\0') || plain.split('/').includes('..') || path.split('/').includes('.'))
    throw invalid(
      `Invalid model version source: '${source}'. If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, an absolute path must be provided without relative path references present. Please provide an absolute path.`,
    );
}

/** Percent-decoded until nothing changes, so that nothing hides in a second layer. */
function unquoted(text: string): string {
  let plain = text;
  for (let round = 0; round < 10; round++) {
    let next = plain;
    try {
      next = decodeURIComponent(plain);
    } catch {
      return plain; // a lone percent sign is part of the name
    }
    if (next === plain) return plain;
    plain = next;
  }
  return plain;
}
