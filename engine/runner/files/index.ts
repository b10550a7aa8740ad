import type { Recorder } from '../../tracking/index.ts';
import type { RunFolder } from '../run-folder.ts';
import { followFiles } from './follow-files.ts';
import { followTold } from './told-file.ts';

/** Follows all files in which a running program leaves measures: its own logs, and what it tells through the helper. */
export function followMeasures(options: {
  runId: string;
  folder: RunFolder;
  workingFolder: string;
  startedAt: number;
  recorder: Recorder;
  /** Aborted when the engine goes: a full disk is not waited for any more. */
  leaving: AbortSignal;
  onError: (error: unknown) => void;
}): { stop: () => Promise<void> } {
  const all = [followTold(options), followFiles(options)];
  return {
    async stop() {
      await Promise.all(all.map((one) => one.stop()));
    },
  };
}
