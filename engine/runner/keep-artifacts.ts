import { join } from 'node:path';
import { isModelFile } from '../../contract/index.ts';
import type { Objects } from '../objects/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { leftParams } from './config-params.ts';
import type { NewFiles } from './new-files.ts';

const maxTagCharacters = 4000;

/**
 * Stores the files a run has made below its folder, and takes params from those in which a library keeps a run's settings.
 * Returns tags that say what was left out and which are models.
 */
export async function keepArtifacts(options: {
  runId: string;
  workingFolder: string;
  changed: NewFiles;
  recorder: Recorder;
  objects: Objects;
  onUnreadable: (path: string, why: unknown) => void;
}): Promise<Record<string, string>> {
  const { runId, workingFolder, changed, recorder, objects, onUnreadable } = options;
  const { files, tooLarge, isCut } = changed;
  const leftOut = [...tooLarge];
  // Files that vanished or may not be read, and a full disk, must not cost the run its record.
  const stored = await objects
    .putFiles(files.map(({ path }) => join(workingFolder, path)))
    .catch((error: unknown) => files.map(() => ({ problem: 'unreadable' as const, what: error })));
  await Promise.all(files.map(({ path }, at) => record(path, stored[at])));
  const left = await leftParams(
    files.map((file) => file.path),
    workingFolder,
  );
  if (left.files.length > 0) await recorder.logParams(runId, left.params);
  const models = files.map((file) => file.path).filter(isModelFile);
  return {
    ...(left.files.length === 0
      ? {}
      : { 'benchtop.paramsFromLeftFiles': left.files.join(', ').slice(0, maxTagCharacters) }),
    ...(models.length === 0 ? {} : { 'benchtop.models': models.join('\n').slice(0, maxTagCharacters) }),
    ...(leftOut.length === 0
      ? {}
      : { 'benchtop.artifactsLeftOut': leftOut.join('\n').slice(0, maxTagCharacters) }),
    ...(isCut ? { 'benchtop.artifactsCut': 'too many files; only a part was looked at' } : {}),
  };

  async function record(path: string, result: (typeof stored)[number] | undefined): Promise<void> {
    try {
      // One that is still written to is kept as it is now.
      const isWrittenTo = result !== undefined && 'problem' in result && result.problem === 'changed';
      const content = isWrittenTo ? await objects.putFile(join(workingFolder, path)) : result;
      if (content === undefined) return;
      if ('problem' in content) leave(path, content.what);
      else await recorder.addArtifact(runId, { path, ...content });
    } catch (error) {
      leave(path, error);
    }
  }

  function leave(path: string, why: unknown): void {
    onUnreadable(path, why);
    leftOut.push(path);
  }
}
