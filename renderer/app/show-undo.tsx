import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { showProblem } from './show-problem.ts';
import styles from './show-undo.module.css';

/** Tells of something that was done at once, with the way back for ten seconds. */
export function showUndo(told: string, undo: () => Promise<void>): void {
  const id = notifications.show({
    message: (
      <span className={styles.line}>
        {told}{' '}
        <Button
          size="compact-xs"
          onClick={() => {
            notifications.hide(id);
            undo().catch(showProblem);
          }}
        >
          Undo
        </Button>
      </span>
    ),
    autoClose: 10_000,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
