import { renameSync } from 'node:fs';
import { isMissing } from '../is-missing.ts';
import { blankRecord, recordPath, type RunFolder } from './run-folder.ts';

/**
 * Records of runs whose end is on disk serve runs that come after them: of all that has to be done before a command begins, making
 * files takes the longest, 20 times as long as writing over one and giving it another name.
 */
export interface SpentRecords {
  /** A run has ended under supervision, and its end can be read. Its records are not needed any more once that is on disk. */
  add(folder: RunFolder): void;
  /** To be called before something is written durably; what it returns, after that. */
  beforeDisk(): () => void;
  /** Hands the files of an earlier run, where there are some, to one whose folder is there. */
  handOn(folder: RunFolder): void;
}

/** As many as begin one right after the other. */
const keptAtMost = 64;

export function createSpentRecords(): SpentRecords {
  let ended: RunFolder[] = [];
  const spent: RunFolder[] = [];
  return {
    add(folder) {
      ended.push(folder);
    },
    beforeDisk() {
      const recorded = ended;
      ended = [];
      return () => {
        spent.push(...recorded.slice(0, keptAtMost - spent.length));
      };
    },
    handOn(folder) {
      const from = spent.pop();
      if (from === undefined) return;
      for (const name of ['start', 'end', 'spec'] as const)
        try {
          // Blank before it is another's: nobody may take one run's end for that of the next.
          blankRecord(from, name);
          renameSync(recordPath(from, name), recordPath(folder, name));
        } catch (error) {
          if (!isMissing(error)) throw error; // erased meanwhile
        }
    },
  };
}
