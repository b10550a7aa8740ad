import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../store/index.ts';

/**
 * How often these objects were opened, told by the store and by a file beside the packs. A store that tells less is an earlier
 * copy of itself: there is more in the packs than it knows of, and nothing may be taken for left over.
 */
export interface Starts {
  isOlder(): boolean;
  /** The index has been made anew from the packs: the store knows all of them again. */
  caughtUp(): Promise<void>;
}

export function countStarts(store: Store, objectsPath: string): Starts {
  const path = join(objectsPath, 'starts');
  const told = existsSync(path) ? Number.parseInt(readFileSync(path, 'utf8'), 10) || 0 : 0;
  const known = store.now(
    (db) => (db.prepare('SELECT count FROM object_start').pluck().get() as number | undefined) ?? 0,
  );
  let isOlder = told > known;
  const note = async (count: number) => {
    await store.write('objects.start', (db) => db.prepare('UPDATE object_start SET count = ?').run(count));
    // Last: a crash in between leaves a store that knows more, never less.
    writeFileSync(path, `${count}\n`, { mode: 0o600 });
  };
  if (!isOlder && store.readOnlyReason === null) note(known + 1).catch(() => undefined); // of a full disk: then it is counted at the next start
  return {
    isOlder: () => isOlder,
    async caughtUp() {
      await note(told + 1);
      isOlder = false;
    },
  };
}
