import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showProblem } from '../../app/show-problem.ts';
import styles from './runs-page.module.css';

/** Puts runs into the bin at once, with the way back on screen. */
export async function binRuns(runIds: readonly string[]): Promise<void> {
  try {
    await engine.tracking.deleteRuns({ runIds: [...runIds] });
    await queryClient.invalidateQueries({ queryKey: ['runs'] });
  } catch (error) {
    showProblem(error);
    return;
  }
  const undo = async () => {
    notifications.hide(id);
    try {
      await engine.tracking.restoreRuns({ runIds: [...runIds] });
      await queryClient.invalidateQueries({ queryKey: ['runs'] });
    } catch (error) {
      showProblem(error);
    }
  };
  const id = notifications.show({
    message: (
      <span className={styles.undo}>
        {runIds.length === 1 ? 'One run is' : `${runIds.length} runs are`} in the bin.{' '}
        <Button size="compact-xs" onClick={() => void undo()}>
          Undo
        </Button>
      </span>
    ),
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
