import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { QueryKey } from '@tanstack/react-query';
import { queryClient } from './query-client.ts';
import { showProblem } from './show-problem.ts';
import styles from './show-undo.module.css';

/** Tells of something that was done at once, with the way back for ten seconds; what was read below `queryKey` is read anew after it. */
export function showUndo(told: string, queryKey: QueryKey, undo: () => Promise<unknown>): void {
  const goBack = async () => {
    notifications.hide(id);
    try {
      await undo();
      await queryClient.invalidateQueries({ queryKey });
    } catch (error) {
      showProblem(error);
    }
  };
  const id = notifications.show({
    message: (
      <span className={styles.line}>
        {told}{' '}
        <Button size="compact-xs" onClick={() => void goBack()}>
          Undo
        </Button>
      </span>
    ),
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
