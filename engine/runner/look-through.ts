import type { Objects } from '../objects/index.ts';
import type { Companion } from './company.ts';
import { type MeasuredRun, readMeasures } from './files/index.ts';
import type { FolderLists } from './folder-lists.ts';
import { keepArtifacts, type LeftByRun } from './keep-artifacts.ts';
import { newFilesSince } from './new-files.ts';

/** What a run's last children write when it has ended is its own, too … */
const afterglowMs = 5000;
/** … unless another of its group goes on beside it, or has begun in its place. The end is told by another clock than files have. */
const clockSlackMs = 20;

/**
 * Reads what a run that is over has left in its folder: the measures in its files, where nobody followed them while it went on, and
 * what is to be kept of it. What was changed later is somebody else's: the engine may come to it long after the end.
 */
export async function lookThrough({
  run,
  endedAt,
  companion,
  lists,
  areMeasuresRead,
  objects,
  onUnreadable,
}: {
  readonly run: MeasuredRun;
  /** Milliseconds UTC, on the clock that files have. */
  readonly endedAt: number;
  /** The run among those of its group. */
  readonly companion: Companion;
  readonly lists: FolderLists;
  readonly areMeasuresRead: boolean;
  readonly objects: Objects;
  readonly onUnreadable: (path: string, why: unknown) => void;
}): Promise<LeftByRun> {
  const { workingFolder, startedAt } = run;
  const changed = await newFilesSince(workingFolder, startedAt, {
    // Asked for each file: another may begin while it is looked.
    untilMs: () => endedAt + (companion.isAlone() ? afterglowMs : clockSlackMs),
    ownIn: companion.notOfOthers,
    lists,
  });
  if (!areMeasuresRead) await readMeasures(run, changed);
  return keepArtifacts({ workingFolder, changed, objects, onUnreadable });
}
