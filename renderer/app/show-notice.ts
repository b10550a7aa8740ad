import { native } from './engine.ts';

/** Whether notifications can be shown; asks the person where a browser wants that. To be called by an action of theirs. */
export async function mayNotify(): Promise<boolean> {
  if (native !== null) return true;
  return 'Notification' in window && (await Notification.requestPermission()) === 'granted';
}

/** Shows a notification of the system; a browser that was not allowed to shows none. @param tag one of the same tag takes its place */
export async function showNotice(
  { title, body }: { readonly title: string; readonly body: string },
  tag: string,
  onClick?: () => void,
): Promise<void> {
  if (native !== null) return native.notify(title, body);
  if (Notification.permission !== 'granted') return;
  const shown = new Notification(title, { body, tag });
  shown.addEventListener('click', () => {
    window.focus();
    onClick?.();
    shown.close();
  });
}
