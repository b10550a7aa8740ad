import { notifications } from '@mantine/notifications';

/** Puts text on the clipboard and says so; where the browser refuses, says that instead. */
export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notifications.show({ message: `Copied ${what}.`, autoClose: 1500, withCloseButton: false });
  } catch (error) {
    notifications.show({
      message: `The browser did not allow copying ${what}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
