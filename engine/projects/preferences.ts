import type { RoomHandlers } from '../../contract/index.ts';
import { prepared, type Store } from '../store/index.ts';

type Json = Parameters<RoomHandlers<'preferences'>['write']>[0]['value'];

export interface Preferences {
  readonly handlers: RoomHandlers<'preferences'>;
  /** All of a scope, by key. */
  read(scope: string): Readonly<Record<string, Json>>;
  /** Null removes it. */
  write(scope: string, key: string, value: Json): Promise<void>;
}

/** What a window remembers, and what was chosen for a project, by scope. */
export function createPreferences(store: Store): Preferences {
  /** By scope, until something is written there: asked at the start of every run. */
  const known = new Map<string, Readonly<Record<string, Json>>>();

  function read(scope: string): Readonly<Record<string, Json>> {
    const before = known.get(scope);
    if (before !== undefined) return before;
    const rows = store.now((db) =>
      prepared(db, 'SELECT key, value FROM preference WHERE scope = ?').all(scope),
    ) as { key: string; value: string }[];
    const read = Object.fromEntries(rows.map(({ key, value }) => [key, JSON.parse(value) as Json]));
    known.set(scope, read);
    return read;
  }

  async function write(scope: string, key: string, value: Json): Promise<void> {
    await store.write('preferences.write', (db) =>
      value === null
        ? db.prepare('DELETE FROM preference WHERE scope = ? AND key = ?').run(scope, key)
        : db
            .prepare(
              'INSERT INTO preference (scope, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
            )
            .run(scope, key, JSON.stringify(value)),
    );
    known.delete(scope);
  }

  return {
    read,
    write,
    handlers: {
      read: ({ scope }) => read(scope),
      async write({ scope, key, value }) {
        await write(scope, key, value);
        return {};
      },
    },
  };
}
