import { posix } from 'node:path';
import { BenchtopError, isModelDescription, isModelFile, type ModelCandidate } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Store } from '../store/index.ts';
import {
  loggedModelById,
  modelsLoggedBy,
  proxiedPath,
  recordedRunById,
  runArtifacts,
} from '../tracking/index.ts';
import { versionsOfRun } from './model-versions.ts';
import { readMlmodel } from './read-mlmodel.ts';
import { filesAt, textOf, type VersionFiles } from './version-files.ts';

/** Larger ones are no descriptions. */
export const mlmodelBytesAtMost = 4 * 1024 * 1024;

/** A candidate with what registering it needs. */
export interface FoundModel extends ModelCandidate {
  /** Where its files are, as the client of MLflow would name it. */
  readonly source: string;
  readonly storageUri: string;
}

/**
 * What of a run can be registered: logged models, folders with an MLmodel file, and single model files outside of them.
 * @throws {BenchtopError} `not-found`.
 */
export async function modelsOfRun(
  { store, objects }: { store: Store; objects: Objects },
  runId: string,
): Promise<FoundModel[]> {
  const run = store.now((db) => recordedRunById(db, runId));
  if (run === undefined) throw new BenchtopError({ code: 'not-found', what: `There is no run ${runId}.` });
  const registered = store.now((db) => versionsOfRun(db, runId));
  const called = (path: string) => nameFor(path, run.name);
  const found: FoundModel[] = [];
  for (const { modelId, name } of store.now((db) => modelsLoggedBy(db, runId))) {
    const location = store.now((db) => loggedModelById(db, modelId))?.artifactLocation;
    if (location === undefined) continue;
    const files = await filesAt(store, location);
    const text = await textOf(objects, files, 'MLmodel', mlmodelBytesAtMost);
    found.push({
      kind: 'logged-model',
      modelId,
      path: name,
      sizeBytes: sumOf(files.files),
      flavors: text === null ? [] : flavorsOf(text),
      suggestedName: called(name),
      registeredAs: registered.filter((version) => version.modelId === modelId).map(shownVersion),
      source: `models:/${modelId}`,
      storageUri: location,
    });
  }
  const left = await filesLeftBy(store, runId, run.artifactUri);
  const folders = left.files.filter(({ path }) => isModelDescription(path)).map(({ path }) => dirname(path));
  const isInFolder = (path: string) => folders.some((folder) => isBelow(folder, path));
  const places = [
    ...folders.filter((folder) => !folders.some((other) => other !== folder && isBelow(other, folder))),
    ...left.files.map(({ path }) => path).filter((path) => isModelFile(path) && !isInFolder(path)),
  ];
  for (const path of places) {
    const isFolder = folders.includes(path);
    const own = left.files.filter((file) => (isFolder ? isBelow(path, file.path) : file.path === path));
    const storageUri = path === '' ? left.rootUri : `${left.rootUri}/${path}`;
    const description = path === '' ? 'MLmodel' : `${path}/MLmodel`;
    const text = isFolder ? await textOf(objects, left, description, mlmodelBytesAtMost) : null;
    found.push({
      kind: isFolder ? 'folder' : 'file',
      modelId: null,
      path,
      sizeBytes: sumOf(own),
      flavors: text === null ? [] : flavorsOf(text),
      suggestedName: called(path),
      registeredAs: registered
        .filter(({ storageLocation }) => storageLocation === storageUri)
        .map(shownVersion),
      source: storageUri,
      storageUri,
    });
  }
  return found;
}

/**
 * The files that a run left, and the location below which a version finds them: that of its artifacts, or where this engine has
 * kept them by content although the run's own location is another, `keptRoot`.
 */
async function filesLeftBy(
  store: Store,
  runId: string,
  artifactUri: string,
): Promise<VersionFiles & { rootUri: string }> {
  const files = await filesAt(store, artifactUri);
  if (files.where === 'local' && files.files.length > 0) return { ...files, rootUri: artifactUri };
  const stored = store.now((db) => runArtifacts(db, runId));
  const rootUri = proxiedPath(artifactUri) === null ? `mlflow-artifacts:/${keptRoot(runId)}` : artifactUri;
  return { where: 'stored', local: null, isFolder: true, files: stored, rootUri };
}

/** Below the proxy: files of a run that are registered, and that its own location does not have. */
export const keptRoot = (runId: string): string => `kept/${runId}`;

const shownVersion = ({ name, version }: { name: string; version: number }) => ({ name, version });

const dirname = (path: string) => (path.includes('/') ? posix.dirname(path) : '');
const isBelow = (folder: string, path: string) => folder === '' || path.startsWith(`${folder}/`);
const sumOf = (files: readonly { sizeBytes: number }[]) =>
  files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

function flavorsOf(text: string): string[] {
  try {
    return [...readMlmodel(text).flavors];
  } catch (error) {
    if (error instanceof BenchtopError) return []; // the version's page says what is wrong with it
    throw error;
  }
}

/** A name that says more than `model` does. */
function nameFor(path: string, runName: string): string {
  const base = posix.basename(path === '' ? runName : path).replace(/\.[a-z0-9]{1,11}$/i, '');
  const name = /^(model|best|last|final|checkpoint|fit|clf|estimator|artifacts?)$/i.test(base)
    ? runName
    : base;
  return name.replaceAll(/[/:\s]+/g, '-').slice(0, 250) || 'model';
}
