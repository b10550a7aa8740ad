import { useSyncExternalStore } from 'react';

/** Device pixels per CSS pixel; renders again when the window moves to another screen or is zoomed. */
export function useDevicePixelRatio(): number {
  return useSyncExternalStore(watch, () => globalThis.devicePixelRatio || 1);
}

function watch(onChange: () => void): () => void {
  // A query matches one ratio only, so a new one is needed after every change.
  let query = matchMedia(`(resolution: ${globalThis.devicePixelRatio || 1}dppx)`);
  const changed = (): void => {
    query.removeEventListener('change', changed);
    query = matchMedia(`(resolution: ${globalThis.devicePixelRatio || 1}dppx)`);
    query.addEventListener('change', changed);
    onChange();
  };
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}
