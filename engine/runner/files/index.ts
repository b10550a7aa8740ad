import { existsSync } from 'node:fs';
import type { Recorder } from '../../tracking/index.ts';
import type { NewFiles } from '../new-files.ts';
import type { RunFolder } from '../run-folder.ts';
import { followFiles } from './follow-files.ts';
import { formatOf } from './measure-files.ts';
import { followTold } from './told-file.ts';

export interface MeasuredRun {
  runId: string;
  folder: RunFolder;
  workingFolder: string;
  startedAt: number;
  recorder: Recorder;
  /** Aborted when the engine goes: a full disk is not waited for any more. */
  leaving: AbortSignal;
  onError: (error: unknown) => void;
}

/** Follows all files in which a running program leaves measures: its own logs, and what it tells through the helper. */
export function followMeasures(options: MeasuredRun): { stop: () => Promise<void> } {
  const all = [followTold(options), followFiles(options)];
  return {
    async stop() {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}

/** The same for a program that is over already and has written `changed`. */
export async function readMeasures(options: MeasuredRun, changed: NewFiles): Promise<void> {
  const paths = [...changed.files.map(({ path }) => path), ...changed.tooLarge];
  if (existsSync(options.folder.told)) await followTold(options).stop();
  if (changed.isCut || paths.some((path) => formatOf(path) !== null)) await followFiles(options).stop();
}
