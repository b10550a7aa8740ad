import { openHome } from '../engine/fixture-home.ts';
import type { Home, Store } from '../engine/store/index.ts';
import { createTracking, type Tracking } from '../engine/tracking/index.ts';

/** Opens the store and the tracking of a home as the engine does, in this process, and closes both after the work. */
export async function withHome<T>(
  path: string,
  work: (store: Store, tracking: Tracking, home: Home) => Promise<T>,
): Promise<T> {
  const { home, store, close } = await openHome(path);
  try {
    return await work(store, createTracking(store, Date.now), home);
  } finally {
    await close();
  }
}
