import { join } from 'node:path';
import type { Objects } from '../objects/index.ts';
import type { Recorder } from '../tracking/index.ts';
import { isModelFile, newFilesSince } from './new-files.ts';

const maxTagCharacters = 4000;

/** Stores the files a run has made below its folder. Returns tags that say what was left out and which are models. */
export async function keepArtifacts(options: {
  runId: string;
  workingFolder: string;
  sinceMs: number;
  /** What was changed later is somebody else's: the engine may come to it long after the end. */
  untilMs: number;
  recorder: Recorder;
  objects: Objects;
  onUnreadable: (path: string, error: unknown) => void;
}): Promise<Record<string, string>> {
  const { runId, workingFolder, sinceMs, untilMs, recorder, objects, onUnreadable } = options;
  const { files, tooLarge, isCut } = await newFilesSince(workingFolder, sinceMs, untilMs);
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
  const models = files.map((file) => file.path).filter(isModelFile);
  return {
    ...(models.length === 0 ? {} : { 'benchtop.models': models.join('\n').slice(0, maxTagCharacters) }),
    ...(leftOut.length === 0
      ? {}
      : { 'benchtop.artifactsLeftOut': leftOut.join('\n').slice(0, maxTagCharacters) }),
    ...(isCut ? { 'benchtop.artifactsCut': 'too many files; only a part was looked at' } : {}),
  };
}
