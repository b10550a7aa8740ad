import { migrations } from '../engine/migrations.ts';
import { holdHome, openStore, type Home, type Store } from '../engine/store/index.ts';
import { createTracking, type Tracking } from '../engine/tracking/index.ts';

/** Opens the store and the tracking of a home as the engine does, in this process, and closes both after the work. */
export async function withHome<T>(
  path: string,
  work: (store: Store, tracking: Tracking, home: Home) => Promise<T>,
): Promise<T> {
  const home = holdHome(path);
  try {
    const store = await openStore({
      home,
      migrations,
      readerEntry: new URL('../engine/reader.ts', import.meta.url),
      onSlow: () => undefined,
      onDamage: (evidence) => console.error(`bench: the store is damaged: ${evidence}`),
    });
    try {
      return await work(store, createTracking(store, Date.now), home);
    } finally {
      await store.close();
    }
  } finally {
    home.release();
  }
}
