import { createObjects } from '../engine/objects/index.ts';
import type { Store } from '../engine/store/index.ts';
import { createSync, type Sync } from '../engine/sync/index.ts';
import type { Tracking } from '../engine/tracking/index.ts';
import { withHome } from './with-home.ts';

/** Opens a home with an outbox of its own, and closes both after the work. */
export async function withSync(
  homePath: string,
  work: (handlers: Sync['handlers'], store: Store, tracking: Tracking) => Promise<void>,
): Promise<void> {
  await withHome(homePath, async (store, tracking, home) => {
    const objects = createObjects(home, store, Date.now);
    const sync = createSync({
      homePath: home.path,
      store,
      objects,
      records: {
        environmentOf: async () => null,
        cardOf: async () => '',
        sampleOf: async () => [],
        changes: (signal) => tracking.handlers.changes({}, { signal, after: undefined }),
        changeRegistry: (name, change) => store.write(name, change),
        causeOf: (reason) => ({ at: 0, who: '', via: 'benchtop', reason }),
      },
      now: Date.now,
      keychain: null,
      readMetered: async () => null,
      onUnexpected(error) {
        throw error;
      },
    });
    await work(sync.handlers, store, tracking);
    await sync.close();
    await objects.close();
  });
}
