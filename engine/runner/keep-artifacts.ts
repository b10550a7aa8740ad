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
  onUnreadable: (path: string, error: unknown) => void;
}): Promise<Record<string, string>> {
  const { runId, workingFolder, changed, recorder, objects, onUnreadable } = options;
  const { files, tooLarge, isCut } = changed;
  const leftOut = [...tooLarge];
  for (const { path } of files) {
    try {
      const stored = await objects.putFile(join(workingFolder, path));
      await recorder.addArtifact(runId, { path, ...stored });
    } catch (error) {
      // One file that vanished or may not be read must not cost the run its record.
      onUnreadable(path, error);
      leftOut.push(path);
    }
  }
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
}
