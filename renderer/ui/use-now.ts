import { useSyncExternalStore } from 'react';

/** One timer for all who show a running time, stopped while nobody looks. */
function createClock(everyMs: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    subscribe(listener: () => void) {
      if (listeners.size === 0) {
        now = Date.now();
        timer = setInterval(() => {
          if (document.hidden) return;
          now = Date.now();
          for (const each of listeners) each();
        }, everyMs);
      }
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) clearInterval(timer);
      };
    },
    read: () => (listeners.size === 0 ? (now = Math.floor(Date.now() / everyMs) * everyMs) : now),
  };
}

const seconds = createClock(1000);
const minutes = createClock(30_000);

/** The time now, renewed every second (`second`) or every half minute (`minute`). */
export function useNow(grain: 'second' | 'minute'): number {
  const clock = grain === 'second' ? seconds : minutes;
  return useSyncExternalStore(clock.subscribe, clock.read);
}
