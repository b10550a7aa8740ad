import { migrations } from './migrations.ts';
import { holdHome, openStore, type Home, type Store } from './store/index.ts';

export interface OpenHome {
  readonly home: Home;
  readonly store: Store;
  /** Closes the store and lets go of the home, which stays on the disk. */
  close(): Promise<void>;
}

/**
 * For tests and measurements: holds a home and opens its store as the engine does, without the engine's rooms.
 * @param known an older program's migrations, for what a newer one makes of its store.
 */
export async function openHome(homePath: string, known: typeof migrations = migrations): Promise<OpenHome> {
  const home = holdHome(homePath);
  try {
    const store = await openStore({
      home,
      migrations: known,
      readerEntry: new URL('./reader.ts', import.meta.url),
      onSlow: () => undefined,
      onDamage: (evidence) => {
        throw new Error(`The store is damaged: ${evidence}`);
      },
      onUnexpected: (error) => {
        throw error;
      },
    });
    return {
      home,
      store,
      async close() {
        await store.close();
        home.release();
      },
    };
  } catch (error) {
    home.release();
    throw error;
  }
}
