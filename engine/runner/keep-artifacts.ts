import { join } from 'node:path';
import { isModelFile } from '../../contract/index.ts';
import type { Objects, StoredObject } from '../objects/index.ts';
import { leftParams } from './config-params.ts';
import type { NewFiles } from './new-files.ts';

const maxTagCharacters = 4000;

/** What a run has left in its folder, as it is to be recorded. */
export interface LeftByRun {
  readonly artifacts: readonly ({ readonly path: string } & StoredObject)[];
  /** From files in which a library keeps a run's settings. */
  readonly params: Readonly<Record<string, string>>;
  /** What was left out, and which are models. */
  readonly tags: Readonly<Record<string, string>>;
}

export const nothingLeft: LeftByRun = { artifacts: [], params: {}, tags: {} };

/** Stores the contents of the files that a run has made below its folder. Records nothing of the run. */
export async function keepArtifacts(options: {
  workingFolder: string;
  changed: NewFiles;
  objects: Objects;
  onUnreadable: (path: string, why: unknown) => void;
}): Promise<LeftByRun> {
  const { workingFolder, changed, objects, onUnreadable } = options;
  const { files, tooLarge, isCut } = changed;
  if (files.length + tooLarge.length === 0 && !isCut) return nothingLeft;
  const leftOut = [...tooLarge];
  // Files that vanished or may not be read, and a full disk, must not cost the run its record.
  const stored = await objects
    .putFiles(files.map(({ path }) => join(workingFolder, path)))
    .catch((error: unknown) => files.map(() => ({ problem: 'unreadable' as const, what: error })));
  const artifacts = (await Promise.all(files.map(({ path }, at) => artifactOf(path, stored[at])))).flat();
  const left = await leftParams(
    files.map((file) => file.path),
    workingFolder,
  );
  const models = files.map((file) => file.path).filter(isModelFile);
  const tags = {
    ...(left.files.length === 0
      ? {}
      : { 'benchtop.paramsFromLeftFiles': left.files.join(', ').slice(0, maxTagCharacters) }),
    ...(models.length === 0 ? {} : { 'benchtop.models': models.join('\n').slice(0, maxTagCharacters) }),
    ...(leftOut.length === 0
      ? {}
      : { 'benchtop.artifactsLeftOut': leftOut.join('\n').slice(0, maxTagCharacters) }),
    ...(isCut ? { 'benchtop.artifactsCut': 'too many files; only a part was looked at' } : {}),
  };
  return { artifacts, params: left.params, tags };

  async function artifactOf(
    path: string,
    result: (typeof stored)[number] | undefined,
  ): Promise<LeftByRun['artifacts']> {
    try {
      // One that is still written to is kept as it is now.
      const isWrittenTo = result !== undefined && 'problem' in result && result.problem === 'changed';
      const content = isWrittenTo ? await objects.putFile(join(workingFolder, path)) : result;
      if (content !== undefined && !('problem' in content)) return [{ path, ...content }];
      if (content !== undefined) leave(path, content.what);
    } catch (error) {
      leave(path, error);
    }
    return [];
  }

  function leave(path: string, why: unknown): void {
    onUnreadable(path, why);
    leftOut.push(path);
  }
}
