import type { Run } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { placeRun } from '../../app/follow-changes.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';

type Change = Omit<Parameters<typeof engine.tracking.updateRun>[0], 'runId'>;

/** Changes a run where it is shown at once, and takes the change back when the engine refuses it. */
export function changeRun(run: Run, change: Change): void {
  const { setTags, removeTags = [], name, note, isStarred } = change;
  const tags = Object.fromEntries(
    Object.entries({ ...run.tags, ...setTags }).filter(([key]) => !removeTags.includes(key)),
  );
  placeRun(queryClient, {
    ...run,
    tags,
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    ...(isStarred === undefined ? {} : { isStarred }),
  });
  engine.tracking.updateRun({ runId: run.id, ...change }).then(
    (answer) => placeRun(queryClient, answer),
    (failure: unknown) => {
      placeRun(queryClient, run);
      showProblem(failure);
    },
  );
}
