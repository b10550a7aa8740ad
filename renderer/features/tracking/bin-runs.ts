import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import { showUndo } from '../../app/show-undo.tsx';

const readAnew = () => queryClient.invalidateQueries({ queryKey: ['runs'] });

/** Puts runs into the bin at once, with the way back on screen. */
export async function binRuns(runIds: readonly string[]): Promise<void> {
  try {
    await engine.tracking.deleteRuns({ runIds: [...runIds] });
    await readAnew();
  } catch (error) {
    showProblem(error);
    return;
  }
  showUndo(`${runIds.length === 1 ? 'One run is' : `${runIds.length} runs are`} in the bin.`, async () => {
    await engine.tracking.restoreRuns({ runIds: [...runIds] });
    await readAnew();
  });
}
