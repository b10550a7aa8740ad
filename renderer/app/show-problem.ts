import { notifications } from '@mantine/notifications';
import { errorShapeOf } from '../../contract/index.ts';

/** Tells of an action that failed, beside the page it was started from. Stays until it is closed. */
export function showProblem(error: unknown): void {
  const { what, evidence, next } = errorShapeOf(error);
  notifications.show({
    title: what,
    message: [evidence, next].filter((part) => part !== undefined).join(' '),
    color: 'red',
    autoClose: false,
    withCloseButton: true,
    closeButtonProps: { 'aria-label': 'Close' },
  });
}
