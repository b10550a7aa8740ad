import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { showUndo } from '../../app/show-undo.tsx';

const queryKey = ['runs'];

/** Puts runs into the bin at once, with the way back on screen. */
export async function binRuns(ids: readonly string[]): Promise<void> {
  const runIds = [...ids];
  try {
    await engine.tracking.deleteRuns({ runIds });
    await queryClient.invalidateQueries({ queryKey });
  } catch (error) {
    showProblem(error);
    return;
  }
  showUndo(`${runIds.length === 1 ? 'One run is' : `${runIds.length} runs are`} in the bin.`, queryKey, () =>
    engine.tracking.restoreRuns({ runIds }),
  );
}
