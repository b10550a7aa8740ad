import { renameSync } from 'node:fs';
import { isMissing } from '../is-missing.ts';
import { certainlyOver } from './certainly-over.ts';
import {
  blankRecord,
  holdsRecordsAlone,
  type Legacy,
  mayHavePrinted,
  recordPath,
  type RunFolder,
  type RunRecord,
} from './run-folder.ts';
import { runMark } from './run-mark.ts';

/**
 * What runs whose end is on disk have no more use for serves runs that come after them: of all that has to be done before a command
 * begins, making files takes the longest, 20 times as long as writing over one and giving it another name. Of a run that has printed
 * nothing it is the whole folder: no folder says as much of it as one with an empty log.
 */
export interface SpentRecords {
  /** A run has ended under supervision, and its end can be read. Its records are not needed any more once that is on disk. */
  add(run: EndedRun): void;
  /** To be called before something is written durably; what it returns, after that. */
  beforeDisk(): () => void;
  readonly legacy: Legacy;
}

export interface EndedRun {
  readonly runId: string;
  readonly folder: RunFolder;
  readonly start: Pick<RunRecord<'start'>, 'pid' | 'startTicks' | 'isMarked'>;
}

/** As many as begin one right after the other. */
const keptAtMost = 64;

export function createSpentRecords(): SpentRecords {
  let ended: EndedRun[] = [];
  let recorded: EndedRun[] = [];
  const folders: RunFolder[] = [];
  const withOutput: RunFolder[] = [];

  function keep(): void {
    const runs = recorded;
    recorded = [];
    const bare = runs.filter(({ folder, start }) => start.isMarked && holdsRecordsAlone(folder));
    // What a run has left running in the background may print yet, until it is over.
    const over = certainlyOver(bare.map(({ runId, start }) => ({ ...start, mark: runMark(runId) })));
    for (const run of runs) {
      const isSilent = bare.includes(run) && over.has(runMark(run.runId)) && !mayHavePrinted(run.folder);
      const kept = isSilent ? folders : withOutput;
      if (kept.length >= keptAtMost) continue;
      // Blank before they are another's: nobody may take one run's end for that of the next.
      for (const name of ['start', 'end'] as const) unlessErased(() => blankRecord(run.folder, name));
      kept.push(run.folder);
    }
  }

  return {
    add(run) {
      ended.push(run);
    },
    beforeDisk() {
      const before = ended;
      ended = [];
      return () => {
        // Those whose ends reach the disk together are told of one right after the other, and looked at together.
        if (recorded.length === 0) queueMicrotask(keep);
        recorded.push(...before);
      };
    },
    legacy: {
      folder(to) {
        for (let from = folders.at(-1); from !== undefined; from = folders.at(-1)) {
          try {
            renameSync(from.path, to.path);
            folders.pop();
            return true;
          } catch (error) {
            // One that has waited has a folder, with its request.
            if (isNotEmpty(error)) return false;
            if (!isMissing(error)) throw error;
            folders.pop();
          }
        }
        return false;
      },
      records(to) {
        const from = withOutput.pop();
        if (from === undefined) return;
        for (const name of ['start', 'end', 'spec'] as const)
          unlessErased(() => renameSync(recordPath(from, name), recordPath(to, name)));
      },
    },
  };
}

const isNotEmpty = (error: unknown) =>
  error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST');

/** False where what it is about was erased meanwhile. */
function unlessErased(work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
